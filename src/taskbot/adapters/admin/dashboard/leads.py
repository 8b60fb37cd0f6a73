"""From a figure to the list of what it counts."""

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen
from starlette.requests import Request
from starlette_admin.views import BaseModelView, BaseView, DropDown

from taskbot.adapters.admin.links import list_link


@frozen
class Lead:
    """The list *key*, narrowed down by *condition*, as its page spells it."""

    key: str
    condition: str = ""


PEOPLE: Final = Lead("people")
LOST: Final = Lead("people", "reachable__is_false")
PAUSED: Final = Lead("people", "paused__is_true")
REACHABLE: Final = Lead("people", "reachable__is_true")
LEAVING: Final = Lead("people", "deletion_at__is_not_null")
OPEN: Final = Lead("tasks", "status__eq=open")
OVERDUE: Final = Lead("tasks", "due__overdue")
REMINDERS: Final = Lead("reminders")
DEAD_LETTERS: Final = Lead("dead-letters")


@frozen
class Leads:
    """What this operator can be led to: *lists* are the keys of the lists that they may see."""

    _request: Request
    _lists: frozenset[str]

    @classmethod
    def of(cls, request: Request, views: Iterable[BaseView]) -> "Leads":
        return cls(request, frozenset(_keys(request, views)))

    def to(self, lead: Lead) -> str | None:
        """The address; None where there is no such list."""
        if lead.key not in self._lists:
            return None
        return list_link(self._request, lead.key, lead.condition)


def _keys(request: Request, views: Iterable[BaseView]) -> Iterator[str]:
    for view in views:
        if isinstance(view, DropDown):
            yield from _keys(request, view.views)
        elif isinstance(view, BaseModelView) and view.is_accessible(request):
            yield str(view.key)
