"""From one thing to those that belong to it, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import URL
from starlette.requests import Request
from starlette_admin.helpers import detail_url
from starlette_admin.types import RequestAction
from ulid import ULID

from taskbot.adapters.admin.fields import Named, ReadOnlyField

_NOWHERE: Final = "0" * 26


def list_link(request: Request, key: str, condition: str = "") -> str:
    """The address of the list *key*, narrowed down by *condition* (as its page spells it)."""
    route = request.app.state.ROUTE_NAME
    url: URL = request.url_for(f"{route}:list", key=key)
    return str(url.include_query_params(filter=condition) if condition else url)


def page_link(request: Request, key: str, record_id: ULID) -> str:
    """The address of the page of *record_id* in the list *key*.

    The library's own, which is made once for a list: each takes it longer than to show a row.
    """
    made: dict[str, str] = getattr(request.state, "page_links", {})
    request.state.page_links = made
    if key not in made:
        made[key] = detail_url(request, key, _NOWHERE)
    return made[key].replace(_NOWHERE, str(record_id), 1)


@dataclass
class LinkField(ReadOnlyField):
    """What a thing belongs to, by its name: *named*. It leads to its page in the list *key*."""

    key: str = ""
    named: Named = str
    list_template: str = "fields/link.html"
    detail_template: str = "fields/link.html"

    async def serialize_value(self, request: Request, value: Any) -> Any:
        if request.state.action is RequestAction.EXPORT:
            return self.named(value)
        return {"text": self.named(value), "url": page_link(request, self.key, value.id)}


@dataclass
class ListsField(ReadOnlyField):
    """The lists of what belongs to a thing: their key, what they are called, and the condition.

    A list, not what is in it: somebody may have thousands of tasks.
    """

    lists: Sequence[tuple[str, str, str]] = ()
    exclude_from_list: bool | None = True
    exclude_from_export: bool | None = True
    searchable: bool | None = False
    detail_template: str = "fields/lists.html"

    async def parse_obj(self, request: Request, obj: Any) -> Any:
        return [
            {"text": str(text), "url": list_link(request, key, condition.format_map(vars(obj)))}
            for key, text, condition in self.lists
        ]
