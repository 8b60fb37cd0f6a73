"""What docs/reference says of the code is what the code says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from taskbot.entrypoints.cli import main
from taskbot.entrypoints.reference import PAGES
from taskbot.entrypoints.reference.__main__ import write
from taskbot.entrypoints.reference.operations import operations
from taskbot.entrypoints.reference.settings import settings
from taskbot.entrypoints.settings import settings_help

FOLDER: Final = Path(__file__).parents[3] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text() == PAGES[name](), "run: make reference"


def test_all_of_them_are_written_at_once(tmp_path: Path) -> None:
    write(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == set(PAGES)


def test_every_setting_stands_there_with_its_meaning() -> None:
    page = settings()

    for line in settings_help().splitlines():
        name, _, meaning = line.partition(": ")
        assert f"| `{name.split()[0]}` |" in page
        assert meaning in page


def _all_commands(group: click.Group, *before: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _all_commands(command, *before, name)
        else:
            yield " ".join((*before, name)), command


def test_every_command_stands_there_with_all_its_options() -> None:
    page = PAGES["cli.md"]()

    for name, command in _all_commands(main, "taskbot"):
        own = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert f"`{parameter.opts[0]}" in own


def test_operations_say_who_may() -> None:
    page = operations()

    assert "| `POST /api/v1/tasks` | Write down a task | `tasks:write` | 201, " in page
    assert "| `GET /api/v1/health/live` | Is the process alive? | everybody |" in page
    assert "`task-already-completed`" in page
    assert "`password-too-short`" not in page
