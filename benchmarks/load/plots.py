"""Draw docs/performance/load.svg from load.json; needs matplotlib, which taskbot itself does not.

python benchmarks/load/plots.py docs/performance/load.json docs/performance/load.svg
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "taskbot"  # the same figures make the same file

import matplotlib.pyplot as plt  # noqa: E402 - it looks at what was said above

_COLOURS = {"api": "#1f77b4", "bot": "#ff7f0e", "scheduler": "#2ca02c", "worker": "#d62728"}


def draw(figures: dict[str, Any], into: Path) -> None:
    windows = [one for one in figures["windows"] if one["resident_mib"]]
    minutes = [(one["from"] + one["to"]) / 120 for one in windows]
    figure, (above, middle, below) = plt.subplots(3, 1, figsize=(9, 9), sharex=True)

    lines = (
        ("API", "#1f77b4", [one["api"]["seconds"]["p99"] for one in windows]),
        ("bot", "#ff7f0e", [one["bot"]["seconds"]["p99"] for one in windows]),
        ("reminders, after their moment", "#d62728", [one["reminders"]["p99"] for one in windows]),
    )
    for name, colour, values in lines:
        seconds = [float("nan") if value is None else value for value in values]
        above.plot(minutes, seconds, label=name, color=colour)
    above.set_yscale("log")
    above.set_ylabel("p99, seconds")

    refused = [one["api"]["shed"] + one["api"]["limited"] for one in windows]
    per_second = [
        number / (one["to"] - one["from"]) for number, one in zip(refused, windows, strict=True)
    ]
    offered = [one["api"]["offered_per_second"] for one in windows]
    middle.step(minutes, offered, where="mid", label="asked of the API", color="#1f77b4")
    middle.step(minutes, per_second, where="mid", label="refused (503, 429)", color="#7f7f7f")
    middle.set_ylabel("requests a second")

    for name in figures["memory"]:
        below.plot(
            minutes,
            [one["resident_mib"][name] for one in windows],
            label=name,
            color=_COLOURS.get(name),
        )
    below.set_ylim(bottom=0)
    below.set_ylabel("resident, MiB")
    below.set_xlabel("minutes")

    for axes in (above, middle, below):
        for one in windows:
            if one["phase"] == "overload":
                axes.axvspan(one["from"] / 60, one["to"] / 60, color="#dddddd", zorder=0)
        axes.grid(alpha=0.3)
        axes.legend(loc="center left", fontsize="small")
    figure.tight_layout()
    figure.savefig(into, metadata={"Date": None})


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
