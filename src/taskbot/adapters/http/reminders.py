"""Receipts: what was promised about a task, and what became of it."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.dependencies import Actor, Tasks
from taskbot.adapters.http.parameters import (
    ReminderIdInPath,
    TaskIdInPath,
    reminder_id_from,
    task_id_from,
)
from taskbot.adapters.http.problem_examples import problems
from taskbot.domain.access_token import Scope
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState


class ReminderReceipt(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A ULID.", examples=["01K2Y7T0ZK8Q4M6V3R9XWBN5HC"])]
    kind: Annotated[
        ReminderKind,
        Meta(
            description="`lead`: ahead of the deadline; `due`: at it; `day`: on it; `snooze`: "
            "until the next snooze; `moment`: at a moment of its own."
        ),
    ]
    state: Annotated[
        ReminderState,
        Meta(
            description="`planned`, `claimed` and `sending` are still to come; `unknown` may "
            "have arrived; `failed` was given up."
        ),
    ]
    due_at: Annotated[datetime, Meta(description="The promised moment, in UTC.")]
    sent_at: Annotated[datetime, Meta(description="When it arrived, in UTC.")] | None
    late_seconds: Annotated[float, Meta(description="By how much it came too late.")] | None
    attempts: Annotated[int, Meta(description="How often it was taken in hand.", examples=[1])]
    last_error: Annotated[str, Meta(description="What went wrong at last, if anything.")] | None


class ReminderReceipts(Struct, frozen=True):
    """All reminders of one task, earliest first."""

    items: list[ReminderReceipt]


class NewReminder(Body, frozen=True, kw_only=True):
    at: Annotated[
        datetime,
        Meta(
            tz=True,
            description="When to remind (RFC 3339, with its offset).",
            examples=["2031-05-17T18:00:00+03:00"],
        ),
    ]


def receipt(reminder: Reminder) -> ReminderReceipt:
    sent_at = reminder.sent_at
    late = None if sent_at is None else reminder.lateness(now=sent_at).total_seconds()
    return ReminderReceipt(
        id=str(reminder.id),
        kind=reminder.kind,
        state=reminder.state,
        due_at=reminder.fire_at,
        sent_at=sent_at,
        late_seconds=late,
        attempts=reminder.attempt,
        last_error=reminder.last_error,
    )


class ReminderController(Controller):
    path = "/tasks/{task_id:str}/reminders"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("tasks",)

    @get(
        operation_id="listTaskReminders",
        summary="List the reminders of a task",
        description="Past and future: what was promised, and what became of it.",
        responses=problems(400, 401, 403, 404),
    )
    async def list_reminders(
        self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor
    ) -> ReminderReceipts:
        card = await tasks.card(task_id_from(task_id), actor=actor.id)
        return ReminderReceipts([receipt(reminder) for reminder in card.reminders])

    @post(
        operation_id="addTaskReminder",
        summary="Be reminded at a moment of your own",
        description="Stays wherever the deadline goes, until the task is completed. At most ten "
        "are ahead at a time; another one for the same moment is the same one.",
        responses=problems(400, 401, 403, 404, 409, 413, 415, 422),
    )
    async def add_reminder(
        self, task_id: TaskIdInPath, data: JSONBody[NewReminder], tasks: Tasks, actor: Actor
    ) -> ReminderReceipt:
        return receipt(await tasks.add_reminder(task_id_from(task_id), at=data.at, actor=actor.id))

    @delete(
        "/{reminder_id:str}",
        operation_id="removeTaskReminder",
        summary="Take a reminder back",
        description="One that follows the deadline is left out from now on: the task gets "
        "`lead_times` of its own. What is being sent at this moment may still arrive.",
        responses=problems(400, 401, 403, 404, 409),
    )
    async def remove_reminder(
        self, task_id: TaskIdInPath, reminder_id: ReminderIdInPath, tasks: Tasks, actor: Actor
    ) -> None:
        await tasks.remove_reminder(
            task_id_from(task_id), reminder_id_from(reminder_id), actor=actor.id
        )
