"""People."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin.fields import IntegerField, StringField

from taskbot.adapters.admin.fields import (
    ChoiceField,
    ClockTimeField,
    DurationsField,
    IdField,
    MomentField,
    YesNoField,
)
from taskbot.adapters.admin.filters import SameTelegramId, SameText, telegram_id_in
from taskbot.adapters.admin.links import ListsField
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import PERSON, PersonRecord, person_name
from taskbot.adapters.admin.searching import id_in, written_like
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.vocabulary import LANGUAGES
from taskbot.adapters.admin.words import mark

OF_PERSON = "owner__eq={id}"


class PeopleView(RecordView):
    record = PersonRecord
    key = "people"
    menu_label = mark("People")
    display_name = mark("person")
    search_hint = mark("Name, Telegram id, id")
    icon = "fa fa-users"
    fields = (
        StringField("name", label=mark("Name")),
        IntegerField(
            "telegram_id", label=mark("Telegram id"), read_only=True, filters=[SameTelegramId]
        ),
        ListsField(
            "lists",
            label=mark("Theirs"),
            lists=(
                ("tasks", mark("Tasks"), OF_PERSON),
                ("tasks", mark("Open tasks"), f"{OF_PERSON} AND status__eq=open"),
                ("categories", mark("Categories"), OF_PERSON),
                ("reminders", mark("Reminders"), OF_PERSON),
                ("tokens", mark("Access tokens"), OF_PERSON),
                ("dead-letters", mark("Dead letters"), OF_PERSON),
                ("audit", mark("Audit log"), "owner_id__eq={id}"),
            ),
        ),
        ChoiceField("language", label=mark("Language"), words=LANGUAGES),
        StringField("timezone", label=mark("Time zone"), filters=[SameText]),
        YesNoField("timezone_chosen", label=mark("Chose the time zone"), read_only=True),
        YesNoField("reachable", label=mark("Reachable"), read_only=True),
        YesNoField("paused", label=mark("Paused")),
        MomentField("deletion_at", label=mark("Leaves on"), read_only=True),
        DurationsField("lead_times", label=mark("Reminded before"), exclude_from_list=True),
        ClockTimeField("day_start", label=mark("Day starts at"), exclude_from_list=True),
        IntegerField(
            "moved_to", label=mark("Chat moved to"), read_only=True, exclude_from_list=True
        ),
        MomentField("created_at", label=mark("Since"), read_only=True),
        IdField("id", label=mark("Id")),
        IntegerField("version", label=mark("Version"), read_only=True, exclude_from_list=True),
    )
    columns = ("name", "telegram_id", "language", "timezone", "reachable", "paused", "created_at")
    narrow = ("name", "telegram_id", "reachable")
    orders = {  # noqa: RUF012 - as the library has its class attributes
        "created_at": Order((PERSON.id,)),
        "telegram_id": Order((PERSON.telegram_id,)),
    }

    def looked_for(self, text: str) -> ColumnElement[bool]:
        found = [written_like(PERSON.name, text)]
        if (telegram_id := telegram_id_in(text)) is not None:
            found.append(PERSON.telegram_id == telegram_id)
        if (person_id := id_in(text)) is not None:
            found.append(PERSON.id == person_id)
        return or_(*found)

    async def repr(self, obj: Any, request: Request) -> str:
        return person_name(obj)
