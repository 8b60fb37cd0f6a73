"""Reminders: what was promised to people, and what became of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import joinedload
from starlette.requests import Request
from starlette_admin.fields import BaseField, IntegerField, StringField
from starlette_admin.filters import FilterApplyContext

from taskbot.adapters.admin.fields import ChoiceField, IdField, MomentField, YesNoField
from taskbot.adapters.admin.filters import (
    Is,
    NoneOf,
    OneOf,
    SameId,
    chosen,
    walked,
    written_out,
)
from taskbot.adapters.admin.links import LinkField
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import REMINDER, ReminderRecord, TaskRecord
from taskbot.adapters.admin.searching import id_in, written_like
from taskbot.adapters.admin.views.owned import owner, owner_id, with_owner
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.vocabulary import KINDS, STATES
from taskbot.adapters.admin.words import mark
from taskbot.adapters.persistence.tables import IS_DEAD, IS_PENDING
from taskbot.domain.reminder import ReminderState

_LONGER_THAN_A_LEASE: Final = timedelta(hours=1)


def _soon_available(ctx: FilterApplyContext) -> ColumnElement[bool]:
    """True of all that are at work: their lease ends soon. The index has them all together."""
    now = ctx.view.parts.clock.now()  # type: ignore[union-attr] # a view of ours
    return and_(
        IS_PENDING,
        REMINDER.available_at.is_not(None),
        REMINDER.available_at <= now + _LONGER_THAN_A_LEASE,
    )


class StateIs(Is):
    """Few are at work, failed or unknown, and they have indexes; of all other states are many."""

    def apply(self, ctx: FilterApplyContext) -> Any:
        condition = super().apply(ctx)
        match next(iter(chosen(ctx)), None):
            case ReminderState.CLAIMED | ReminderState.SENDING:
                return and_(condition, _soon_available(ctx))
            case ReminderState.FAILED:
                # By themselves, or SQLite would not think of their index: it is sorted otherwise.
                dead = select(REMINDER.id).where(IS_DEAD).correlate(None)
                return REMINDER.id.in_(dead)
            case ReminderState.UNKNOWN:
                return condition
            case _:
                return next(
                    (walked(ctx, REMINDER.state) == one for one in written_out(ctx)),
                    false(),
                )


class OfTask(SameId):
    column = "task_id"


def task() -> LinkField:
    return LinkField(
        "task",
        label=mark("Task"),
        key="tasks",
        named=lambda task: str(task.title),
        filters=[OfTask],
    )


def of_any_id(text: str) -> ColumnElement[bool] | None:
    """The reminder, its task or its owner has the id *text*; None if that is no id."""
    if (wanted := id_in(text)) is None:
        return None
    return or_(
        REMINDER.id == wanted,
        REMINDER.task_id == wanted,
        REMINDER.owner_id == wanted,
    )


_TASK: Final[Any] = TaskRecord
WITH_TASK: Final = joinedload(ReminderRecord.task).load_only(_TASK.title)


class RemindersView(RecordView):
    record = ReminderRecord
    key = "reminders"
    menu_label = mark("Reminders")
    display_name = mark("reminder")
    search_hint = mark("Id of the reminder, its task or its owner")
    icon = "fa fa-bell"
    fields: Sequence[BaseField] = (
        MomentField("fire_at", label=mark("Promised for"), read_only=True),
        task(),
        owner(),
        ChoiceField("kind", label=mark("Kind"), words=KINDS, read_only=True),
        ChoiceField(
            "state",
            label=mark("State"),
            words=STATES,
            read_only=True,
            filters=[StateIs, OneOf, NoneOf],
        ),
        MomentField("sent_at", label=mark("Sent"), read_only=True),
        MomentField("available_at", label=mark("Next try"), read_only=True),
        IntegerField("attempt", label=mark("Attempts"), exclude_from_list=True, read_only=True),
        IntegerField("failures", label=mark("Failures"), exclude_from_list=True, read_only=True),
        IntegerField(
            "uncertain", label=mark("Uncertain tries"), exclude_from_list=True, read_only=True
        ),
        StringField("last_error", label=mark("Last error"), read_only=True),
        IntegerField("message_id", label=mark("Message"), exclude_from_list=True, read_only=True),
        YesNoField("withdrawn", label=mark("Withdrawn"), read_only=True),
        YesNoField("alone", label=mark("Sent alone"), exclude_from_list=True, read_only=True),
        MomentField("created_at", label=mark("Planned"), read_only=True),
        IdField("id", label=mark("Id")),
        IdField("task_id", label=mark("Task's id"), exclude_from_list=True, read_only=True),
        owner_id(),
    )
    columns = ("fire_at", "task", "owner", "kind", "state", "sent_at")
    narrow = ("fire_at", "task", "state")
    orders = {"created_at": Order((REMINDER.id,))}  # noqa: RUF012 - as the library has it
    beside = (with_owner(ReminderRecord), WITH_TASK)

    def looked_for(self, text: str) -> ColumnElement[bool]:
        by_id = of_any_id(text)
        # Of what reminders say themselves only their errors are texts, and few have one.
        return written_like(REMINDER.last_error, text) & IS_DEAD if by_id is None else by_id

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.task.title)
