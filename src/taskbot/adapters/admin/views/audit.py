"""The audit log: what operators did, and what they were refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, or_
from starlette.requests import Request
from starlette_admin.fields import StringField
from starlette_admin.filters import FilterApplyContext
from starlette_admin.types import RequestAction
from ulid import ULID

from taskbot.adapters.admin.fields import ChoiceField, IdField, MomentField, ReadOnlyField
from taskbot.adapters.admin.filters import Missing, Present, SameId, SameText
from taskbot.adapters.admin.links import page_link
from taskbot.adapters.admin.listing import Order
from taskbot.adapters.admin.records import AuditRecord
from taskbot.adapters.admin.searching import id_in
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.vocabulary import DEEDS, THINGS
from taskbot.adapters.admin.words import mark
from taskbot.domain.audit import AuditedKind

_LISTS: Final[Mapping[str, str]] = {
    AuditedKind.TASK: "tasks",
    AuditedKind.PERSON: "people",
    AuditedKind.CATEGORY: "categories",
    AuditedKind.REMINDER: "reminders",
    AuditedKind.ACCESS_TOKEN: "tokens",
    AuditedKind.ADMIN_ACCOUNT: "accounts",
}
"""Where things of a kind are to be seen."""


class SameObject(SameText):
    """The thing with this id, whatever it is."""

    label = mark("is (id)")

    def apply(self, ctx: FilterApplyContext) -> Any:
        given: str = ctx.value
        of_any_kind = [
            (AuditRecord.object_kind == kind.value) & (AuditRecord.object_id == given)
            for kind in AuditedKind
        ]
        return or_(*of_any_kind)


class OwnedBy(SameId):
    column = "owner_id"


class Refused(Present):
    label = mark("was refused")


class Done(Missing):
    label = mark("was done")


@dataclass
class ThingField(ReadOnlyField):
    """What it was done to, leading there: by its id, for it may be called otherwise by now."""

    list_template: str = "fields/link.html"
    detail_template: str = "fields/link.html"

    async def parse_obj(self, request: Request, obj: Any) -> Any:
        return None if obj.object_id is None else (obj.object_kind, obj.object_id)

    async def serialize_value(self, request: Request, value: tuple[str, str]) -> Any:
        kind, object_id = value
        words = str(next((text for known, text in THINGS.items() if known == kind), kind))
        if request.state.action is RequestAction.EXPORT or kind not in _LISTS:
            return f"{kind} {object_id}"
        url = page_link(request, _LISTS[kind], ULID.from_str(object_id))
        return {"text": f"{words} {object_id[-6:]}", "url": url}


@dataclass
class DiffField(ReadOnlyField):
    """What was different afterwards; of a person who is gone it is gone with them."""

    detail_template: str = "fields/diff.html"
    list_template: str = "fields/diff.html"

    async def serialize_value(self, request: Request, value: Mapping[str, Any]) -> Any:
        if request.state.action is RequestAction.EXPORT:
            return "; ".join(f"{name}: {old!r} -> {new!r}" for name, (old, new) in value.items())
        return [
            {"name": name, "before": _shown(old), "after": _shown(new)}
            for name, (old, new) in value.items()
        ]


def _shown(value: Any) -> str:
    match value:
        case None:
            return "—"
        case list():
            return ", ".join(map(_shown, value)) or "—"
        case _:
            return str(value)


class AuditView(RecordView):
    record = AuditRecord
    key = "audit"
    menu_label = mark("Audit log")
    display_name = mark("audit entry")
    search_hint = mark("Operator, id of the thing or of its owner")
    icon = "fa fa-clipboard-list"
    fields = (
        MomentField("at", label=mark("When"), read_only=True),
        StringField("operator", label=mark("Who"), read_only=True, filters=[SameText]),
        ChoiceField("verb", label=mark("What"), words=DEEDS, read_only=True),
        ThingField("object", label=mark("To what"), filters=[SameObject]),
        StringField(
            "refusal", label=mark("Refused because"), read_only=True, filters=[Refused, Done]
        ),
        DiffField("diff", label=mark("Before and after")),
        StringField("client", label=mark("From"), read_only=True, exclude_from_list=True),
        IdField("owner_id", label=mark("Owner's id"), exclude_from_list=True, filters=[OwnedBy]),
        IdField("id", label=mark("Id")),
    )
    columns = ("at", "operator", "verb", "object", "refusal", "diff")
    orders = {"at": Order((AuditRecord.at, AuditRecord.id))}  # noqa: RUF012 - as the library has it
    fields_default_sort = (("at", True),)

    def looked_for(self, text: str) -> ColumnElement[bool]:
        found = [AuditRecord.operator == text]
        if (wanted := id_in(text)) is not None:
            found.append(AuditRecord.owner_id == wanted)
            found += [
                (AuditRecord.object_kind == kind.value) & (AuditRecord.object_id == str(wanted))
                for kind in AuditedKind
            ]
        return or_(*found)

    async def repr(self, obj: Any, request: Request) -> str:
        words = next((text for known, text in DEEDS.items() if known == obj.verb), obj.verb)
        return f"{obj.operator}: {words}"
