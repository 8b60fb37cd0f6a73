"""The README's example is run, not only read."""

import re
import subprocess
import sys
from pathlib import Path

import click

from taskbot.entrypoints.cli import main

README = Path(__file__).parents[3] / "README.md"


def test_the_example_of_library_use_runs_as_it_stands() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)

    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (run.stdout, run.stderr) == ("Water the plants completed\n", "")


def test_every_file_that_the_readme_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^):#]+)\)", README.read_text()):
        assert (README.parent / target).exists(), target


def _commands(group: click.Group, *before: str) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found.append((*before, name))
        if isinstance(command, click.Group):
            found += _commands(command, *before, name)
    return found


def test_every_command_stands_in_the_table_of_commands() -> None:
    table = [line for line in README.read_text().splitlines() if line.startswith("| `taskbot ")]

    missing = [
        " ".join(command)
        for command in _commands(main)
        if not any(f"taskbot {command[0]}" in row and command[-1] in row for row in table)
    ]

    assert missing == []
