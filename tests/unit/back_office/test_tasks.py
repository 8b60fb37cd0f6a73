"""Operators mend anybody's tasks: by the owner's rules, and on the record."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from ulid import ULID

from support.builders import NOW, a_category, a_task
from support.core import Core, a_core
from support.operators import ADDRESS, EDITOR, VIEWER, entries, last_entry
from taskbot.application.back_office import MANY_LIMIT, Outcome, TaskChanges
from taskbot.application.task_commands import CreateTask
from taskbot.domain.audit import AuditEntry
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    AccountBeingDeleted,
    CategoryNotFound,
    DeadlineInPast,
    DomainError,
    NoDeadlineToMove,
    NotWholeDays,
    RoleInsufficient,
    StaleTask,
    TaskAlreadyCompleted,
    TaskNotCompleted,
    TaskNotFound,
    TooManyAtOnce,
)
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.user import GRACE, User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOSCOW = "Europe/Moscow"


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await core.users.find_or_register(1)


@pytest.fixture
async def ben(core: Core) -> User:
    return await core.users.find_or_register(2)


@pytest.fixture
async def task(core: Core, anna: User) -> Task:
    return await _task(core, anna)


async def _task(core: Core, owner: User, *, has_deadline: bool = True) -> Task:
    deadline = TimedDeadline(NOW + DAY, MOSCOW) if has_deadline else None
    view = await core.tasks.create(CreateTask(actor=owner.id, title="Milk", deadline=deadline))
    return view.task


def _is(core: Core, task: Task) -> Task:
    return core.database.tables.tasks[task.id]


def _ahead(core: Core, task: Task) -> list[timedelta]:
    """How long from now on the task's reminders come."""
    reminders = core.database.tables.reminders.values()
    return sorted(one.fire_at - NOW for one in reminders if one.task_id == task.id and one.is_ahead)


async def test_an_edit_follows_the_owners_rules_and_is_on_the_record(
    core: Core, anna: User, task: Task
) -> None:
    home = await core.categories.create("Home", actor=anna.id)
    changes = TaskChanges(
        version=task.version,
        title=" Bread ",
        description="rye",
        category_id=home.id,
        priority=1,
        deadline=NOW + 3 * HOUR,
        lead_times=[2 * HOUR],
    )

    view = await core.back_office.tasks.edit(task.id, changes, by=EDITOR, client=ADDRESS)

    assert view.task == _is(core, task)
    assert view.category == home
    assert view.task.deadline == TimedDeadline(NOW + 3 * HOUR, MOSCOW)
    assert _ahead(core, task) == [HOUR]
    entry = await last_entry(core.queries)
    assert entry == AuditEntry(
        id=entry.id,
        at=NOW,
        operator="olga",
        verb="task.edit",
        object_kind="task",
        object_id=str(task.id),
        owner_id=anna.id,
        client=ADDRESS,
        diff={
            "title": ("Milk", "Bread"),
            "description": ("", "rye"),
            "category_id": (None, str(home.id)),
            "priority": (4, 1),
            "due_at": ("2100-03-16T12:00:00+00:00", "2100-03-15T15:00:00+00:00"),
            "lead_times": (None, (120,)),
        },
    )


async def test_a_day_is_one_of_the_owners_calendar(core: Core, task: Task) -> None:
    day = date(2100, 3, 20)

    view = await core.back_office.tasks.edit(
        task.id, TaskChanges(deadline=day), by=EDITOR, client=None
    )

    assert view.task.deadline == DayDeadline(day, MOSCOW)
    assert (await last_entry(core.queries)).diff == {
        "due_at": ("2100-03-16T12:00:00+00:00", None),
        "due_on": (None, "2100-03-20"),
    }


async def test_what_is_as_it_was_may_be_sent_along(core: Core, anna: User) -> None:
    # Neither a completed task nor one whose deadline is over takes a deadline or lead times.
    category = a_category(owner_id=anna.id)
    deadline, leads = TimedDeadline(NOW - DAY, "Asia/Tokyo"), (HOUR, timedelta(0))
    done = a_task(
        owner_id=anna.id, category_id=category.id, deadline=deadline, lead_times=leads
    ).complete(now=NOW)
    core.database.tables.categories[category.id] = category
    core.database.tables.tasks[done.id] = done
    changes = TaskChanges(
        title="Bread",
        deadline=NOW - DAY,
        lead_times=[timedelta(0), HOUR],
        category_id=category.id,
    )

    view = await core.back_office.tasks.edit(done.id, changes, by=EDITOR, client=None)

    assert view.task == evolve(done, title="Bread", version=2)
    assert (await last_entry(core.queries)).diff == {"title": ("Buy milk", "Bread")}


@pytest.mark.parametrize("has_lead_times", [True, False])
async def test_a_tasks_own_lead_times_can_be_given_and_taken_away(
    core: Core, task: Task, *, has_lead_times: bool
) -> None:
    leads = (2 * HOUR,)
    if has_lead_times:
        await core.back_office.tasks.edit(
            task.id, TaskChanges(lead_times=leads), by=EDITOR, client=None
        )
    wanted = None if has_lead_times else leads

    view = await core.back_office.tasks.edit(
        task.id, TaskChanges(lead_times=wanted), by=EDITOR, client=None
    )

    assert view.task.lead_times == wanted
    assert (await last_entry(core.queries)).diff == {
        "lead_times": ((120,), None) if has_lead_times else (None, (120,))
    }


async def test_completing_cancels_what_was_promised_and_the_owner_can_undo_it(
    core: Core, anna: User, task: Task
) -> None:
    view = await core.back_office.tasks.complete(
        task.id, version=task.version, by=EDITOR, client=None
    )

    assert view.task.status is TaskStatus.COMPLETED
    assert _ahead(core, task) == []
    entry = await last_entry(core.queries)
    assert entry.verb == "task.complete"
    assert entry.diff == {
        "status": ("open", "completed"),
        "completed_at": (None, "2100-03-15T12:00:00+00:00"),
    }
    undone = await core.tasks.undo(task.id, actor=anna.id)
    assert undone.task.is_open


async def test_reopening_promises_anew(core: Core, task: Task) -> None:
    await core.back_office.tasks.complete(task.id, by=EDITOR, client=None)

    view = await core.back_office.tasks.reopen(task.id, version=2, by=EDITOR, client=None)

    assert view.task.is_open
    assert _ahead(core, task) == [23 * HOUR, DAY]
    entry = await last_entry(core.queries)
    assert entry.verb == "task.reopen"
    assert entry.diff == {
        "status": ("completed", "open"),
        "completed_at": ("2100-03-15T12:00:00+00:00", None),
    }


async def test_a_deadline_is_moved_to_a_moment_a_day_by_a_span_or_away(
    core: Core, task: Task
) -> None:
    reschedule = core.back_office.tasks.reschedule

    to_moment = await reschedule(task.id, NOW + 2 * HOUR, version=1, by=EDITOR, client=None)
    by_span = await reschedule(task.id, DAY, by=EDITOR, client=None)
    to_day = await reschedule(task.id, date(2100, 3, 20), by=EDITOR, client=None)
    away = await reschedule(task.id, None, by=EDITOR, client=None)

    assert to_moment.task.deadline == TimedDeadline(NOW + 2 * HOUR, MOSCOW)
    assert by_span.task.deadline == TimedDeadline(NOW + 2 * HOUR + DAY, MOSCOW)
    assert to_day.task.deadline == DayDeadline(date(2100, 3, 20), MOSCOW)
    assert away.task.deadline is None
    assert _ahead(core, task) == []
    found = await entries(core.queries)
    assert {entry.verb for entry in found} == {"task.reschedule"}
    assert len(found) == 4


async def test_deleting_leaves_in_the_log_what_there_was(
    core: Core, anna: User, task: Task
) -> None:
    await core.back_office.tasks.delete(task.id, version=1, by=EDITOR, client=None)

    assert core.database.tables.tasks == {}
    entry = await last_entry(core.queries)
    assert entry.verb == "task.delete"
    assert entry.diff is not None
    assert entry.diff["title"] == ("Milk", None)
    assert (await core.tasks.undo(task.id, actor=anna.id)).task.title == "Milk"


async def test_a_viewer_is_refused_and_that_is_on_the_record(
    core: Core, anna: User, task: Task
) -> None:
    with pytest.raises(RoleInsufficient):
        await core.back_office.tasks.complete(task.id, by=VIEWER, client=ADDRESS)

    assert _is(core, task) == task
    entry = await last_entry(core.queries)
    assert (entry.operator, entry.refusal, entry.diff) == ("victor", "role-insufficient", {})
    assert (entry.object_id, entry.owner_id, entry.client) == (str(task.id), anna.id, ADDRESS)


async def test_what_the_owners_rules_refuse_is_refused(core: Core, ben: User, task: Task) -> None:
    foreign = await core.categories.create("Foreign", actor=ben.id)
    missing = TaskId(ULID())
    office = core.back_office.tasks

    for refused, kind in (
        (office.edit(task.id, TaskChanges(version=7), by=EDITOR, client=None), StaleTask),
        (office.complete(task.id, version=7, by=EDITOR, client=None), StaleTask),
        (office.reopen(task.id, by=EDITOR, client=None), TaskNotCompleted),
        (office.reschedule(task.id, DAY, version=7, by=EDITOR, client=None), StaleTask),
        (office.reschedule(task.id, NOW, by=EDITOR, client=None), DeadlineInPast),
        (office.delete(task.id, version=7, by=EDITOR, client=None), StaleTask),
        (office.delete(missing, by=EDITOR, client=None), TaskNotFound),
        (
            office.edit(
                task.id,
                TaskChanges(title="Bread", category_id=foreign.id),
                by=EDITOR,
                client=None,
            ),
            CategoryNotFound,
        ),
    ):
        with pytest.raises(kind):
            await refused
        assert (await last_entry(core.queries)).refusal == kind.code
        core.clock.advance(timedelta(seconds=1))

    assert _is(core, task) == task
    assert len(await entries(core.queries)) == 8


async def test_of_who_has_left_nothing_is_changed(core: Core, anna: User, task: Task) -> None:
    await core.accounts.leave(actor=anna.id)
    core.clock.advance(GRACE)

    with pytest.raises(AccountBeingDeleted):
        await core.back_office.tasks.complete(task.id, by=EDITOR, client=None)
    outcomes = await core.back_office.tasks.complete_many([task.id], by=EDITOR, client=None)

    assert _said(outcomes) == [(task.id, AccountBeingDeleted.code)]
    assert _is(core, task) == task
    assert {entry.refusal for entry in await entries(core.queries)} == {"account-being-deleted"}


def _said(outcomes: list[Outcome]) -> list[tuple[ULID, str | None]]:
    return [(one.id, one.refusal.code if one.refusal else None) for one in outcomes]


async def test_of_many_peoples_tasks_each_is_completed_or_refused_by_itself(
    core: Core, anna: User, ben: User
) -> None:
    hers, his, done = await _task(core, anna), await _task(core, ben), await _task(core, anna)
    await core.tasks.complete(done.id, actor=anna.id)
    missing = TaskId(ULID())

    outcomes = await core.back_office.tasks.complete_many(
        [hers.id, done.id, missing, his.id, hers.id], by=EDITOR, client=ADDRESS
    )

    assert _said(outcomes) == [
        (hers.id, None),
        (done.id, TaskAlreadyCompleted.code),
        (missing, TaskNotFound.code),
        (his.id, None),
    ]
    for task in (hers, his):
        assert not _is(core, task).is_open
        assert _ahead(core, task) == []
    found = {entry.object_id: entry for entry in await entries(core.queries)}
    assert len(found) == 4
    assert found[str(his.id)].owner_id == ben.id
    assert found[str(his.id)].diff == {
        "status": ("open", "completed"),
        "completed_at": (None, "2100-03-15T12:00:00+00:00"),
    }
    assert found[str(done.id)].refusal == TaskAlreadyCompleted.code
    assert (found[str(missing)].refusal, found[str(missing)].owner_id) == ("task-not-found", None)


async def test_many_tasks_of_one_person_are_more_than_go_together(core: Core, anna: User) -> None:
    tasks = [a_task(owner_id=anna.id) for _ in range(230)]
    core.database.tables.tasks.update((task.id, task) for task in tasks)

    outcomes = await core.back_office.tasks.delete_many(
        [task.id for task in tasks], by=EDITOR, client=None
    )

    assert outcomes == [Outcome(task.id) for task in tasks]
    assert core.database.tables.tasks == {}
    assert {entry.verb for entry in await entries(core.queries)} == {"task.delete"}
    assert len(await entries(core.queries)) == 230


async def test_many_deadlines_are_moved_each_from_where_it_is(
    core: Core, anna: User, ben: User
) -> None:
    hers, without = await _task(core, anna), await _task(core, anna, has_deadline=False)
    day = await core.tasks.create(
        CreateTask(actor=ben.id, title="Day", deadline=DayDeadline(date(2100, 3, 18), MOSCOW))
    )
    ids = [hers.id, without.id, day.task.id]

    by_a_day = await core.back_office.tasks.reschedule_many(ids, DAY, by=EDITOR, client=None)
    by_an_hour = await core.back_office.tasks.reschedule_many(ids, HOUR, by=EDITOR, client=None)

    assert _said(by_a_day) == [
        (hers.id, None),
        (without.id, NoDeadlineToMove.code),
        (day.task.id, None),
    ]
    assert _said(by_an_hour)[2] == (day.task.id, NotWholeDays.code)
    assert _is(core, hers).deadline == TimedDeadline(NOW + 2 * DAY + HOUR, MOSCOW)
    assert _is(core, day.task).deadline == DayDeadline(date(2100, 3, 19), MOSCOW)
    assert _ahead(core, hers) == [2 * DAY, 2 * DAY + HOUR]


async def test_many_deadlines_are_moved_to_one_day(core: Core, anna: User, ben: User) -> None:
    await core.users.move_to("Asia/Tokyo", actor=ben.id)
    tasks = [await _task(core, anna), await _task(core, ben)]

    outcomes = await core.back_office.tasks.reschedule_many(
        [task.id for task in tasks], date(2100, 3, 20), by=EDITOR, client=None
    )

    assert [outcome.refusal for outcome in outcomes] == [None, None]
    assert [_is(core, task).deadline for task in tasks] == [
        DayDeadline(date(2100, 3, 20), MOSCOW),
        DayDeadline(date(2100, 3, 20), "Asia/Tokyo"),
    ]


async def test_a_viewer_does_nothing_to_many_either_and_each_attempt_is_on_the_record(
    core: Core, anna: User, ben: User
) -> None:
    tasks = [await _task(core, anna), await _task(core, ben)]
    ids = [task.id for task in tasks]
    office = core.back_office.tasks

    for refused in (
        office.complete_many(ids, by=VIEWER, client=None),
        office.delete_many(ids, by=VIEWER, client=None),
        office.reschedule_many(ids, DAY, by=VIEWER, client=None),
    ):
        with pytest.raises(RoleInsufficient):
            await refused

    assert [_is(core, task) for task in tasks] == tasks
    found = await entries(core.queries)
    assert len(found) == 6
    assert {entry.refusal for entry in found} == {"role-insufficient"}
    assert {entry.owner_id for entry in found} == {anna.id, ben.id}


async def test_too_many_are_refused_in_one_entry(core: Core) -> None:
    ids = [TaskId(ULID()) for _ in range(MANY_LIMIT + 1)]

    with pytest.raises(TooManyAtOnce):
        await core.back_office.tasks.complete_many(ids, by=EDITOR, client=None)
    with pytest.raises(RoleInsufficient):
        await core.back_office.tasks.complete_many(ids, by=VIEWER, client=None)

    found = await entries(core.queries)
    assert {entry.refusal for entry in found} == {"too-many-at-once", "role-insufficient"}
    assert {entry.object_id for entry in found} == {None}


async def test_nothing_is_done_to_nothing(core: Core) -> None:
    assert await core.back_office.tasks.complete_many([], by=EDITOR, client=None) == []
    assert await core.back_office.tasks.reschedule_many([], DAY, by=EDITOR, client=None) == []
    assert await entries(core.queries) == []


async def test_what_an_operator_is_told_is_what_the_domain_says(core: Core, task: Task) -> None:
    with pytest.raises(DomainError) as told:
        await core.back_office.tasks.edit(task.id, TaskChanges(title=" "), by=EDITOR, client=None)

    assert told.value.code == "title-blank"
