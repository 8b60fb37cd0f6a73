"""The restore drill of docs/how-to/backup.md, line by line as it stands there."""

import contextlib
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from support.backends import require
from support.postgres import fresh_migrated_database
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import SqlQueries, SqlTransactions, create_database, migrate
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.entrypoints.library import Library

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PAGE: Final = Path(__file__).parents[2] / "docs" / "how-to" / "backup.md"
DUE: Final = datetime(2100, 5, 1, 18, tzinfo=UTC)
"""Far ahead: its reminders are planned, an hour before and then."""


def drill() -> str:
    (lines,) = re.findall(r"## The drill.*?```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(lines)


@contextlib.contextmanager
def a_database(backend: str, folder: Path) -> Iterator[str]:
    if backend == "postgresql":
        with fresh_migrated_database() as url:
            yield url
    else:
        yield f"sqlite:///{folder / f'{backend}.sqlite3'}"


@contextlib.asynccontextmanager
async def the_core(url: str) -> AsyncIterator[Library]:
    database = create_database(url)
    try:
        yield Library.over(
            SqlTransactions(database), SqlQueries(database), clock=SystemClock(), timezone="UTC"
        )
    finally:
        await database.dispose()


def run(lines: str, folder: Path, *, said_where: dict[str, str], copy: str) -> str:
    """Do what the page says in *folder*; give what was seen. *said_where* the original is."""
    command = folder / "bin" / "taskbot"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m taskbot "$@"\n')
    command.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "-eu", "-c", lines],
        cwd=folder,
        env={
            "PATH": f"{command.parent}:/usr/bin:/bin",
            "PYTHONPATH": ":".join(sys.path),
            "TASKBOT_DATA_DIR": str(folder / "data"),
            "DRILL_DATABASE_URL": copy,
            **said_where,
        },
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(("backend", "other"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
async def test_a_backup_is_restored_elsewhere_and_all_reminders_are_still_planned(
    backend: str, other: str, tmp_path: Path
) -> None:
    require("postgresql")
    with a_database(backend, tmp_path) as original, a_database(other, tmp_path) as copy:
        migrate(original)
        async with the_core(original) as core:
            anna = await core.users.find_or_register(101)
            for number in range(30):
                deadline = TimedDeadline(DUE + timedelta(days=number), "Europe/Moscow")
                task = CreateTask(actor=anna.id, title=f"Задача {number}", deadline=deadline)
                await core.tasks.create(task)

        if backend == "postgresql":  # as systemd and Compose hand it over
            (tmp_path / "database_url").write_text(original)
            said_where = {"TASKBOT_DATABASE_URL_FILE": str(tmp_path / "database_url")}
        else:
            said_where = {"TASKBOT_DATABASE_URL": original}
        seen = run(drill(), tmp_path, said_where=said_where, copy=copy)

        async with the_core(copy) as core:
            assert await core.queries.next_available_at() == DUE - timedelta(hours=1)
            again = await core.users.find_or_register(101)
            exported = await core.exports.everything(actor=again.id)
            cards = [card async for page in exported.pages for card in page]
        assert again == anna
        assert "The copy has what the original has." in seen
        assert {card.task.title for card in cards} == {f"Задача {n}" for n in range(30)}
        assert sum(len(card.reminders) for card in cards) == 60
