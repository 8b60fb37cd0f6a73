"""Admin accounts: who may sign in to the panel. Never what they sign in by."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin.fields import IntegerField, StringField

from taskbot.adapters.admin.fields import ChoiceField, IdField, MomentField, YesNoField
from taskbot.adapters.admin.links import ListsField
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import AccountRecord
from taskbot.adapters.admin.searching import id_in, written_like
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.vocabulary import ROLES
from taskbot.adapters.admin.words import mark


class AccountsView(RecordView):
    record = AccountRecord
    key = "accounts"
    menu_label = mark("Admin accounts")
    display_name = mark("admin account")
    search_hint = mark("Name, id")
    icon = "fa fa-user-shield"
    fields = (
        StringField("name", label=mark("Name"), read_only=True),
        ChoiceField("role", label=mark("Role"), words=ROLES, read_only=True),
        YesNoField("active", label=mark("May sign in"), read_only=True),
        ListsField(
            "lists",
            label=mark("Theirs"),
            lists=(
                ("audit", mark("What they did"), "operator__eq={name}"),
                ("audit", mark("What was done to it"), "object__eq={id}"),
            ),
        ),
        MomentField("signed_in_at", label=mark("Signed in last"), read_only=True),
        StringField("signed_in_from", label=mark("From"), read_only=True, exclude_from_list=True),
        MomentField("created_at", label=mark("Created"), read_only=True),
        IdField("id", label=mark("Id")),
        IntegerField("version", label=mark("Version"), read_only=True, exclude_from_list=True),
    )
    columns = ("name", "role", "active", "signed_in_at", "created_at")
    orders = {  # noqa: RUF012 - as the library has its class attributes
        "created_at": Order((AccountRecord.id,)),
        "name": Order((AccountRecord.name,)),
    }

    def looked_for(self, text: str) -> ColumnElement[bool]:
        found = [written_like(AccountRecord.name, text)]
        if (wanted := id_in(text)) is not None:
            found.append(AccountRecord.id == wanted)
        return or_(*found)

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.name)
