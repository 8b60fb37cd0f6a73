"""`python -m benchmarks.plots FOLDER` draws what stands in FOLDER/results.json."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.plots import charts
from benchmarks.plots.style import save

CHARTS: Final[dict[str, Callable[[charts.Parts], Any | None]]] = {
    "throughput": charts.throughput,
    "latency": charts.latency,
    "growth": charts.growth,
    "memory": charts.memory,
}


def main(folder: Path) -> None:
    parts = json.loads((folder / "results.json").read_text())["parts"]
    for name, draw in CHARTS.items():
        figure = draw(parts)
        if figure is not None:
            save(figure, folder / f"{name}.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
