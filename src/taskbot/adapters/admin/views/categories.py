"""Categories of all people."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin.fields import IntegerField, StringField

from taskbot.adapters.admin.fields import IdField, MomentField
from taskbot.adapters.admin.links import ListsField
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import CATEGORY, CategoryRecord
from taskbot.adapters.admin.searching import id_in
from taskbot.adapters.admin.views.owned import owner, owner_id, with_owner
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.words import mark


class CategoriesView(RecordView):
    record = CategoryRecord
    key = "categories"
    menu_label = mark("Categories")
    display_name = mark("category")
    search_hint = mark("Name, id")
    icon = "fa fa-tags"
    fields = (
        StringField("name", label=mark("Name"), required=True, maxlength=50),
        StringField("emoji", label=mark("Emoji")),
        owner(),
        ListsField(
            "lists",
            label=mark("In it"),
            lists=(
                ("tasks", mark("Tasks"), "category__eq={id}"),
                ("tasks", mark("Open tasks"), "category__eq={id} AND status__eq=open"),
            ),
        ),
        MomentField("created_at", label=mark("Created"), read_only=True),
        IdField("id", label=mark("Id")),
        owner_id(),
        IntegerField("version", label=mark("Version"), read_only=True, exclude_from_list=True),
    )
    columns = ("name", "emoji", "owner", "created_at")
    narrow = ("name", "owner")
    orders = {"created_at": Order((CATEGORY.id,))}  # noqa: RUF012 - as the library has it
    beside = (with_owner(CategoryRecord),)

    def looked_for(self, text: str) -> ColumnElement[bool]:
        # The key is the name without regard to case.
        named = CATEGORY.key.contains(text.casefold(), autoescape=True)
        if (wanted := id_in(text)) is None:
            return named
        return or_(named, CATEGORY.id == wanted, CATEGORY.owner_id == wanted)

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.name)
