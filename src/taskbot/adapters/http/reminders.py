"""Receipts: what was promised about a task, and what became of it."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get
from msgspec import Meta, Struct

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.dependencies import Actor, Tasks
from taskbot.adapters.http.parameters import TaskIdInPath, task_id_from
from taskbot.adapters.http.problem_examples import problems
from taskbot.domain.access_token import Scope
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState


class ReminderReceipt(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A ULID.", examples=["01K2Y7T0ZK8Q4M6V3R9XWBN5HC"])]
    kind: Annotated[
        ReminderKind,
        Meta(description="`lead`: ahead of the deadline; `due`: at it; `day`; `snooze`."),
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
