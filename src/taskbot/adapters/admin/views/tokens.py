"""Access tokens of all people: whose they are and what for, never what they are."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin.fields import StringField

from taskbot.adapters.admin.fields import IdField, MomentField, WordListField
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import TOKEN, AccessTokenRecord
from taskbot.adapters.admin.searching import id_in, written_like
from taskbot.adapters.admin.views.owned import owner, owner_id, with_owner
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.words import mark
from taskbot.domain.access_token import SHOWN_LENGTH


class TokensView(RecordView):
    record = AccessTokenRecord
    key = "tokens"
    menu_label = mark("Access tokens")
    display_name = mark("access token")
    search_hint = mark("Name, beginning of the token, id")
    icon = "fa fa-key"
    fields = (
        StringField("name", label=mark("Name"), read_only=True),
        StringField("prefix", label=mark("Begins with"), read_only=True),
        owner(),
        WordListField("scopes", label=mark("Good for")),
        MomentField("expires_at", label=mark("Expires"), read_only=True),
        MomentField("last_used_at", label=mark("Last used"), read_only=True),
        MomentField("created_at", label=mark("Created"), read_only=True),
        IdField("id", label=mark("Id")),
        owner_id(),
    )
    columns = ("name", "prefix", "owner", "scopes", "expires_at", "last_used_at", "created_at")
    narrow = ("name", "owner", "last_used_at")
    orders = {"created_at": Order((TOKEN.id,))}  # noqa: RUF012 - as the library has it
    beside = (with_owner(AccessTokenRecord),)

    def looked_for(self, text: str) -> ColumnElement[bool]:
        # A whole token may have been pasted: what is kept of it is its beginning.
        found = [
            written_like(TOKEN.name, text),
            TOKEN.prefix.startswith(text[:SHOWN_LENGTH], autoescape=True),
        ]
        if (wanted := id_in(text)) is not None:
            found += [
                TOKEN.id == wanted,
                TOKEN.owner_id == wanted,
            ]
        return or_(*found)

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.name or obj.prefix)
