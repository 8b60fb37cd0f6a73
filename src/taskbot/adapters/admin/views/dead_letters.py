"""Dead letters: reminders that were given up."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from starlette_admin.fields import BaseField, IntegerField, StringField

from taskbot.adapters.admin.fields import ChoiceField, IdField, MomentField, YesNoField
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import REMINDER
from taskbot.adapters.admin.searching import written_like
from taskbot.adapters.admin.views.owned import owner, owner_id
from taskbot.adapters.admin.views.reminders import RemindersView, of_any_id, task
from taskbot.adapters.admin.vocabulary import KINDS
from taskbot.adapters.admin.words import mark
from taskbot.adapters.persistence.tables import IS_DEAD


class DeadLettersView(RemindersView):
    key = "dead-letters"
    menu_label = mark("Dead letters")
    display_name = mark("dead letter")
    search_hint = mark("Words of the error; id of the reminder, its task or its owner")
    icon = "fa fa-envelope-circle-check"
    always = (IS_DEAD,)
    fields: Sequence[BaseField] = (
        MomentField("fire_at", label=mark("Promised for"), read_only=True),
        task(),
        owner(),
        ChoiceField("kind", label=mark("Kind"), words=KINDS, read_only=True),
        StringField("last_error", label=mark("Last error"), read_only=True),
        IntegerField("attempt", label=mark("Attempts"), read_only=True),
        IntegerField("failures", label=mark("Failures"), exclude_from_list=True, read_only=True),
        YesNoField("withdrawn", label=mark("Withdrawn"), read_only=True),
        MomentField("created_at", label=mark("Planned"), read_only=True),
        IdField("id", label=mark("Id")),
        IdField("task_id", label=mark("Task's id"), exclude_from_list=True, read_only=True),
        owner_id(),
    )
    columns = ("fire_at", "task", "owner", "kind", "last_error", "attempt")
    narrow = ("fire_at", "task", "last_error")
    orders = {  # noqa: RUF012 - as the library has its class attributes
        "fire_at": Order((REMINDER.fire_at, REMINDER.id)),
    }
    fields_default_sort = (("fire_at", True),)

    def looked_for(self, text: str) -> ColumnElement[bool]:
        by_id = of_any_id(text)
        return written_like(REMINDER.last_error, text) if by_id is None else by_id
