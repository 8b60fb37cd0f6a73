"""How all plots look: readable on a phone, in colours that everybody can tell apart."""

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import pyplot as plt

# Okabe and Ito's; they differ in lightness as well.
OURS: Final = "#0072B2"
FLOOR: Final = "#E69F00"
LIMIT: Final = "#B23A00"
PALE: Final = "#8FC4E8"
PALE_FLOOR: Final = "#F6D9A0"
GREY: Final = "#5F5F5F"
INCHES: Final = 5.4
"""Wide: about what a phone shows without shrinking it much."""
ROW: Final = 0.42
_FRAME: Final = 1.5

mpl.use("svg")
mpl.rcParams.update(
    {
        "svg.hashsalt": "taskbot",
        "svg.fonttype": "path",
        "font.family": "DejaVu Sans",
        "font.size": 11.5,
        "axes.titlesize": 12.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.grid.axis": "x",
        "grid.color": "#DDDDDD",
        "figure.facecolor": "white",
        "legend.frameon": False,
        "legend.fontsize": 11,
    }
)


def rows_figure(rows: int, *, title: str, row: float = ROW) -> tuple[Any, Any]:
    """A figure that is as high as its *rows* need, the first on top; and its axes."""
    figure, axes = plt.subplots(figsize=(INCHES, rows * row + _FRAME), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=12.5, fontweight="bold")
    axes.set_ylim(rows - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return figure, axes


def legend_below(figure: Any, handles: list[Any]) -> None:
    figure.legend(handles=handles, loc="outside lower left", ncols=2)


def save(figure: Any, file: Path) -> None:
    figure.savefig(file, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    # Lines that end in spaces would differ once an editor has seen them.
    file.write_text("\n".join(line.rstrip() for line in file.read_text().splitlines()) + "\n")
