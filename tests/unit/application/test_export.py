"""Everything of one person's, a page at a time."""

from datetime import timedelta

import pytest

from support.builders import NOW, a_task
from support.core import Core, a_core
from taskbot.application.export import PAGE
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
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


async def _keep(core: Core, *tasks: Task) -> None:
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


@pytest.mark.parametrize("number", [PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
async def test_tasks_come_in_pages_the_oldest_first(core: Core, anna: User, number: int) -> None:
    tasks = [a_task(owner_id=anna.id, created_at=NOW - age * HOUR) for age in range(number)]
    await _keep(core, *tasks)

    export = await core.exports.everything(actor=anna.id)
    pages = [page async for page in export.pages]

    assert [card.task for page in pages for card in page] == tasks[::-1]
    assert max(len(page) for page in pages) <= PAGE


async def test_what_changes_meanwhile_neither_repeats_nor_hides_others(
    core: Core, anna: User
) -> None:
    tasks = [a_task(owner_id=anna.id, created_at=NOW + age * HOUR) for age in range(3 * PAGE)]
    await _keep(core, *tasks)

    export = await core.exports.everything(actor=anna.id)
    told = [card.task.id for card in await anext(export.pages)]
    await core.bulk_tasks.delete([tasks[3].id, tasks[PAGE - 1].id, tasks[-1].id], actor=anna.id)
    await core.tasks.complete(tasks[PAGE].id, actor=anna.id)
    told += [card.task.id async for page in export.pages for card in page]

    assert told == [task.id for task in tasks[:-1]]
