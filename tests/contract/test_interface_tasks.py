"""What whoever talks to people is promised about tasks, in this process and over the API."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from ulid import ULID

from support.backend import KINDS, Backend, a_backend, told
from support.builders import NOW, a_category
from support.core import a_core
from taskbot.application.interface import Tasks
from taskbot.application.ports import NEVER, UNCATEGORIZED, TaskOrder, TaskPage, TaskPosition
from taskbot.application.task_commands import CreateTask, DuePeriod, EditTask, ListTasks
from taskbot.application.users import MeetUser
from taskbot.application.views import TaskView, Undoable
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    BlankTitle,
    CategoryNotFound,
    DeadlineInPast,
    DescriptionTooLong,
    NoSeveralLines,
    NothingToUndo,
    SnoozeOutOfRange,
    StaleTask,
    TaskAlreadyCompleted,
    TaskNamedTwice,
    TaskNotCompleted,
    TaskNotFound,
    TitleTooLong,
    UnknownPriority,
    UnknownTimezone,
)
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import ReminderKind, ReminderState
from taskbot.domain.task import Priority, Task, TaskStatus
from taskbot.domain.time_span import TimeSpan
from taskbot.domain.undo import UNDO_KEPT, UndoableVerb
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOMORROW = TimedDeadline(NOW + DAY + timedelta(microseconds=1), "Asia/Tokyo")
FRIDAY = DayDeadline(date(2100, 3, 19), "America/New_York")


@pytest.fixture(params=KINDS)
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    async with a_backend(request.param, a_core()) as backend:
        yield backend


async def _somebody(backend: Backend, telegram_id: int) -> User:
    return (await backend.people.meet(MeetUser(telegram_id=telegram_id, name="Anna"))).user


@pytest.fixture
async def anna(backend: Backend) -> User:
    return await _somebody(backend, 7)


@pytest.fixture
async def boris(backend: Backend) -> User:
    return await _somebody(backend, 8)


async def _create(backend: Backend, owner: User, title: str = "Buy milk", **more: Any) -> Task:
    return (await backend.tasks.create(CreateTask(actor=owner.id, title=title, **more))).task


async def _category(backend: Backend, owner: User, name: str = "Дом") -> Category:
    return await backend.categories.create(name, emoji="🏠", actor=owner.id)


@pytest.mark.parametrize("deadline", [None, TOMORROW, FRIDAY])
async def test_a_task_is_kept_with_everything_that_was_said(
    backend: Backend, anna: User, deadline: Any
) -> None:
    category = await _category(backend, anna)

    created = await backend.tasks.create(
        CreateTask(
            actor=anna.id,
            title="  Купить   🥛 <b> ",
            description="Line one\n\tline two",
            category_id=category.id,
            priority=2,
            deadline=deadline,
        )
    )

    task = created.task
    assert (task.title, task.description) == ("Купить 🥛 <b>", "Line one\n\tline two")
    assert (task.owner_id, task.category_id) == (anna.id, category.id)
    assert (task.priority, task.status) == (Priority.HIGH, TaskStatus.OPEN)
    assert (task.deadline, task.completed_at, task.version) == (deadline, None, 1)
    assert task.created_at == task.updated_at == NOW
    assert created == await backend.tasks.get(task.id, actor=anna.id)
    assert created.category is not None
    assert (created.category.id, created.category.name) == (category.id, "Дом")
    assert task == (await backend.core.tasks.get(task.id, actor=anna.id)).task


async def test_refusals_come_with_all_that_there_is_to_say(backend: Backend, anna: User) -> None:
    missing = a_category().id
    past, gone_by = NOW - HOUR, date(2100, 3, 14)
    refusals: list[tuple[dict[str, Any], Exception]] = [
        ({"title": " \t"}, BlankTitle()),
        ({"title": "x" * 201}, TitleTooLong(201, 200)),
        ({"description": "x" * 4001}, DescriptionTooLong(4001, 4000)),
        ({"priority": 5}, UnknownPriority(5)),
        ({"category_id": missing}, CategoryNotFound(missing)),
        ({"deadline": TimedDeadline(past, "UTC")}, DeadlineInPast(past)),
        ({"deadline": DayDeadline(gone_by, "UTC")}, DeadlineInPast(gone_by)),
    ]

    for fields, promised in refusals:
        with pytest.raises(type(promised)) as refusal:
            await _create(backend, anna, **fields)
        assert told(refusal.value) == told(promised)

    assert (await _page(backend, anna)).items == ()


async def test_creating_again_by_the_same_key_makes_one_task(
    backend: Backend, anna: User, boris: User
) -> None:
    key, other_key = ULID(), ULID()

    first = await _create(backend, anna, key=key)
    await backend.tasks.edit(EditTask(actor=anna.id, task_id=first.id, title="Buy oat milk"))
    again = await _create(backend, anna, "Something else", key=key)
    other = await _create(backend, anna, key=other_key)
    foreign = await _create(backend, boris, key=key)

    assert again.id == first.id
    assert (again.title, again.version) == ("Buy oat milk", 2), "as it is by now"
    assert len({first.id, other.id, foreign.id}) == 3
    assert foreign.owner_id == boris.id
    assert len((await _page(backend, anna)).items) == 2
    assert first.id.timestamp == key.timestamp


async def test_a_deleted_task_is_made_anew_by_its_key(backend: Backend, anna: User) -> None:
    key = ULID()
    first = await _create(backend, anna, key=key)
    await backend.tasks.delete(first.id, actor=anna.id)

    again = await _create(backend, anna, key=key)

    assert (again.id, again.version) == (first.id, 1)


async def test_each_line_of_a_task_becomes_a_task_like_it(backend: Backend, anna: User) -> None:
    category = await _category(backend, anna)
    lines = "\n - bread\n[ ] eggs \n\n2) 🧀 cheese"
    like = {"category_id": category.id, "priority": 2, "deadline": TOMORROW}
    task = await _create(backend, anna, "1. Milk", description=lines, **like)

    views = await backend.tasks.split(task.id, version=1, actor=anna.id)
    again = await backend.tasks.split(task.id, version=1, actor=anna.id)

    parts = [view.task for view in views]
    assert [part.title for part in parts] == ["Milk", "bread", "eggs", "🧀 cheese"]
    assert [part.description for part in parts] == [""] * 4
    assert parts[0].id == task.id
    for view in views:
        assert view.category is not None
        assert (view.task.priority, view.task.deadline) == (Priority.HIGH, TOMORROW)
        assert (await backend.tasks.card(view.task.id, actor=anna.id)).reminders
    assert [view.task.id for view in again] == [part.id for part in parts]
    assert len((await _page(backend, anna)).items) == 4


async def test_what_was_split_can_be_joined_again(backend: Backend, anna: User) -> None:
    task = await _create(backend, anna, "Milk", description="bread\neggs")
    views = await backend.tasks.split(task.id, actor=anna.id)
    others = [view.task.id for view in views[1:]]

    joined = await backend.tasks.join(task.id, others, version=2, actor=anna.id)

    assert (joined.task.title, joined.task.description) == ("Milk", "bread\neggs")
    assert [view.task.id for view in (await _page(backend, anna)).items] == [task.id]


async def test_splitting_and_joining_refuse_what_they_cannot_do(
    backend: Backend, anna: User, boris: User
) -> None:
    task = await _create(backend, anna, "Milk", description="bread\neggs")
    one_line = await _create(backend, anna)
    with pytest.raises(NoSeveralLines) as refusal:
        await backend.tasks.split(one_line.id, actor=anna.id)
    assert told(refusal.value) == told(NoSeveralLines(one_line.id))
    with pytest.raises(StaleTask):
        await backend.tasks.split(task.id, version=7, actor=anna.id)
    with pytest.raises(TaskNotFound):
        await backend.tasks.split(task.id, actor=boris.id)

    bread, eggs = [one.task.id for one in await backend.tasks.split(task.id, actor=anna.id)][1:]
    await backend.tasks.complete(bread, actor=anna.id)
    foreign = await _create(backend, boris)
    for others, promised in (
        ([eggs, bread], StaleTask),
        ([eggs, foreign.id], TaskNotFound),
        ([eggs, eggs], TaskNamedTwice),
        ([task.id], TaskNamedTwice),
    ):
        with pytest.raises(promised):
            await backend.tasks.join(task.id, others, version=2, actor=anna.id)
    with pytest.raises(StaleTask):
        await backend.tasks.join(task.id, [eggs], version=7, actor=anna.id)
    assert len((await _page(backend, anna)).items) == 4
    await backend.tasks.complete(task.id, actor=anna.id)
    with pytest.raises(TaskAlreadyCompleted):
        await backend.tasks.split(task.id, actor=anna.id)


def _verbs(
    tasks: Tasks, task_id: TaskId, actor: UserId
) -> list[Callable[[], Coroutine[Any, Any, object]]]:
    return [
        lambda: tasks.get(task_id, actor=actor),
        lambda: tasks.card(task_id, actor=actor),
        lambda: tasks.edit(EditTask(actor=actor, task_id=task_id, title="Mine")),
        lambda: tasks.complete(task_id, actor=actor),
        lambda: tasks.reopen(task_id, actor=actor),
        lambda: tasks.reschedule(task_id, TOMORROW, actor=actor),
        lambda: tasks.snooze(task_id, until=NOW + HOUR, actor=actor),
        lambda: tasks.add_reminder(task_id, at=NOW + HOUR, actor=actor),
        lambda: tasks.remove_reminder(task_id, ReminderId(ULID()), actor=actor),
        lambda: tasks.split(task_id, actor=actor),
        lambda: tasks.join(task_id, [TaskId(ULID())], actor=actor),
        lambda: tasks.delete(task_id, actor=actor),
        lambda: tasks.undo(task_id, actor=actor),
        lambda: tasks.undoable(task_id, actor=actor),
    ]


async def test_somebody_elses_task_is_not_there(backend: Backend, anna: User, boris: User) -> None:
    hers, nobodys = (await _create(backend, anna)).id, TaskId(ULID())

    for task_id in (hers, nobodys):
        for verb in _verbs(backend.tasks, task_id, boris.id):
            with pytest.raises(TaskNotFound) as refusal:
                await verb()
            assert told(refusal.value) == told(TaskNotFound(task_id))
    assert await backend.tasks.cards([hers, nobodys], actor=boris.id) == []


async def test_a_foreign_category_is_not_there(backend: Backend, anna: User, boris: User) -> None:
    foreign, task = await _category(backend, boris), await _create(backend, anna)

    with pytest.raises(CategoryNotFound):
        await backend.tasks.edit(EditTask(actor=anna.id, task_id=task.id, category_id=foreign.id))


async def test_a_card_has_the_category_and_the_reminders(backend: Backend, anna: User) -> None:
    category = await _category(backend, anna)
    task = await _create(backend, anna, category_id=category.id, deadline=TOMORROW)
    await backend.tasks.snooze(task.id, until=NOW + HOUR, actor=anna.id)
    backend.core.clock.advance(HOUR)
    await backend.core.deliver_due()

    card = await backend.tasks.card(task.id, actor=anna.id)

    assert (card.task, card.category) == (task, category)
    assert [(one.kind, one.state, one.fire_at, one.sent_at) for one in card.reminders] == [
        (ReminderKind.SNOOZE, ReminderState.SENT, NOW + HOUR, NOW + HOUR),
        (ReminderKind.LEAD, ReminderState.PLANNED, TOMORROW.due_at - HOUR, None),
        (ReminderKind.DUE, ReminderState.PLANNED, TOMORROW.due_at, None),
    ]
    assert [one.attempt for one in card.reminders] == [1, 0, 0]
    assert {one.task_id for one in card.reminders} == {task.id}
    assert {one.owner_id for one in card.reminders} == {anna.id}
    assert card.snoozed_until is None


async def test_several_cards_come_at_once(backend: Backend, anna: User) -> None:
    tasks = [await _create(backend, anna, str(number)) for number in range(3)]
    await backend.tasks.snooze(tasks[0].id, until=NOW + HOUR, actor=anna.id)

    cards = await backend.tasks.cards([tasks[0].id, TaskId(ULID()), tasks[2].id], actor=anna.id)

    snoozed = {card.task.title: card.snoozed_until for card in cards}
    assert snoozed == {"0": NOW + HOUR, "2": None}
    assert await backend.tasks.cards([], actor=anna.id) == []


async def test_an_edit_changes_what_is_given_and_nothing_else(backend: Backend, anna: User) -> None:
    category = await _category(backend, anna)
    task = await _create(backend, anna, description="2 l", priority=2, deadline=TOMORROW)
    backend.core.clock.advance(HOUR)

    filed = await backend.tasks.edit(
        EditTask(actor=anna.id, task_id=task.id, title="Кефир", category_id=category.id)
    )
    emptied = await backend.tasks.edit(
        EditTask(actor=anna.id, task_id=task.id, description="", category_id=None, deadline=None)
    )
    dated = await backend.tasks.edit(
        EditTask(actor=anna.id, task_id=task.id, priority=1, deadline=FRIDAY)
    )

    expected = evolve(
        task, title="Кефир", category_id=category.id, updated_at=NOW + HOUR, version=2
    )
    assert filed.task == expected
    expected = evolve(expected, description="", category_id=None, deadline=None, version=3)
    assert emptied == TaskView(expected, None)
    assert dated.task == evolve(expected, priority=Priority.URGENT, deadline=FRIDAY, version=4)


async def test_an_edit_that_is_meant_for_another_version_is_refused(
    backend: Backend, anna: User
) -> None:
    task = await _create(backend, anna)
    edit = EditTask(actor=anna.id, task_id=task.id, version=1, title="First")
    await backend.tasks.edit(edit)

    with pytest.raises(StaleTask) as refusal:
        await backend.tasks.edit(evolve(edit, title="Second"))

    assert told(refusal.value) == told(StaleTask(task.id))
    assert (await backend.tasks.get(task.id, actor=anna.id)).task.title == "First"


async def test_a_task_is_completed_and_reopened_once(backend: Backend, anna: User) -> None:
    task = await _create(backend, anna, deadline=TOMORROW)

    done = await backend.tasks.complete(task.id, actor=anna.id)
    with pytest.raises(TaskAlreadyCompleted) as done_already:
        await backend.tasks.complete(task.id, actor=anna.id)
    cancelled = (await backend.tasks.card(task.id, actor=anna.id)).reminders
    reopened = await backend.tasks.reopen(task.id, actor=anna.id)
    with pytest.raises(TaskNotCompleted) as open_already:
        await backend.tasks.reopen(task.id, actor=anna.id)

    assert (done.task.status, done.task.completed_at) == (TaskStatus.COMPLETED, NOW)
    assert told(done_already.value) == told(TaskAlreadyCompleted(task.id))
    assert {one.state for one in cancelled} == {ReminderState.CANCELLED}
    assert reopened.task == evolve(task, version=3)
    assert told(open_already.value) == told(TaskNotCompleted(task.id))


async def test_a_deadline_moves_and_its_reminders_follow(backend: Backend, anna: User) -> None:
    task = await _create(backend, anna, deadline=TOMORROW)

    moved = await backend.tasks.reschedule(task.id, FRIDAY, actor=anna.id)
    ahead = [
        one.kind
        for one in (await backend.tasks.card(task.id, actor=anna.id)).reminders
        if not one.state.is_final
    ]
    freed = await backend.tasks.reschedule(task.id, None, actor=anna.id)

    assert moved.task.deadline == FRIDAY
    assert ahead == [ReminderKind.DAY]
    assert freed.task.deadline is None
    with pytest.raises(DeadlineInPast) as refusal:
        await backend.tasks.reschedule(task.id, TimedDeadline(NOW, "UTC"), actor=anna.id)
    assert told(refusal.value) == told(DeadlineInPast(NOW))
    await backend.tasks.complete(task.id, actor=anna.id)
    with pytest.raises(TaskAlreadyCompleted):
        await backend.tasks.reschedule(task.id, TOMORROW, actor=anna.id)


async def test_a_snooze_leaves_the_deadline_where_it_is(backend: Backend, anna: User) -> None:
    task = await _create(backend, anna, deadline=TOMORROW)

    snoozed = await backend.tasks.snooze(task.id, until=NOW + HOUR, actor=anna.id)

    assert snoozed.task == task
    assert (await backend.tasks.card(task.id, actor=anna.id)).snoozed_until == NOW + HOUR
    for until in (NOW, NOW + 400 * DAY):
        with pytest.raises(SnoozeOutOfRange) as refusal:
            await backend.tasks.snooze(task.id, until=until, actor=anna.id)
        assert told(refusal.value) == told(SnoozeOutOfRange(365))


async def test_a_deleted_task_is_gone(backend: Backend, anna: User) -> None:
    task = await _create(backend, anna)

    await backend.tasks.delete(task.id, actor=anna.id)

    with pytest.raises(TaskNotFound):
        await backend.tasks.get(task.id, actor=anna.id)


async def _page(backend: Backend, owner: User, **more: Any) -> TaskPage:
    more.setdefault("timezone", owner.timezone)
    return await backend.tasks.page(ListTasks(actor=owner.id, **more))


def _titles(page: TaskPage) -> list[str]:
    return [view.task.title for view in page.items]


@pytest.mark.parametrize("order", TaskOrder)
@pytest.mark.parametrize("descending", [False, True])
async def test_positions_lead_through_the_list_and_back(
    backend: Backend, anna: User, order: TaskOrder, *, descending: bool
) -> None:
    for number in range(5):
        deadline = None if number == 4 else TimedDeadline(NOW + (5 - number) * DAY, "UTC")
        task = await _create(backend, anna, str(number), priority=number % 2 + 1, deadline=deadline)
        backend.core.clock.advance(timedelta(minutes=1))
        if order is TaskOrder.COMPLETED:
            await backend.tasks.complete(task.id, actor=anna.id)
    sort = {"order": order, "descending": descending}
    everything = _titles(await _page(backend, anna, **sort))

    page = await _page(backend, anna, limit=2, **sort)
    assert page.preceding is None
    there = [_titles(page)]
    while page.following is not None:
        page = await _page(backend, anna, limit=2, after=page.following, **sort)
        there.append(_titles(page))
    back = [_titles(page)]
    while page.preceding is not None:
        page = await _page(backend, anna, limit=2, before=page.preceding, **sort)
        back.append(_titles(page))

    assert [title for titles in there for title in titles] == everything
    assert there == back[::-1]
    assert [len(titles) for titles in there] == [2, 2, 1]


async def test_a_place_is_good_when_its_task_is_gone(backend: Backend, anna: User) -> None:
    tasks = [
        await _create(backend, anna, str(number), deadline=TimedDeadline(NOW + number * DAY, "UTC"))
        for number in (1, 2, 3)
    ]
    place = TaskPosition.of(tasks[1])
    await backend.tasks.delete(tasks[1].id, actor=anna.id)

    assert _titles(await _page(backend, anna, after=place)) == ["3"]
    assert _titles(await _page(backend, anna, before=place)) == ["1"]
    assert await _page(backend, anna, after=TaskPosition.of(tasks[2])) == TaskPage((), None, None)
    assert _titles(await _page(backend, anna, before=TaskPosition((NEVER,), tasks[0].id))) == [
        "1",
        "3",
    ]


async def test_a_page_has_what_all_conditions_apply_to(backend: Backend, anna: User) -> None:
    category = await _category(backend, anna)
    evening = TimedDeadline(NOW + 4 * HOUR, "Europe/Moscow")
    await _create(backend, anna, "Молоко", deadline=evening, category_id=category.id)
    await _create(backend, anna, "Хлеб", deadline=TimedDeadline(NOW + 3 * DAY, "UTC"), priority=1)
    await _create(backend, anna, "Сыр", description="молочный", priority=2)
    await _create(backend, anna, "Чай", deadline=TimedDeadline(NOW + HOUR, "UTC"))
    done = await _create(backend, anna, "Соль")
    await backend.tasks.complete(done.id, actor=anna.id)
    backend.core.clock.advance(2 * HOUR)

    async def found(**conditions: Any) -> list[str]:
        return sorted(_titles(await _page(backend, anna, **conditions)))

    assert await found(status=TaskStatus.COMPLETED) == ["Соль"]
    assert await found(category=category.id) == ["Молоко"]
    assert await found(category=UNCATEGORIZED, status=TaskStatus.OPEN) == ["Сыр", "Хлеб", "Чай"]
    assert await found(priorities=frozenset({Priority.URGENT, Priority.HIGH})) == ["Сыр", "Хлеб"]
    assert await found(has_deadline=True) == ["Молоко", "Хлеб", "Чай"]
    assert await found(has_deadline=False) == ["Соль", "Сыр"]
    assert await found(due=DuePeriod.TODAY) == ["Молоко", "Чай"]
    assert await found(due=DuePeriod.TODAY, has_deadline=True) == ["Молоко", "Чай"]
    assert await found(due=DuePeriod.TODAY, has_deadline=False) == []
    assert await found(due=DuePeriod.TODAY, timezone="Pacific/Auckland") == ["Молоко", "Чай"]
    assert await found(due=DuePeriod.THIS_WEEK) == ["Молоко", "Хлеб", "Чай"]
    assert await found(due=DuePeriod.UPCOMING) == ["Хлеб"]
    assert await found(due=DuePeriod.UPCOMING, timezone="Pacific/Auckland") == ["Хлеб"]
    assert await found(order=TaskOrder.COMPLETED) == ["Соль"]
    assert await found(due=TimeSpan(NOW + 2 * HOUR, NOW + 5 * HOUR)) == ["Молоко"]
    assert await found(due=TimeSpan(None, NOW + 5 * HOUR)) == ["Молоко", "Чай"]
    assert await found(due=TimeSpan(NOW + 5 * HOUR, None)) == ["Хлеб"]
    assert await found(due=TimeSpan()) == ["Молоко", "Хлеб", "Чай"]
    assert await found(overdue=True) == ["Чай"]
    assert await found(overdue=False) == ["Молоко", "Соль", "Сыр", "Хлеб"]
    assert await found(text="молоко") == ["Молоко"]
    assert await found(text="молочного") == ["Сыр"]
    assert await found(text="!?") == []
    assert len(await found(text="  ")) == 5


async def test_tasks_in_a_list_are_whole_but_for_their_descriptions(
    backend: Backend, anna: User
) -> None:
    category = await _category(backend, anna)
    task = await _create(backend, anna, category_id=category.id, deadline=FRIDAY, priority=3)
    await backend.tasks.complete(task.id, actor=anna.id)

    (listed,) = (await _page(backend, anna)).items

    assert listed == await backend.tasks.get(task.id, actor=anna.id)


async def test_an_unknown_clock_is_refused(backend: Backend, anna: User) -> None:
    with pytest.raises(UnknownTimezone) as listing:
        await _page(backend, anna, due=DuePeriod.TODAY, timezone="Mars/Olympus")
    with pytest.raises(UnknownTimezone) as counting:
        await backend.tasks.counts(actor=anna.id, timezone="Mars/Olympus")

    promised = told(UnknownTimezone("Mars/Olympus"))
    assert told(listing.value) == told(counting.value) == promised


async def test_open_tasks_are_counted_by_kind(backend: Backend, anna: User) -> None:
    category = await _category(backend, anna)
    sunday = datetime(2100, 3, 21, 20, 59, tzinfo=NOW.tzinfo)
    await _create(backend, anna, category_id=category.id, deadline=TimedDeadline(NOW + HOUR, "UTC"))
    await _create(backend, anna, deadline=TimedDeadline(sunday, "UTC"))
    await _create(backend, anna)
    backend.core.clock.advance(2 * HOUR)

    counts = await backend.tasks.counts(actor=anna.id, timezone=anna.timezone)
    elsewhere = await backend.tasks.counts(actor=anna.id, timezone="Asia/Tokyo")

    assert (counts.open, counts.overdue, counts.without_deadline) == (3, 1, 1)
    assert (counts.due_today, counts.due_this_week, counts.upcoming) == (1, 2, 1)
    assert counts.by_category == {category.id: 1, None: 2}
    assert elsewhere.due_this_week == 1  # it is Monday there already


async def test_a_deleted_task_comes_back_as_it_was(backend: Backend, anna: User) -> None:
    category = await _category(backend, anna)
    task = await _create(
        backend, anna, description="x", category_id=category.id, priority=2, deadline=TOMORROW
    )
    await backend.tasks.snooze(task.id, until=NOW + HOUR, actor=anna.id)
    before = await backend.tasks.card(task.id, actor=anna.id)
    await backend.tasks.delete(task.id, actor=anna.id)
    assert (await _page(backend, anna)).items == ()

    undoable = await backend.tasks.undoable(task.id, actor=anna.id)
    undone = await backend.tasks.undo(task.id, actor=anna.id)

    assert undoable == Undoable(task.id, UndoableVerb.DELETE, "Buy milk", NOW + UNDO_KEPT)
    after = await backend.tasks.card(task.id, actor=anna.id)
    assert after.reminders == before.reminders
    assert after.task == undone.task == evolve(before.task, version=2)
    assert undone == await backend.tasks.get(task.id, actor=anna.id)


async def test_a_completion_is_undone_once(backend: Backend, anna: User) -> None:
    task = await _create(backend, anna, deadline=TOMORROW)
    before = await backend.tasks.card(task.id, actor=anna.id)
    await backend.tasks.complete(task.id, actor=anna.id)

    undone = await backend.tasks.undo(task.id, actor=anna.id)

    assert undone.task == evolve(task, version=3)
    assert (await backend.tasks.card(task.id, actor=anna.id)).reminders == before.reminders
    for ask in (backend.tasks.undo, backend.tasks.undoable):
        with pytest.raises(NothingToUndo) as refusal:
            await ask(task.id, actor=anna.id)
        assert told(refusal.value) == told(NothingToUndo(task.id))


async def test_a_change_of_another_version_is_refused(backend: Backend, anna: User) -> None:
    tasks, task = backend.tasks, await _create(backend, anna)
    await tasks.edit(EditTask(actor=anna.id, task_id=task.id, title="Buy oats"))

    for change in (
        lambda: tasks.complete(task.id, version=1, actor=anna.id),
        lambda: tasks.reschedule(task.id, TOMORROW, version=1, actor=anna.id),
        lambda: tasks.delete(task.id, version=1, actor=anna.id),
    ):
        with pytest.raises(StaleTask) as refusal:
            await change()
        assert told(refusal.value) == told(StaleTask(task.id))
    await tasks.complete(task.id, version=2, actor=anna.id)

    with pytest.raises(TaskAlreadyCompleted):  # rather than stale: it is what was wanted
        await tasks.complete(task.id, version=2, actor=anna.id)
    with pytest.raises(StaleTask):
        await tasks.reopen(task.id, version=2, actor=anna.id)
    await tasks.reopen(task.id, version=3, actor=anna.id)
    await tasks.delete(task.id, version=4, actor=anna.id)
