"""The logs of all processes that a test has started, as an operator searches them."""

import json
from pathlib import Path
from typing import Any


def lines_with(trace_id: str, folder: Path) -> list[dict[str, Any]]:
    """All lines in *folder* that came of *trace_id*, in whatever process; as `grep` finds them."""
    return [
        json.loads(line)
        for log in folder.rglob("taskbot-*.log")
        for line in log.read_text().splitlines()
        if f'"{trace_id}"' in line
    ]
