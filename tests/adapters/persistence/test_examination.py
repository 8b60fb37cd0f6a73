"""The database, for the doctor: looked at without making or changing anything."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support import postgres
from support.ports import a_free_port
from support.postgres import fresh_database
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import SqlSignsOfLife, create_database, migrate
from taskbot.adapters.persistence.examination import DatabaseExamination, create_onlooker
from taskbot.adapters.persistence.migrate import HEAD
from taskbot.application.doctor import ProblemKind, Seen, Skipped
from taskbot.application.ports import Part, Process, SignOfLife, StorageUnavailable

pytestmark = pytest.mark.anyio


@contextlib.asynccontextmanager
async def looking_at(url: str) -> AsyncIterator[DatabaseExamination]:
    database = create_onlooker(url)
    try:
        yield DatabaseExamination(database=database, url=url, name="tasks")
    finally:
        await database.dispose()


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of an empty database."""
    if request.param == "sqlite":
        (tmp_path / "tasks #1.sqlite3").touch()
        yield f"sqlite:///{tmp_path}/tasks #1.sqlite3"
        return
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    with fresh_database() as address:
        yield address


def kinds(seen: Seen) -> list[ProblemKind]:
    return [one.kind for one in seen.problems]


async def test_one_that_answers_is_told_with_its_kind_and_version(url: str) -> None:
    async with looking_at(url) as examination:
        seen = await examination.look()

    assert kinds(seen) == []
    assert url.startswith(str(seen.facts["kind"]))
    assert str(seen.facts["version"])[0].isdigit()


@pytest.mark.parametrize(
    ("revision", "kind", "is_grave"),
    [
        (None, ProblemKind.NO_SCHEMA, True),
        ("0017", ProblemKind.SCHEMA_BEHIND, True),
        (HEAD, None, None),
    ],
)
async def test_the_schema_is_compared_with_what_this_release_needs(
    url: str, revision: str | None, kind: ProblemKind | None, *, is_grave: bool | None
) -> None:
    if revision is not None:
        migrate(url, revision)

    async with looking_at(url) as examination:
        seen = await examination.schema()

    assert [(one.kind, one.is_grave, one.remedy) for one in seen.problems] == (
        [(kind, is_grave, "taskbot migrate")] if kind else []
    )
    assert seen.facts == {"found": revision, "needed": HEAD}


async def test_a_newer_schema_is_a_warning(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(url)
    monkeypatch.setattr("taskbot.adapters.persistence.examination.HEAD", "0001")

    async with looking_at(url) as examination:
        seen = await examination.schema()

    assert [(one.kind, one.is_grave) for one in seen.problems] == [
        (ProblemKind.SCHEMA_AHEAD, False)
    ]


async def test_a_server_has_a_clock_and_a_file_has_none(url: str) -> None:
    async with looking_at(url) as examination:
        told = await examination.clock()

    if url.startswith("sqlite"):
        assert told is None
    else:
        assert told is not None
        assert abs(told.at - datetime.now(UTC)) < timedelta(seconds=10)


async def test_a_file_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    async with looking_at(f"sqlite:///{tmp_path}/data/tasks.sqlite3") as examination:
        seen = await examination.look()
        with pytest.raises(Skipped):
            await examination.schema()

    (problem,) = seen.problems
    assert (problem.kind, problem.remedy) == (ProblemKind.NO_DATABASE, "taskbot migrate")
    assert files(tmp_path) == {}


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "tasks.sqlite3").write_bytes(b"anything but a database" * 100)

    async with looking_at(f"sqlite:///{tmp_path}/tasks.sqlite3") as examination:
        assert kinds(await examination.look()) == [ProblemKind.DATABASE_AWAY]


async def test_looking_changes_no_file_and_leaves_none_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tasks.sqlite3"
    migrate(url)
    before = files(tmp_path)

    async with looking_at(url) as examination:
        await examination.look()
        await examination.schema()

    assert files(tmp_path) == before
    assert len(before) == 1


async def test_what_others_write_meanwhile_is_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/tasks.sqlite3"
    migrate(url)
    at_work, clock = create_database(url), SystemClock()
    process = Process(name="host:1", part=Part.ALL, release="1", started_at=clock.now())
    await SqlSignsOfLife(at_work, clock).give(SignOfLife(process, clock.now()))
    try:
        async with looking_at(url) as examination:
            signs = await SqlSignsOfLife(examination.database, clock).last_of_all()
            with pytest.raises(StorageUnavailable):
                await SqlSignsOfLife(examination.database, clock).end("host:1")
    finally:
        await at_work.dispose()

    assert [one.process for one in signs] == [process]


async def test_a_server_that_is_away_is_told_without_the_password() -> None:
    url = f"postgresql://taskbot:canary@127.0.0.1:{a_free_port()}/tasks"

    async with looking_at(url) as examination:
        seen = await examination.look()
        with pytest.raises(Skipped):
            await examination.schema()

    (problem,) = seen.problems
    assert problem.kind is ProblemKind.DATABASE_AWAY
    assert "refused" in problem.values["reason"]
    assert "canary" not in str(seen)
