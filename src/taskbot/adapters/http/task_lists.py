"""Which list of tasks a client asks for: the query of `GET /tasks`."""

import re
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final, TypeAlias

import msgspec
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from taskbot.adapters.http.parameters import category_id_from
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.ports import UNCATEGORIZED, TaskOrder, Uncategorized
from taskbot.application.search_words import LONGEST_SEARCH
from taskbot.application.task_commands import DuePeriod
from taskbot.domain.ids import CategoryId
from taskbot.domain.task import Priority, TaskStatus
from taskbot.domain.time_span import TimeSpan

_NONE: Final = "none"
_MOMENT: Final = {"format": "date-time"}  # for the description alone
_PRIORITIES: Final = re.compile("[1-4](,[1-4])*", re.ASCII)


class Due(StrEnum):
    TODAY = "today"
    WEEK = "week"
    UPCOMING = "upcoming"
    ANY = "any"
    NONE = "none"


class Sort(StrEnum):
    DEADLINE = "deadline"
    LATEST_DEADLINE = "-deadline"
    CREATED = "created"
    LATEST_CREATED = "-created"
    PRIORITY = "priority"
    LOWEST_PRIORITY = "-priority"
    COMPLETED = "completed"
    LATEST_COMPLETED = "-completed"

    @property
    def order(self) -> TaskOrder:
        return TaskOrder(self.value.removeprefix("-"))

    @property
    def descending(self) -> bool:
        return self.value.startswith("-")


StatusQuery: TypeAlias = Annotated[
    TaskStatus | None, QueryParameter(description="Only tasks of this status.")
]
CategoryQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(description="Only tasks of the category with this id; `none`: without one."),
]
PriorityQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        description="Only tasks of these priorities, with commas between them.",
        schema_extra={"pattern": "^[1-4](,[1-4])*$"},
        examples=[Example(value="1,2")],
    ),
]
DueQuery: TypeAlias = Annotated[
    Due | None,
    QueryParameter(
        description="Due today, this week (from Monday to Sunday) or from tomorrow on "
        "(`upcoming`) by your clocks; with `any` deadline, or with `none`."
    ),
]
DueFromQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        description="Only tasks whose deadline is not before this moment (RFC 3339). A whole day "
        "counts as its last moment.",
        schema_extra=_MOMENT,
        examples=[Example(value="2031-05-17T18:00:00Z")],
    ),
]
DueBeforeQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        description="Only tasks whose deadline is before this moment (RFC 3339).",
        schema_extra=_MOMENT,
        examples=[Example(value="2031-05-18T00:00:00+03:00")],
    ),
]
OverdueQuery: TypeAlias = Annotated[
    bool | None,
    QueryParameter(description="Open although the deadline is over; or, with `false`, not so."),
]
TimezoneQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        description="By whose clocks it is today (an IANA name); by default by yours.",
        examples=[Example(value="Europe/Berlin")],
    ),
]
SearchQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        max_length=LONGEST_SEARCH,
        description="Only tasks with all of these words in title or description, in any form "
        "(Russian and English); the beginning of a word is enough.",
        examples=[Example(value="молоко")],
    ),
]
SortQuery: TypeAlias = Annotated[
    Sort,
    QueryParameter(
        description="`deadline`: nearest first, none last; `created`: oldest first; `priority`: "
        "most important first, then nearest deadline; `completed`: completed longest ago first, "
        "open tasks left out. With a minus the other way round."
    ),
]


def category_from(text: str | None) -> CategoryId | Uncategorized | None:
    return UNCATEGORIZED if text == _NONE else category_id_from(text)


def priorities_from(text: str | None) -> frozenset[Priority]:
    if text is None:
        return frozenset()
    if not _PRIORITIES.fullmatch(text):
        raise _refused("priority", "priorities are numbers from 1 to 4, with commas between them")
    return frozenset(Priority(int(number)) for number in text.split(","))


def has_deadline_from(due: Due | None) -> bool | None:
    return {Due.ANY: True, Due.NONE: False}.get(due) if due else None


def span_from(due: Due | None, start: str | None, end: str | None) -> DuePeriod | TimeSpan | None:
    """The span in which deadlines are asked for: a named one, or one of the client's own."""
    if start is None and end is None:
        periods = {
            Due.TODAY: DuePeriod.TODAY,
            Due.WEEK: DuePeriod.THIS_WEEK,
            Due.UPCOMING: DuePeriod.UPCOMING,
        }
        return periods.get(due) if due else None
    if due is not None:
        raise _refused("due", "either due, or due_from and due_before", code="due-ambiguous")
    return TimeSpan(_moment("due_from", start), _moment("due_before", end))


def _moment(parameter: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        # A plus that was not escaped has arrived as a space.
        moment: datetime = msgspec.convert(
            text.replace(" ", "+"), Annotated[datetime, msgspec.Meta(tz=True)], strict=True
        )
        moment.astimezone()
    except (msgspec.ValidationError, OverflowError):
        raise _refused(parameter, "a moment looks like 2031-05-17T18:00:00+03:00") from None
    return moment


def _refused(parameter: str, detail: str, *, code: str = "parameter-invalid") -> Refused:
    return Refused(
        HTTPStatus.BAD_REQUEST,
        "parameters-invalid",
        f"{parameter}: {detail}",
        (FieldProblem.of(parameter, code, detail),),
    )
