"""The audit log: what operators did, and what was refused to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin.fields import StringField
from starlette_admin.types import RequestAction

from taskbot.adapters.admin.fields import ChoiceField, IdField, MomentField, ReadOnlyField
from taskbot.adapters.admin.filters import Missing, OfPerson, Present, SameText
from taskbot.adapters.admin.links import page_link
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import ENTRY, AuditRecord
from taskbot.adapters.admin.searching import id_in
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.vocabulary import OBJECTS, VERBS
from taskbot.adapters.admin.words import mark, say
from taskbot.domain.audit import AuditedKind

_AT_HOME: Final[Mapping[str, str]] = {
    AuditedKind.TASK: "tasks",
    AuditedKind.PERSON: "people",
    AuditedKind.CATEGORY: "categories",
    AuditedKind.REMINDER: "reminders",
    AuditedKind.ACCESS_TOKEN: "tokens",
    AuditedKind.ADMIN_ACCOUNT: "accounts",
}


class Done(Missing):
    label = mark("was done")


class Refused(Present):
    label = mark("was refused")


@dataclass
class IdLinkField(ReadOnlyField):
    """An id that leads to the page of what it belongs to, which may be gone by now."""

    kind: str = ""
    list_template: str = "fields/id_link.html"
    detail_template: str = "fields/id_link.html"

    async def parse_obj(self, request: Request, obj: Any) -> Any:
        value = getattr(obj, self.name)
        return None if value is None else (self.kind or obj.object_kind, str(value))

    async def serialize_value(self, request: Request, value: tuple[str, str]) -> Any:
        kind, key = value
        if request.state.action is RequestAction.EXPORT:
            return key
        wanted, home = id_in(key), _AT_HOME.get(kind)
        if wanted is None or home is None:
            return {"text": key, "url": None}
        return {"text": key, "url": page_link(request, home, wanted)}


@dataclass
class DiffField(ReadOnlyField):
    """What was before and what is after, field by field."""

    list_template: str = "fields/list/diff.html"
    detail_template: str = "fields/diff.html"

    async def serialize_value(self, request: Request, value: Mapping[str, Any]) -> Any:
        if request.state.action is RequestAction.EXPORT:
            return json.dumps(value, ensure_ascii=False)
        return [
            {"name": name, "before": _plain(before), "after": _plain(after)}
            for name, (before, after) in value.items()
        ]


def _plain(value: Any) -> str:
    if value is None:
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class AuditView(RecordView):
    record = AuditRecord
    key = "audit"
    menu_label = mark("Audit log")
    display_name = mark("audit entry")
    search_hint = mark("Operator, id of what was changed or of its owner")
    icon = "fa fa-clipboard-list"
    fields = (
        MomentField("at", label=mark("When"), read_only=True),
        StringField("operator", label=mark("Operator"), read_only=True, filters=[SameText]),
        ChoiceField("verb", label=mark("What"), words=VERBS, read_only=True),
        ChoiceField("object_kind", label=mark("Of the kind"), words=OBJECTS, read_only=True),
        IdLinkField("object_id", label=mark("Of which"), filters=[SameText, Missing]),
        IdLinkField("owner_id", label=mark("Whose"), kind="person", filters=[OfPerson]),
        StringField(
            "refusal", label=mark("Refused as"), read_only=True, filters=[Refused, Done, SameText]
        ),
        DiffField("diff", label=mark("What is different")),
        StringField("client", label=mark("From address"), read_only=True, filters=[SameText]),
        IdField("id", label=mark("Id")),
    )
    columns = ("at", "operator", "verb", "object_id", "refusal", "diff")
    narrow = ("at", "operator", "verb")
    orders: ClassVar[Mapping[str, Order]] = {"at": Order((ENTRY.at, ENTRY.id))}
    fields_default_sort = (("at", True),)

    def looked_for(self, text: str) -> ColumnElement[bool]:
        by_operator = ENTRY.operator.startswith(text.lower(), autoescape=True)
        if (wanted := id_in(text)) is None:
            return by_operator
        return or_(
            ENTRY.id == wanted,
            # Of whatever kind: so it is found by the index, which begins with kinds.
            ENTRY.object_kind.in_(list(_AT_HOME)) & (ENTRY.object_id == str(wanted)),
            ENTRY.owner_id == wanted,
        )

    async def repr(self, obj: Any, request: Request) -> str:
        verb = next((str(word) for known, word in VERBS.items() if known == obj.verb), obj.verb)
        return say("%(operator)s %(verb)s", operator=obj.operator, verb=verb)
