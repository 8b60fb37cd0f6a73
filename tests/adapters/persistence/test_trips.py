"""How often a reminder's life asks the database: each trip costs more than what it is for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from support.asked import Statement, noting
from support.backends import Storage, migrated_sqlite, require
from support.builders import NOW, a_reminder_of, a_task, a_user
from support.core import Core, a_core
from support.postgres import emptied_database
from support.simulator import eventually
from taskbot.adapters.persistence import Database, create_database
from taskbot.application.ports import Claim
from taskbot.domain.reminder import Reminder, ReminderState

pytestmark = pytest.mark.anyio


@pytest.fixture
def asked() -> list[Statement]:
    return []


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, tmp_path: Path, asked: list[Statement]
) -> AsyncIterator[Database]:
    require(request.param)
    is_server = request.param == "postgresql"
    url = emptied_database() if is_server else migrated_sqlite(tmp_path)
    database = noting(create_database(url), asked)
    yield database
    await database.dispose()


@pytest.fixture
def core(storage: Storage) -> Core:
    return a_core(transactions=storage.transactions, queries=storage.queries)


async def _promise(storage: Storage, *, people: int) -> list[Reminder]:
    """One reminder to each of them, due."""
    reminders = []
    for _ in range(people):
        owner = a_user()
        task = a_task(owner_id=owner.id)
        reminders.append(a_reminder_of(task))
        await storage.keep(owner, task, reminders[-1])
    return reminders


async def _verbs(step: Awaitable[object], asked: list[Statement]) -> list[str]:
    """The first words of all that was asked, also to begin and to end transactions."""
    asked.clear()
    await step
    return [text.split()[0] for text, _ in asked]


async def test_a_delivery_reads_begins_and_records(
    storage: Storage, core: Core, asked: list[Statement]
) -> None:
    (promised,) = await _promise(storage, people=1)
    (claim,) = await core.claim_due()

    assert await _verbs(core.deliver(claim), asked) == ["SELECT", "WITH", "UPDATE"]

    assert (await storage.reminder(promised.id)).state is ReminderState.SENT


async def test_what_is_to_be_done_for_several_people_is_read_at_once(
    storage: Storage, core: Core, asked: list[Statement]
) -> None:
    await _promise(storage, people=8)
    claims = [Claim.of(claim) for claim in await core.claim_due()]

    assert await _verbs(core.delivery.errands(claims), asked) == ["SELECT"]


async def test_a_claim_that_is_left_is_read_and_written(
    storage: Storage, core: Core, asked: list[Statement]
) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task.complete(now=NOW), a_reminder_of(task))
    (claim,) = await core.claim_due()

    assert await _verbs(core.deliver(claim), asked) == ["SELECT", "UPDATE"]


async def test_however_many_are_claimed_dispatch_asks_once(
    storage: Storage, core: Core, asked: list[Statement]
) -> None:
    await _promise(storage, people=5)

    assert await _verbs(core.dispatch.dispatch_due(limit=4), asked) == ["WITH"]
    assert len(core.queue.claims) == 4


async def test_a_look_that_finds_nothing_due_asks_once(core: Core, asked: list[Statement]) -> None:
    assert await _verbs(core.dispatch.next_due_at(), asked) == ["SELECT"]


async def test_one_call_by_itself_cannot_be_two_statements(storage: Storage) -> None:
    owner = a_user()
    await storage.keep(owner)

    with pytest.raises(RuntimeError):
        await storage.transactions.once(lambda stored: stored.users.erase(owner.id, limit=9))


async def test_one_call_by_itself_goes_on_when_its_caller_is_cancelled(storage: Storage) -> None:
    owner = a_user()
    asking = asyncio.create_task(storage.transactions.once(lambda stored: stored.users.add(owner)))
    for _ in range(2):  # it has begun
        await asyncio.sleep(0)

    asking.cancel()
    await asyncio.wait([asking])

    assert asking.cancelled()
    await eventually(lambda: _is_stored(storage, owner.telegram_id))


async def _is_stored(storage: Storage, telegram_id: int) -> bool:
    return await storage.queries.user_by_telegram_id(telegram_id) is not None
