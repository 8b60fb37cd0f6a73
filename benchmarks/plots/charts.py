"""One function for each plot: from the parts of `results.json` to a figure, or none."""

from collections.abc import Mapping
from typing import Any, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from benchmarks.plots.style import (
    FLOOR,
    GREY,
    LIMIT,
    OURS,
    PALE,
    PALE_FLOOR,
    legend_below,
    rows_figure,
)

Parts = Mapping[str, Mapping[str, Any]]

_WITH_FLOOR: Final = ("api", "embedded", "bot", "dispatch", "delivery")
_SHORT: Final = {"api": "API", "embedded": "up", "bot": "bot", "dispatch": "dispatch"}
_API_TARGET: Final = 60
_GROWTH_TARGET: Final = 1.2
_LIMITS: Final = {"api": 120, "scheduler": 120, "up": 280}
_LEAST_MS: Final = 0.05
_P99: Final[dict[str, Any]] = {
    "marker": "|",
    "linestyle": "",
    "markersize": 11,
    "markeredgewidth": 2.5,
}
_WIDEST: Final = 130
"""In per cent: what is more goes beyond the edge; its figure says how much."""


def throughput(parts: Parts) -> Any | None:
    """Our rate as a part of the floor's, with both rates."""
    found = [
        (_label(part, one), one)
        for part in _WITH_FLOOR
        for one in _comparisons(parts, part)
        if one.get("rate_share") is not None
    ]
    if not found:
        return None
    figure, axes = rows_figure(len(found), title="Throughput, as a share of the floor's")
    for place, (_, one) in enumerate(found):
        share = one["rate_share"] * 100
        axes.barh(place, 100, height=0.62, color=PALE_FLOOR)
        axes.barh(place, min(share, _WIDEST), height=0.62, color=OURS)
        rates = f"{share:.0f} %   {_rate(one['ours'])} of {_rate(one['floor'])}"
        is_long = share > 50  # noqa: PLR2004 - then there is room within
        axes.text(
            min(share, _WIDEST) - 1.5 if is_long else share + 1.5,
            place,
            rates,
            va="center",
            ha="right" if is_long else "left",
            color="white" if is_long else "black",
            fontsize=10.5,
            bbox={"facecolor": OURS if is_long else PALE_FLOOR, "linewidth": 0, "pad": 0.5},
        )
    api = sum(label.startswith("API") for label, _ in found)
    if api:
        axes.plot([_API_TARGET] * 2, [-0.5, api - 0.5], color=LIMIT, linestyle="--")
    axes.set_yticks(range(len(found)), [label for label, _ in found])
    shares = [one["rate_share"] * 100 for _, one in found]
    axes.set_xlim(0, min(max(100.0, *shares), _WIDEST))
    axes.set_xlabel("% of the floor; operations a second")
    legend_below(
        figure,
        [
            Patch(color=OURS, label="taskbot"),
            Patch(color=PALE_FLOOR, label="the floor"),
            Line2D([], [], color=LIMIT, linestyle="--", label="target of the API"),
        ],
    )
    return figure


def latency(parts: Parts) -> Any | None:
    """Medians and 99th percentiles of both sides, on a logarithmic scale."""
    found = [
        (_label(part, one), one)
        for part in _WITH_FLOOR
        for one in _comparisons(parts, part)
        if one.get("floor") is not None and one["ours"].get("p50_ms")
    ]
    if not found:
        return None
    figure, axes = rows_figure(len(found), title="Latency: median and 99th percentile", row=0.5)
    for place, (_, one) in enumerate(found):
        for side, colour, off in (("ours", OURS, -0.16), ("floor", FLOOR, 0.16)):
            p50, p99 = (max(one[side][name], _LEAST_MS) for name in ("p50_ms", "p99_ms"))
            axes.plot([p50, p99], [place + off] * 2, color=colour, linewidth=3, alpha=0.6)
            axes.plot(p50, place + off, "o", color=colour, markersize=7)
            axes.plot(p99, place + off, color=colour, **_P99)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_yticks(range(len(found)), [label for label, _ in found])
    axes.set_xlabel("ms, logarithmic")
    legend_below(
        figure,
        [
            Patch(color=OURS, label="taskbot"),
            Patch(color=FLOOR, label="the floor"),
            Line2D([], [], color=GREY, marker="o", linestyle="", markersize=7, label="median"),
            Line2D([], [], color=GREY, label="99th percentile", **_P99),
        ],
    )
    return figure


def growth(parts: Parts) -> Any | None:
    """How many times as long each operation takes at 1,000,000 tasks."""
    names = [name for name in ("growth", "growth-sqlite") if name in parts]
    if not names:
        return None
    rows = [one["name"] for one in _comparisons(parts, names[0])]
    figure, axes = rows_figure(
        len(rows),
        title="What operations cost at 1,000,000 tasks,\nas a multiple of 10,000",
        row=0.3,
    )
    handles = [Line2D([], [], color=LIMIT, linestyle="--", label=f"target: {_GROWTH_TARGET:g}")]
    highest = _GROWTH_TARGET
    for name, colour, marker in zip(names, (OURS, FLOOR), ("o", "D"), strict=False):
        ratios = [one["time_ratio"] for one in _comparisons(parts, name)]
        highest = max(highest, *ratios)
        axes.plot(ratios, range(len(ratios)), marker, color=colour, markersize=7)
        label = parts[name]["section"]["title"].rpartition(" ")[2]
        handles.append(Line2D([], [], color=colour, marker=marker, linestyle="", label=label))
    axes.axvline(1, color=GREY, linewidth=1)
    axes.axvline(_GROWTH_TARGET, color=LIMIT, linestyle="--")
    axes.set_yticks(range(len(rows)), rows, fontsize=10)
    axes.set_xlim(0, highest * 1.1)
    axes.set_xlabel("times")
    legend_below(figure, handles)
    return figure


def memory(parts: Parts) -> Any | None:
    """What each process occupies after its start, and after the load."""
    found = {
        figure["name"]: figure["value"]
        for part in parts.values()
        for figure in part["section"].get("figures", ())
        if figure["name"].startswith("memory of ")
    }
    rows = [
        (name, after_start, after_load)
        for name, start, load in _MEMORY
        if (after_start := found.get(f"memory of {start} after the start"))
        if (after_load := found.get(f"memory of {load}", 0.0)) is not None
    ]
    if not rows:
        return None
    figure, axes = rows_figure(len(rows), title="Memory by process (PSS)", row=0.55)
    for place, (name, after_start, after_load) in enumerate(rows):
        for value, colour, off in ((after_start, PALE, -0.19), (after_load, OURS, 0.19)):
            if value:
                axes.barh(place + off, value, height=0.34, color=colour)
                axes.text(value + 3, place + off, f"{value:.0f}", va="center", fontsize=10.5)
        if (limit := _LIMITS.get(name.split(",")[0])) is not None:
            axes.plot([limit] * 2, [place - 0.42, place + 0.42], color=LIMIT, linewidth=2)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.set_xlabel("MiB")
    axes.margins(x=0.12)
    legend_below(
        figure,
        [
            Patch(color=PALE, label="after the start"),
            Patch(color=OURS, label="after the load"),
            Line2D([], [], color=LIMIT, linewidth=2, label="target"),
        ],
    )
    return figure


_MEMORY: Final = (
    ("api", "`taskbot api`", "`api` after the load"),
    ("scheduler", "`taskbot scheduler`", "`scheduler` after the load"),
    ("worker", "`taskbot worker`", "`worker` after the load"),
    ("bot", "`taskbot bot`", "`bot` after the load"),
    ("up", "`taskbot up`", "`taskbot up` after all of it"),
    ("up, simulator", "`taskbot up` with the simulator", ""),
    ("bare API", "a bare API", ""),
    ("bare bot", "a bare bot", ""),
)


def _comparisons(parts: Parts, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        parts[name]["section"].get("comparisons", []) if name in parts else []
    )
    return found


def _label(part: str, one: Mapping[str, Any]) -> str:
    name = {
        "PostgreSQL and Redis": "PostgreSQL,\nRedis",
        "send a reminder, without limits": "send a\nreminder",
        "process, plain text": "process",
        "updates, plain text": "updates",
    }.get(one["name"], one["name"])
    short = _SHORT.get(part)
    return name if short is None else f"{short}: {name}"


def _rate(side: Mapping[str, Any]) -> str:
    return f"{side['rate']:,.0f}"
