"""People."""

from typing import Any

from starlette.requests import Request
from starlette_admin.fields import BooleanField, EnumField, IntegerField, StringField

from taskbot.adapters.admin.fields import IdField, MomentField
from taskbot.adapters.admin.records import PersonRecord
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.words import mark
from taskbot.domain.user import Language


class PeopleView(RecordView):
    record = PersonRecord
    key = "people"
    menu_label = mark("People")
    display_name = mark("person")
    icon = "fa fa-users"
    fields = (
        StringField("name", label=mark("Name")),
        IntegerField("telegram_id", label=mark("Telegram id"), read_only=True),
        EnumField("language", label=mark("Language"), enum=Language),
        StringField("timezone", label=mark("Time zone")),
        BooleanField("reachable", label=mark("Reachable"), read_only=True),
        BooleanField("paused", label=mark("Paused")),
        MomentField("created_at", label=mark("Since"), read_only=True),
        IdField("id", label=mark("Id")),
    )
    searchable_fields = ("name",)
    sortable_fields = ("created_at", "name")
    fields_default_sort = (("created_at", True),)

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.name or obj.telegram_id)
