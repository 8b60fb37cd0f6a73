"""Tasks: each use case, and what it does to the reminders."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from support.builders import NOW, a_category, a_task, a_user
from support.core import Core, a_core
from taskbot.adapters.memory import MemoryDatabase, MemoryTransactions, MemoryUnitOfWork
from taskbot.application.ports import StorageUnavailable, TaskPageRequest, TaskPosition
from taskbot.application.task_commands import CreateTask, EditTask, ListTasks
from taskbot.application.views import TaskView
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    BlankTitle,
    CategoryNotFound,
    DeadlineInPast,
    SnoozeOutOfRange,
    TaskAlreadyCompleted,
    TaskNotCompleted,
    TaskNotFound,
    UserNotFound,
)
from taskbot.domain.ids import TaskId
from taskbot.domain.reminder import PENDING, ReminderKind, ReminderState
from taskbot.domain.task import Priority, TaskStatus
from taskbot.domain.user import ReminderPreferences, User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
TOMORROW = TimedDeadline(NOW + 24 * HOUR, "Europe/Moscow")


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await _register(core, a_user())


async def _register(core: Core, user: User) -> User:
    await core.transactions.run(lambda uow: uow.users.add(user))
    return user


async def _pending(core: Core, task_id: TaskId, owner: User) -> list[tuple[datetime, ReminderKind]]:
    card = await core.tasks.card(task_id, actor=owner.id)
    return [
        (reminder.fire_at, reminder.kind)
        for reminder in card.reminders
        if reminder.state in PENDING
    ]


async def _create(core: Core, owner: User, **fields: Any) -> TaskView:
    return await core.tasks.create(evolve(CreateTask(actor=owner.id, title="Buy milk"), **fields))


async def test_a_created_task_is_kept_with_everything_that_was_said(core: Core, anna: User) -> None:
    category = await core.categories.create("Дом", actor=anna.id)
    command = CreateTask(
        actor=anna.id,
        title="  Купить   молоко ",
        description="2 л",
        category_id=category.id,
        priority=1,
        deadline=TOMORROW,
    )

    view = await core.tasks.create(command)

    assert view.task == a_task(
        id=view.task.id,
        owner_id=anna.id,
        title="Купить молоко",
        description="2 л",
        category_id=category.id,
        priority=Priority.URGENT,
        deadline=TOMORROW,
        created_at=NOW,
        updated_at=NOW,
    )
    assert view.category == category
    assert await core.tasks.get(view.task.id, actor=anna.id) == view


async def test_a_timed_task_is_reminded_of_an_hour_ahead_and_at_its_moment(
    core: Core, anna: User
) -> None:
    view = await _create(core, anna, deadline=TOMORROW)

    assert await _pending(core, view.task.id, anna) == [
        (TOMORROW.due_at - HOUR, ReminderKind.LEAD),
        (TOMORROW.due_at, ReminderKind.DUE),
    ]


async def test_reminders_follow_the_owners_preferences(core: Core) -> None:
    boris = await _register(core, a_user(preferences=ReminderPreferences(lead_times=(2 * HOUR,))))

    view = await _create(core, boris, deadline=TOMORROW)

    assert await _pending(core, view.task.id, boris) == [
        (TOMORROW.due_at - 2 * HOUR, ReminderKind.LEAD)
    ]


async def test_a_whole_day_is_reminded_of_when_the_owners_day_starts(
    core: Core, anna: User
) -> None:
    deadline = DayDeadline(date(2100, 3, 20), "Europe/Moscow")

    view = await _create(core, anna, deadline=deadline)

    nine_in_moscow = datetime(2100, 3, 20, 6, tzinfo=UTC)
    assert await _pending(core, view.task.id, anna) == [(nine_in_moscow, ReminderKind.DAY)]


async def test_a_task_without_a_deadline_has_no_reminder(core: Core, anna: User) -> None:
    view = await _create(core, anna)

    assert await _pending(core, view.task.id, anna) == []


async def test_what_is_refused_leaves_nothing_behind(core: Core, anna: User) -> None:
    with pytest.raises(BlankTitle):
        await _create(core, anna, title=" \t ")
    with pytest.raises(DeadlineInPast):
        await _create(core, anna, deadline=TimedDeadline(NOW, "UTC"))
    with pytest.raises(CategoryNotFound):
        await _create(core, anna, category_id=a_category().id, deadline=TOMORROW)
    with pytest.raises(UserNotFound):
        await _create(core, a_user(), deadline=TOMORROW)

    assert core.database.tables.tasks == {}
    assert core.database.tables.reminders == {}


async def _foreign_category(core: Core) -> Category:
    stranger = await _register(core, a_user())
    return await core.categories.create("Secret", actor=stranger.id)


async def test_a_strangers_category_does_not_exist(core: Core, anna: User) -> None:
    foreign = await _foreign_category(core)
    view = await _create(core, anna)

    with pytest.raises(CategoryNotFound):
        await _create(core, anna, category_id=foreign.id)
    with pytest.raises(CategoryNotFound):
        await core.tasks.edit(EditTask(actor=anna.id, task_id=view.task.id, category_id=foreign.id))

    assert await core.tasks.get(view.task.id, actor=anna.id) == view


async def test_an_edit_changes_what_is_given_and_nothing_else(core: Core, anna: User) -> None:
    category = await core.categories.create("Дом", actor=anna.id)
    view = await _create(core, anna, description="2 л", deadline=TOMORROW, priority=2)
    core.clock.advance(HOUR)

    edited = await core.tasks.edit(
        EditTask(actor=anna.id, task_id=view.task.id, title="Кефир", category_id=category.id)
    )

    assert edited.category == category
    assert edited.task == evolve(
        view.task, title="Кефир", category_id=category.id, updated_at=NOW + HOUR, version=2
    )
    assert await core.tasks.get(view.task.id, actor=anna.id) == edited


async def test_an_edit_can_take_things_away_and_change_all_at_once(core: Core, anna: User) -> None:
    category = await core.categories.create("Дом", actor=anna.id)
    view = await _create(core, anna, description="2 л", category_id=category.id)

    edited = await core.tasks.edit(
        EditTask(
            actor=anna.id,
            task_id=view.task.id,
            title="Хлеб",
            description="",
            category_id=None,
            priority=1,
        )
    )

    assert edited.category is None
    assert (edited.task.title, edited.task.description) == ("Хлеб", "")
    assert (edited.task.category_id, edited.task.priority) == (None, Priority.URGENT)


async def test_an_edit_leaves_the_reminders_alone(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)
    before = await core.tasks.card(view.task.id, actor=anna.id)

    await core.tasks.edit(EditTask(actor=anna.id, task_id=view.task.id, title="Хлеб"))

    after = await core.tasks.card(view.task.id, actor=anna.id)
    assert after.reminders == before.reminders


async def test_completing_a_task_cancels_its_reminders(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)
    core.clock.advance(HOUR)

    completed = await core.tasks.complete(view.task.id, actor=anna.id)

    assert completed.task == evolve(
        view.task,
        status=TaskStatus.COMPLETED,
        completed_at=NOW + HOUR,
        updated_at=NOW + HOUR,
        version=2,
    )
    card = await core.tasks.card(view.task.id, actor=anna.id)
    assert card.task == completed.task
    assert {reminder.state for reminder in card.reminders} == {ReminderState.CANCELLED}


async def test_a_task_is_completed_once(core: Core, anna: User) -> None:
    view = await _create(core, anna)
    await core.tasks.complete(view.task.id, actor=anna.id)

    with pytest.raises(TaskAlreadyCompleted):
        await core.tasks.complete(view.task.id, actor=anna.id)


async def test_a_reopened_task_is_reminded_of_what_still_lies_ahead(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)
    await core.tasks.complete(view.task.id, actor=anna.id)
    core.clock.advance(23.5 * HOUR)

    reopened = await core.tasks.reopen(view.task.id, actor=anna.id)

    assert reopened.task.is_open
    assert await _pending(core, view.task.id, anna) == [(TOMORROW.due_at, ReminderKind.DUE)]


async def test_an_open_task_cannot_be_reopened(core: Core, anna: User) -> None:
    view = await _create(core, anna)

    with pytest.raises(TaskNotCompleted):
        await core.tasks.reopen(view.task.id, actor=anna.id)


async def test_reminders_follow_a_moved_deadline(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)
    await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=anna.id)
    later = TimedDeadline(NOW + 48 * HOUR, "Asia/Tokyo")

    moved = await core.tasks.reschedule(view.task.id, later, actor=anna.id)

    assert moved.task.deadline == later
    assert await _pending(core, view.task.id, anna) == [
        (later.due_at - HOUR, ReminderKind.LEAD),
        (later.due_at, ReminderKind.DUE),
    ]


async def test_without_its_deadline_a_task_is_not_reminded_of(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)

    moved = await core.tasks.reschedule(view.task.id, None, actor=anna.id)

    assert moved.task.deadline is None
    assert await _pending(core, view.task.id, anna) == []


async def test_a_refused_deadline_leaves_the_old_one_with_its_reminders(
    core: Core, anna: User
) -> None:
    view = await _create(core, anna, deadline=TOMORROW)
    before = await core.tasks.card(view.task.id, actor=anna.id)

    with pytest.raises(DeadlineInPast):
        await core.tasks.reschedule(view.task.id, TimedDeadline(NOW - HOUR, "UTC"), actor=anna.id)

    assert await core.tasks.card(view.task.id, actor=anna.id) == before


async def test_a_completed_task_cannot_be_rescheduled_or_snoozed(core: Core, anna: User) -> None:
    view = await _create(core, anna)
    await core.tasks.complete(view.task.id, actor=anna.id)

    with pytest.raises(TaskAlreadyCompleted):
        await core.tasks.reschedule(view.task.id, TOMORROW, actor=anna.id)
    with pytest.raises(TaskAlreadyCompleted):
        await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=anna.id)


async def test_a_snooze_adds_a_reminder_and_leaves_the_deadline(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)

    snoozed = await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=anna.id)

    assert snoozed.task == view.task
    assert await _pending(core, view.task.id, anna) == [
        (NOW + HOUR, ReminderKind.SNOOZE),
        (TOMORROW.due_at - HOUR, ReminderKind.LEAD),
        (TOMORROW.due_at, ReminderKind.DUE),
    ]


async def test_a_later_snooze_takes_the_place_of_the_earlier(core: Core, anna: User) -> None:
    view = await _create(core, anna)
    await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=anna.id)

    await core.tasks.snooze(view.task.id, until=NOW + 2 * HOUR, actor=anna.id)

    assert await _pending(core, view.task.id, anna) == [(NOW + 2 * HOUR, ReminderKind.SNOOZE)]


async def test_a_snooze_into_the_past_leaves_the_earlier_one(core: Core, anna: User) -> None:
    view = await _create(core, anna)
    await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=anna.id)

    with pytest.raises(SnoozeOutOfRange):
        await core.tasks.snooze(view.task.id, until=NOW, actor=anna.id)

    assert await _pending(core, view.task.id, anna) == [(NOW + HOUR, ReminderKind.SNOOZE)]


async def test_a_deleted_task_is_gone_with_its_reminders(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)

    await core.tasks.delete(view.task.id, actor=anna.id)

    with pytest.raises(TaskNotFound):
        await core.tasks.get(view.task.id, actor=anna.id)
    assert core.database.tables.reminders == {}


async def test_a_stranger_does_not_learn_that_the_task_exists(core: Core, anna: User) -> None:
    view = await _create(core, anna, deadline=TOMORROW)
    task_id, stranger = view.task.id, (await _register(core, a_user())).id
    lead, _ = (await core.tasks.card(task_id, actor=anna.id)).reminders

    for attempt in (
        core.tasks.get(task_id, actor=stranger),
        core.tasks.card(task_id, actor=stranger),
        core.tasks.edit(EditTask(actor=stranger, task_id=task_id, title="Mine")),
        core.tasks.complete(task_id, actor=stranger),
        core.tasks.reopen(task_id, actor=stranger),
        core.tasks.reschedule(task_id, None, actor=stranger),
        core.tasks.snooze(task_id, until=NOW + HOUR, actor=stranger),
        core.tasks.add_reminder(task_id, at=NOW + HOUR, actor=stranger),
        core.tasks.remove_reminder(task_id, lead.id, actor=stranger),
        core.tasks.delete(task_id, actor=stranger),
    ):
        with pytest.raises(TaskNotFound) as refusal:
            await attempt
        assert refusal.value.task_id == task_id

    assert await core.tasks.get(task_id, actor=anna.id) == view


async def test_a_list_shows_the_nearest_deadline_first(core: Core, anna: User) -> None:
    someday = await _create(core, anna, title="someday")
    tomorrow = await _create(core, anna, deadline=TOMORROW)
    today = await _create(core, anna, deadline=DayDeadline(date(2100, 3, 15), "UTC"))

    page = await core.tasks.page(ListTasks(actor=anna.id, timezone=anna.timezone))

    assert page.items == (today, tomorrow, someday)


def test_a_page_request_that_makes_no_sense_is_a_mistake() -> None:
    owner_id, place = a_user().id, TaskPosition.of(a_task())

    for limit in (0, 201):
        with pytest.raises(ValueError, match="1 to 200"):
            TaskPageRequest(owner_id=owner_id, limit=limit)
    with pytest.raises(ValueError, match="not both"):
        TaskPageRequest(owner_id=owner_id, after=place, before=place)


async def test_nothing_is_stored_of_a_use_case_that_fails_at_its_end(anna: User) -> None:
    class NoCommit(MemoryUnitOfWork):
        async def commit(self) -> None:
            raise StorageUnavailable

    database = MemoryDatabase()
    core = a_core(transactions=MemoryTransactions(database))
    await _register(core, anna)
    failing = a_core(transactions=MemoryTransactions(database, NoCommit))

    with pytest.raises(StorageUnavailable):
        await _create(failing, anna, deadline=TOMORROW)

    assert database.tables.tasks == {}
    assert database.tables.reminders == {}
