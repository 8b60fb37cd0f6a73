"""The same for several tasks: each is done or refused by itself."""

from datetime import timedelta

import pytest
from ulid import ULID

from support.builders import NOW
from support.core import Core, a_core
from taskbot.application.bulk_tasks import TaskOutcome
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import (
    CategoryNotFound,
    TaskAlreadyCompleted,
    TaskNamedTwice,
    TaskNotFound,
    TooManyTasks,
)
from taskbot.domain.ids import TaskId
from taskbot.domain.reminder import ReminderState
from taskbot.domain.task import SELECTION_LIMIT, Task, TaskStatus
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await core.users.find_or_register(1)


@pytest.fixture
async def ben(core: Core) -> User:
    return await core.users.find_or_register(2)


async def _task(core: Core, owner: User) -> Task:
    deadline = TimedDeadline(NOW + timedelta(days=1), "Europe/Moscow")
    view = await core.tasks.create(CreateTask(actor=owner.id, title="Milk", deadline=deadline))
    return view.task


def _said(outcomes: list[TaskOutcome]) -> list[tuple[TaskId, str | None]]:
    return [(one.task_id, one.refusal.code if one.refusal else None) for one in outcomes]


async def test_what_can_be_completed_is_whatever_becomes_of_the_others(
    core: Core, anna: User, ben: User
) -> None:
    first, done, last = [await _task(core, anna) for _ in range(3)]
    await core.tasks.complete(done.id, actor=anna.id)
    foreign, missing = await _task(core, ben), TaskId(ULID())
    ids = [first.id, foreign.id, done.id, missing, last.id]

    outcomes = await core.bulk_tasks.complete(ids, actor=anna.id)

    assert _said(outcomes) == [
        (first.id, None),
        (foreign.id, TaskNotFound.code),
        (done.id, TaskAlreadyCompleted.code),
        (missing, TaskNotFound.code),
        (last.id, None),
    ]
    for task in (first, last):
        card = await core.tasks.card(task.id, actor=anna.id)
        assert (card.task.status, card.task.version) == (TaskStatus.COMPLETED, 2)
        assert {one.state for one in card.reminders} == {ReminderState.CANCELLED}
    his = await core.tasks.card(foreign.id, actor=ben.id)
    assert his.task == foreign
    assert {one.state for one in his.reminders} == {ReminderState.PLANNED}


async def test_tasks_move_to_a_category_or_to_none(core: Core, anna: User, ben: User) -> None:
    mine, foreign = await _task(core, anna), await _task(core, ben)
    home = await core.categories.create("Home", actor=anna.id)

    outcomes = await core.bulk_tasks.move([foreign.id, mine.id], home.id, actor=anna.id)
    assert _said(outcomes) == [(foreign.id, TaskNotFound.code), (mine.id, None)]
    assert (await core.tasks.get(mine.id, actor=anna.id)).category == home

    await core.bulk_tasks.move([mine.id], None, actor=anna.id)
    assert (await core.tasks.get(mine.id, actor=anna.id)).category is None
    assert (await core.tasks.get(foreign.id, actor=ben.id)).task == foreign


async def test_nothing_moves_to_a_category_that_is_not_ones_own(
    core: Core, anna: User, ben: User
) -> None:
    mine = await _task(core, anna)
    foreign = await core.categories.create("Home", actor=ben.id)

    with pytest.raises(CategoryNotFound):
        await core.bulk_tasks.move([mine.id], foreign.id, actor=anna.id)

    assert (await core.tasks.get(mine.id, actor=anna.id)).task == mine


async def test_tasks_are_deleted_completed_ones_too(core: Core, anna: User, ben: User) -> None:
    mine, foreign = await _task(core, anna), await _task(core, ben)
    await core.tasks.complete(mine.id, actor=anna.id)

    outcomes = await core.bulk_tasks.delete([mine.id, foreign.id], actor=anna.id)

    assert _said(outcomes) == [(mine.id, None), (foreign.id, TaskNotFound.code)]
    with pytest.raises(TaskNotFound):
        await core.tasks.get(mine.id, actor=anna.id)
    assert (await core.tasks.get(foreign.id, actor=ben.id)).task == foreign


async def test_nothing_happens_where_every_task_refuses(core: Core, anna: User) -> None:
    before = core.database.tables

    for outcomes in (
        await core.bulk_tasks.complete([TaskId(ULID())], actor=anna.id),
        await core.bulk_tasks.move([TaskId(ULID())], None, actor=anna.id),
        await core.bulk_tasks.delete([TaskId(ULID())], actor=anna.id),
    ):
        assert isinstance(outcomes[0].refusal, TaskNotFound)

    assert core.database.tables == before


async def test_a_selection_has_its_limits(core: Core, anna: User) -> None:
    mine = await _task(core, anna)
    many = [TaskId(ULID()) for _ in range(SELECTION_LIMIT)]

    assert len(await core.bulk_tasks.complete(many, actor=anna.id)) == SELECTION_LIMIT
    with pytest.raises(TooManyTasks):
        await core.bulk_tasks.complete([*many, mine.id], actor=anna.id)
    with pytest.raises(TaskNamedTwice) as twice:
        await core.bulk_tasks.delete([mine.id, many[0], mine.id], actor=anna.id)

    assert twice.value.task_id == mine.id
    assert (await core.tasks.get(mine.id, actor=anna.id)).task == mine
