"""Operators add and remove anybody's reminders, and decide on dead letters."""

from datetime import timedelta

import pytest
from ulid import ULID

from support.builders import NOW, a_reminder_of
from support.core import Core, a_core
from support.operators import ADDRESS, EDITOR, VIEWER, entries, last_entry
from taskbot.application.back_office import Outcome
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import (
    AccountBeingDeleted,
    ReminderInPast,
    ReminderNotDead,
    ReminderNotFound,
    ReminderOver,
    RoleInsufficient,
    TaskNotFound,
)
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import GRACE

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
DUE = "2100-03-16T12:00:00+00:00 due"
LEAD = "2100-03-16T11:00:00+00:00 lead"
MOMENT = "2100-03-15T14:00:00+00:00 moment"


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def task(core: Core) -> Task:
    anna = await core.users.find_or_register(1)
    deadline = TimedDeadline(NOW + 24 * HOUR, "Europe/Moscow")
    view = await core.tasks.create(CreateTask(actor=anna.id, title="Milk", deadline=deadline))
    return view.task


def _is(core: Core, reminder_id: ReminderId) -> Reminder:
    return core.database.tables.reminders[reminder_id]


def _of_kind(core: Core, kind: ReminderKind) -> Reminder:
    (found,) = [one for one in core.database.tables.reminders.values() if one.kind is kind]
    return found


def _dead_letter(core: Core, task: Task) -> Reminder:
    dead = a_reminder_of(task, failures=5).give_up(error="no route")
    core.database.tables.reminders[dead.id] = dead
    return dead


async def test_a_reminder_is_added_to_a_task(core: Core, task: Task) -> None:
    reminder = await core.back_office.reminders.add(
        task.id, at=NOW + 2 * HOUR, by=EDITOR, client=ADDRESS
    )

    assert reminder == _of_kind(core, ReminderKind.MOMENT)
    entry = await last_entry(core.queries)
    assert (entry.verb, entry.object_kind, entry.object_id, entry.owner_id) == (
        "reminder.add",
        "task",
        str(task.id),
        task.owner_id,
    )
    assert entry.diff == {"reminders": ((LEAD, DUE), (MOMENT, LEAD, DUE))}


async def test_a_planned_reminder_is_removed_and_stays_away(core: Core, task: Task) -> None:
    due = _of_kind(core, ReminderKind.DUE)

    await core.back_office.reminders.remove(due.id, by=EDITOR, client=None)

    assert _is(core, due.id).state is ReminderState.CANCELLED
    assert core.database.tables.tasks[task.id].lead_times == (HOUR,)
    entry = await last_entry(core.queries)
    assert (entry.verb, entry.object_kind, entry.object_id) == (
        "reminder.remove",
        "task",
        str(task.id),
    )
    assert entry.diff == {"reminders": ((LEAD, DUE), (LEAD,)), "lead_times": (None, (60,))}


async def test_a_dead_letter_is_retried(core: Core, task: Task) -> None:
    dead = _dead_letter(core, task)

    revived = await core.back_office.reminders.retry(dead.id, by=EDITOR, client=None)

    assert revived == _is(core, dead.id)
    assert revived.state is ReminderState.PLANNED
    entry = await last_entry(core.queries)
    assert (entry.verb, entry.object_kind, entry.object_id, entry.owner_id) == (
        "reminder.retry",
        "reminder",
        str(dead.id),
        task.owner_id,
    )
    assert entry.diff == {"state": ("failed", "planned"), "failures": (5, 0)}


async def test_a_dead_letter_is_discarded(core: Core, task: Task) -> None:
    dead = _dead_letter(core, task)

    await core.back_office.reminders.discard(dead.id, by=EDITOR, client=None)

    assert _is(core, dead.id).state is ReminderState.CANCELLED
    entry = await last_entry(core.queries)
    assert (entry.verb, entry.diff) == ("reminder.discard", {"state": ("failed", "cancelled")})


async def test_many_dead_letters_are_decided_on_each_by_itself(core: Core, task: Task) -> None:
    letters = [_dead_letter(core, task) for _ in range(4)]
    planned, missing = _of_kind(core, ReminderKind.LEAD), ReminderId(ULID())
    first, second = [one.id for one in letters[:2]], [one.id for one in letters[2:]]

    retried = await core.back_office.reminders.retry_many(
        [*first, planned.id, missing], by=EDITOR, client=None
    )
    discarded = await core.back_office.reminders.discard_many(
        [planned.id, *second], by=EDITOR, client=None
    )

    assert _said(retried) == [None, None, ReminderNotDead.code, ReminderNotFound.code]
    assert _said(discarded) == [ReminderNotDead.code, None, None]
    assert {_is(core, one).state for one in first} == {ReminderState.PLANNED}
    assert {_is(core, one).state for one in second} == {ReminderState.CANCELLED}
    assert len(await entries(core.queries)) == 7


def _said(outcomes: list[Outcome]) -> list[str | None]:
    return [one.refusal.code if one.refusal else None for one in outcomes]


async def test_what_the_owners_rules_refuse_is_refused(core: Core, task: Task) -> None:
    sent = a_reminder_of(task).sent(now=NOW, message_id=1)
    core.database.tables.reminders[sent.id] = sent
    lead = _of_kind(core, ReminderKind.LEAD)
    before = dict(core.database.tables.reminders)
    office, missing = core.back_office.reminders, ReminderId(ULID())
    later, nowhere = NOW + HOUR, TaskId(ULID())

    for refused, kind in (
        (office.add(task.id, at=NOW, by=EDITOR, client=None), ReminderInPast),
        (office.add(nowhere, at=later, by=EDITOR, client=None), TaskNotFound),
        (office.add(task.id, at=later, by=VIEWER, client=None), RoleInsufficient),
        (office.remove(sent.id, by=EDITOR, client=None), ReminderOver),
        (office.remove(missing, by=EDITOR, client=None), ReminderNotFound),
        (office.remove(missing, by=VIEWER, client=None), RoleInsufficient),
        (office.remove(lead.id, by=VIEWER, client=None), RoleInsufficient),
        (office.retry(sent.id, by=EDITOR, client=None), ReminderNotDead),
        (office.retry(missing, by=EDITOR, client=None), ReminderNotFound),
        (office.discard(sent.id, by=VIEWER, client=None), RoleInsufficient),
    ):
        with pytest.raises(kind):
            await refused

    assert core.database.tables.reminders == before
    found = await entries(core.queries)
    assert all(entry.refusal and entry.diff == {} for entry in found)
    assert {entry.object_id for entry in found if entry.verb == "reminder.remove"} == {
        str(task.id),
        str(missing),
    }


async def test_who_has_left_is_not_reminded_of_anything_new(core: Core, task: Task) -> None:
    await core.accounts.leave(actor=task.owner_id)
    core.clock.advance(GRACE)

    with pytest.raises(AccountBeingDeleted):
        await core.back_office.reminders.add(task.id, at=NOW + GRACE + HOUR, by=EDITOR, client=None)
