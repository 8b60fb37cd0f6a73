"""What the update log asks of the database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from support.asked import Statement, noting
from support.backends import migrated_sqlite
from support.builders import NOW
from taskbot.adapters.persistence import Database, SqlUpdateLog, create_database
from taskbot.adapters.persistence.together import Together
from taskbot.application.ports import StorageUnavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
def asked() -> list[Statement]:
    return []


@pytest.fixture
async def database(tmp_path: Path, asked: list[Statement]) -> AsyncIterator[Database]:
    database = create_database(migrated_sqlite(tmp_path))
    yield noting(database, asked)
    await database.dispose()


async def test_what_is_finished_at_the_same_time_is_noted_by_one_statement(
    database: Database, asked: list[Statement]
) -> None:
    log = SqlUpdateLog(database)

    await asyncio.gather(*(log.finish(update, now=NOW) for update in (9, *range(1, 17), 9)))

    assert len(asked) == 2  # sixteen, and what was one more than go together
    assert all([await log.is_finished(update) for update in (*range(1, 17), 9)])


async def test_who_comes_meanwhile_shares_the_next_write() -> None:
    written: list[Sequence[int]] = []
    goes_on = asyncio.Event()

    async def write_all(some: Sequence[int]) -> None:
        written.append(some)
        await goes_on.wait()

    together = Together(write_all)
    first = asyncio.create_task(together.write(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.write(number)) for number in (2, 3)]
    await asyncio.sleep(0)
    others[0].cancel()  # which is written all the same

    goes_on.set()
    await asyncio.gather(first, *others, return_exceptions=True)

    assert written == [[1], [2, 3]]


async def test_what_goes_wrong_is_told_to_all_whom_it_was_for_and_to_nobody_else() -> None:
    async def write_all(some: Sequence[int]) -> None:
        if 1 in some:
            raise StorageUnavailable("away")

    together = Together(write_all)
    told = await asyncio.gather(
        *(together.write(number) for number in (1, 2)), return_exceptions=True
    )
    await together.write(3)

    assert [type(one) for one in told] == [StorageUnavailable] * 2
