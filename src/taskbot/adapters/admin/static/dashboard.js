// The plots of the overview, and the overview anew every half a minute.
(() => {
  const nonce = document.currentScript.nonce;
  const drawn = new Map();

  // What may stand on an axis of lengths of time, with the unit in which it reads best.
  const length = (seconds, units) => {
    const round = (value) => value.toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 2 });
    if (seconds < 100) return `${round(seconds)} ${units.second}`;
    if (seconds < 6000) return `${round(seconds / 60)} ${units.minute}`;
    if (seconds < 172800) return `${round(seconds / 3600)} ${units.hour}`;
    return `${round(seconds / 86400)} ${units.day}`;
  };

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--tblr-${name}`).trim();
    return { bars: [of("azure")], missed: [of("red"), of("orange")], lines: [of("green"), of("azure"), of("red")] };
  };

  // Told apart without colours, too: by hatching, by dashes, by the shapes of the points.
  const options = (plot) => {
    const isBars = plot.kind === "bars";
    const hatched = plot.series.length > 1;
    const palette = colours();
    return {
      chart: {
        type: isBars ? "bar" : "line",
        height: 260,
        stacked: isBars,
        animations: { enabled: false },
        toolbar: { show: false },
        zoom: { enabled: false },
        background: "transparent",
        fontFamily: "inherit",
        nonce,
      },
      theme: { mode: document.documentElement.dataset.bsTheme },
      colors: isBars ? (hatched ? palette.missed : palette.bars) : palette.lines,
      dataLabels: { enabled: false },
      plotOptions: { bar: { columnWidth: "70%" } },
      fill: isBars && hatched
        ? { type: "pattern", pattern: { style: ["slantedLines", "squares"], width: 5, height: 5, strokeWidth: 3 } }
        : { opacity: 1 },
      stroke: isBars ? { width: 0 } : { width: 2, dashArray: [0, 6, 2] },
      markers: isBars ? {} : { size: 4, shape: ["circle", "square", "triangle"] },
      legend: { show: plot.series.length > 1, position: "top", horizontalAlign: "left" },
      xaxis: {
        categories: plot.hours,
        tickPlacement: "on",
        labels: { rotate: 0, hideOverlappingLabels: true, trim: false },
        tooltip: { enabled: false },
      },
      yaxis: isBars
        ? { min: 0, forceNiceScale: true, labels: { formatter: (value) => Number.isInteger(value) ? value.toLocaleString(document.documentElement.lang) : "" } }
        : { logarithmic: true, labels: { formatter: (value) => length(value, plot.units) } },
      tooltip: {
        shared: true,
        intersect: false,
        y: { formatter: (value, { seriesIndex, dataPointIndex }) => plot.series[seriesIndex].texts[dataPointIndex] ?? "" },
      },
      // By powers of ten there is no nought: a hundredth of a second is as good.
      series: plot.series.map(({ name, data }) => ({
        name,
        data: isBars ? data : data.map((value) => (value === null ? null : Math.max(value, 0.01))),
      })),
    };
  };

  const draw = (place) => {
    if (place.hidden) return;
    const chosen = options(JSON.parse(place.dataset.plot));
    const chart = drawn.get(place);
    if (chart) {
      chart.updateOptions(chosen, false, false);
    } else {
      const made = new ApexCharts(place, chosen);
      drawn.set(place, made);
      made.render();
    }
  };
  const plots = () => document.querySelectorAll("[data-plot]");

  // Takes over what has changed, and leaves alone what is being read or is in focus.
  const takeOver = (fresh) => {
    for (const place of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(place.id);
      if (!other || other.innerHTML === place.innerHTML) continue;
      const selection = document.getSelection();
      if (!selection.isCollapsed && selection.containsNode(place, true)) continue;
      const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      place.replaceChildren(...other.childNodes);
      if (focused) place.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
    for (const place of plots()) {
      const other = fresh.getElementById(place.id);
      if (!other || (other.dataset.plot === place.dataset.plot && other.hidden === place.hidden)) continue;
      place.dataset.plot = other.dataset.plot;
      place.hidden = other.hidden;
      draw(place);
    }
  };

  const notice = document.getElementById("not-renewed");
  const renew = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(window.location.href, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Somebody has signed out meanwhile: the page that asks them to sign in is the one to see.
      if (!fresh.getElementById("dashboard")) return window.location.reload();
      takeOver(fresh);
      notice.hidden = true;
    } catch {
      notice.hidden = false;
    }
  };

  plots().forEach(draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots().forEach(draw));
  document.addEventListener("visibilitychange", renew);
  setInterval(renew, 1000 * document.getElementById("dashboard").dataset.renewedEvery);
})();
