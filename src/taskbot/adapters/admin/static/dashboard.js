// The plots of the overview, and the overview anew every half a minute.
(() => {
  const nonce = document.currentScript.nonce;
  const drawn = new Map();

  // What stands on an axis of lengths of time, in the unit in which it reads best.
  const length = (seconds, units) => {
    const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60]].find(([, size]) => seconds >= size) ?? ["second", 1];
    const number = (seconds / size).toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 2 });
    return `${number} ${units[unit]}`;
  };

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--tblr-${name}`).trim();
    return {
      bars: [of("azure")],
      missed: [of("red"), of("orange")],
      lines: [of("green"), of("azure"), of("red")],
      grid: of("border-color"),
    };
  };

  // Seconds, minutes, hours: each sixty times the one before, so that the axis names them.
  const BASE = 60;
  const LEAST = 1 / BASE;
  const scaleOf = (plot) => {
    const known = plot.series.flatMap(({ data }) => data).filter((value) => value !== null);
    const most = Math.max(1, ...known);
    return { logarithmic: true, logBase: BASE, min: LEAST, max: BASE ** Math.ceil(Math.log(most) / Math.log(BASE)) };
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
      markers: isBars ? {} : { size: 4, strokeWidth: 0, shape: ["circle", "square", "triangle"] },
      grid: { borderColor: palette.grid },
      legend: { show: plot.series.length > 1, position: "top", horizontalAlign: "left" },
      xaxis: {
        categories: plot.hours,
        tickPlacement: "on",
        labels: { rotate: 0, hideOverlappingLabels: true, trim: false },
        tooltip: { enabled: false },
      },
      yaxis: isBars
        ? { min: 0, forceNiceScale: true, labels: { formatter: (value) => Number.isInteger(value) ? value.toLocaleString(document.documentElement.lang) : "" } }
        : { ...scaleOf(plot), labels: { formatter: (value) => length(value, plot.units) } },
      tooltip: {
        shared: true,
        intersect: false,
        y: { formatter: (value, { seriesIndex, dataPointIndex }) => plot.series[seriesIndex].texts[dataPointIndex] ?? "" },
      },
      // Such an axis has no nought: a sixtieth of a second is as good.
      series: plot.series.map(({ name, data }) => ({
        name,
        data: isBars ? data : data.map((value) => (value === null ? null : Math.max(value, LEAST))),
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
      place.parentElement.querySelector("details").hidden = other.hidden;
      draw(place);
    }
  };

  const notice = document.getElementById("not-renewed");
  const renew = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(`${window.location.pathname}?alone`, { cache: "no-store" });
      // Somebody has signed out meanwhile: the page that asks them to sign in is the one to see.
      if (answer.redirected) return window.location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
      takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
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
