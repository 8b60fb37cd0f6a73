"""Everything of one person's, a page at a time."""

from collections.abc import Collection
from datetime import timedelta

import pytest

from support.builders import NOW, a_task
from support.core import Core, a_core
from taskbot.adapters.memory import MemoryDatabase, MemoryQueries, MemoryTransactions
from taskbot.application.export import ExportService
from taskbot.application.tasks import CreateTask
from taskbot.application.views import TaskCard
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await core.users.find_or_register(1)


async def _keep(core: Core, tasks: list[Task]) -> None:
    for task in tasks:
        await core.transactions.run(lambda uow, task=task: uow.tasks.add(task))  # type: ignore[misc]


async def test_an_export_has_all_that_is_ones_own(core: Core, anna: User) -> None:
    ben = await core.users.find_or_register(2)
    for owner in (anna, ben):
        home = await core.categories.create("Home", actor=owner.id)
        await core.access_tokens.create("laptop", actor=owner.id)
        deadline = TimedDeadline(NOW + 3 * HOUR, "Europe/Moscow")
        await core.tasks.create(
            CreateTask(actor=owner.id, title="x", category_id=home.id, deadline=deadline)
        )

    export = await core.exports.everything(actor=anna.id)
    (page,) = [page async for page in export.pages]

    assert (export.user, export.exported_at) == (anna, NOW)
    assert export.categories == await core.categories.list(actor=anna.id)
    assert export.access_tokens == await core.access_tokens.list(actor=anna.id)
    (card,) = page
    assert card == await core.tasks.card(card.task.id, actor=anna.id)
    assert len(card.reminders) == 2


async def test_who_has_nothing_gets_an_empty_page(core: Core, anna: User) -> None:
    export = await core.exports.everything(actor=anna.id)

    assert [page async for page in export.pages] == [[]]


@pytest.mark.parametrize("number", [199, 200, 201, 450])
async def test_tasks_come_in_pages_the_oldest_first(core: Core, anna: User, number: int) -> None:
    tasks = [a_task(owner_id=anna.id, created_at=NOW - age * HOUR) for age in range(number)]
    await _keep(core, tasks)

    export = await core.exports.everything(actor=anna.id)
    pages = [page async for page in export.pages]

    assert [card.task for page in pages for card in page] == tasks[::-1]
    assert max(len(page) for page in pages) <= 200


async def test_what_changes_meanwhile_neither_repeats_nor_hides_others() -> None:
    database = MemoryDatabase()

    class Restless(MemoryQueries):
        async def task_cards(
            self, task_ids: Collection[TaskId], *, owner_id: UserId
        ) -> list[TaskCard]:
            """Somebody deletes the whole page before it is read, and changes the others."""
            for task_id in list(task_ids)[:200]:
                database.tables.tasks.pop(task_id, None)
            for task in list(database.tables.tasks.values()):
                later = task.retitle("changed", now=NOW + HOUR)
                database.tables.tasks[task.id] = later
            return await super().task_cards(task_ids, owner_id=owner_id)

    core = a_core(transactions=MemoryTransactions(database), queries=MemoryQueries(database))
    anna = await core.users.find_or_register(1)
    await _keep(core, [a_task(owner_id=anna.id) for _ in range(300)])

    exports = ExportService(Restless(database), core.clock)
    export = await exports.everything(actor=anna.id)

    assert [len(page) async for page in export.pages] == [0, 0]
