"""Admin accounts: by which operators sign in."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin.fields import IntegerField, StringField

from taskbot.adapters.admin.fields import ChoiceField, IdField, MomentField, YesNoField
from taskbot.adapters.admin.links import ListsField
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import ACCOUNT, AdminAccountRecord
from taskbot.adapters.admin.searching import id_in
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.vocabulary import ROLES
from taskbot.adapters.admin.words import mark


class AccountsView(RecordView):
    record = AdminAccountRecord
    key = "accounts"
    menu_label = mark("Admin accounts")
    display_name = mark("admin account")
    search_hint = mark("Name, id")
    icon = "fa fa-user-shield"
    fields = (
        StringField("name", label=mark("Name"), read_only=True),
        ChoiceField("role", label=mark("Role"), words=ROLES),
        YesNoField("active", label=mark("Active"), read_only=True),
        YesNoField("has_password", label=mark("Has a password"), read_only=True),
        MomentField("signed_in_at", label=mark("Signed in"), read_only=True),
        StringField("signed_in_from", label=mark("From address"), read_only=True),
        ListsField(
            "lists",
            label=mark("Theirs"),
            lists=(
                ("audit", mark("What they did"), 'operator__eq="{name}"'),
                (
                    "audit",
                    mark("What was done to it"),
                    "object_kind__eq=admin-account AND object_id__eq={id}",
                ),
            ),
        ),
        MomentField("created_at", label=mark("Created"), read_only=True),
        IdField("id", label=mark("Id")),
        IntegerField("version", label=mark("Version"), read_only=True, exclude_from_list=True),
    )
    columns = ("name", "role", "active", "has_password", "signed_in_at", "created_at")
    narrow = ("name", "role", "active")
    orders = {"created_at": Order((ACCOUNT.id,))}  # noqa: RUF012 - as the library has it

    def looked_for(self, text: str) -> ColumnElement[bool]:
        named = ACCOUNT.name.contains(text.lower(), autoescape=True)
        wanted = id_in(text)
        return named if wanted is None else or_(named, ACCOUNT.id == wanted)

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.name)
