"""The table of `docs/reference/reliability.md`: each fault, what is required, what was seen."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import frozen

from support.promises import Verdict

IS_WHOLE: Final = os.environ.get("TASKBOT_TEST_FAULTS") == "whole"
"""Whether the whole matrix is to run, and to be written down; else a quick form of it."""
_PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "reliability.md"
_ROWS: Final = Path(__file__).parents[2] / ".faults.jsonl"


@frozen
class Row:
    fault: str
    required: str
    seen: str


def note(fault: str, required: str, seen: str) -> None:
    """Put a line into the table, if it is to be written."""
    if IS_WHOLE:
        with _ROWS.open("a") as rows:
            rows.write(json.dumps([fault, required, seen]) + "\n")


def said(verdict: Verdict, promises: int) -> str:
    """What every line tells: how many promises, and what was wrong with them."""
    copies = sum(number - 1 for number in verdict.duplicated.values())
    return (
        f"{promises:,} reminders: lost {len(verdict.lost)}, extra copies {copies}, "
        f"early {len(verdict.early)}, forbidden {len(verdict.forbidden)}"
    )


def begin_page() -> None:
    _ROWS.unlink(missing_ok=True)


def write_page() -> None:
    if not _ROWS.exists():
        return
    rows = [Row(*json.loads(line)) for line in _ROWS.read_text().splitlines()]
    table = "\n".join(f"| {row.fault} | {row.required} | {row.seen} |" for row in rows)
    _PAGE.write_text(
        _TEXT.format(
            day=f"{datetime.now(UTC):%Y-%m-%d}",
            cores=os.cpu_count(),
            python=platform.python_version(),
            table=table,
        )
    )
    _ROWS.unlink()


_TEXT: Final = """# Reliability

What taskbot promises: a reminder is delivered once, on time; after any crash or outage it is
delivered late rather than never; a copy is possible only where a process dies between Telegram's
acceptance and the record of it.

`make test-faults` tries it: real PostgreSQL, real Redis, processes of their own, a strict
simulator in Telegram's place. Afterwards a checker compares what was promised with what arrived:
**lost** (never arrived), **extra copies**, **early**, and **forbidden** (sent after the task was
done or deleted, or to somebody who had blocked the bot). A quick form of the same tests is part
of `make test`.

The figures of the last whole run, {day}, {cores} cores, Python {python}:

| fault | required | seen |
| --- | --- | --- |
{table}

Besides, `tests/stateful` plays with the engine by a virtual clock: people create, edit, snooze,
complete; time passes; processes die at any of their steps, queues forget, Telegram refuses. What
must be true all the time is the promise itself.
"""
