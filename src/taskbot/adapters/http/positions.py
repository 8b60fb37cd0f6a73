"""Positions: places in a list that a client writes down itself, such as the bot in its buttons.

What the list is sorted by, of the task that is there, then the task's id, with commas:
`2031-05-17T15:00:00Z,01K2Y7T0ZK8Q4M6V3R9XWBN5HC`. A position is no secret and no promise: it is
good in the client's own list only, and need not be one of a task that there (still) is.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Final, TypeAlias

import msgspec
from attrs import frozen
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from ulid import ULID

from taskbot.adapters.http.cursors import Cursors, SortedList
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.ports import NEVER, TaskOrder, TaskPage, TaskPosition
from taskbot.domain.ids import TaskId

_NEVER: Final = "never"
_MOMENT: Final = Annotated[datetime, msgspec.Meta(tz=True)]
_PRIORITIES: Final = frozenset("1234")
_LONGEST: Final = 100
_EXAMPLE: Final = [Example(value="2031-05-17T15:00:00Z,01K2Y7T0ZK8Q4M6V3R9XWBN5HC")]

CursorQuery: TypeAlias = Annotated[
    str | None, QueryParameter(description="`next_cursor` of the page before.")
]
AfterQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        description="Instead of a cursor: the page behind this place. A place is what the list is "
        "sorted by (the end of the deadline in UTC or `never`; the creation; the completion; the "
        "priority, then the deadline) and a task's id, with commas between them.",
        examples=_EXAMPLE,
    ),
]
BeforeQuery: TypeAlias = Annotated[
    str | None,
    QueryParameter(
        description="Instead of a cursor: the page before this place, as in `after`.",
        examples=_EXAMPLE,
    ),
]


@frozen
class Turn:
    """Which page: the one behind a place, the one before it, or the first."""

    after: TaskPosition | None = None
    before: TaskPosition | None = None


async def turn_to(
    *, cursor: str | None, after: str | None, before: str | None, of: SortedList, cursors: Cursors
) -> Turn:
    """The page that is asked for; raise `Refused` for two of them at once."""
    given = {"cursor": cursor, "after": after, "before": before}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise _refused(named, "place-ambiguous", "one place at a time: cursor, after or before")
    if cursor is not None:
        return Turn(after=await cursors.read(cursor, of=of))
    return Turn(
        after=None if after is None else _read("after", after, of.order),
        before=None if before is None else _read("before", before, of.order),
    )


def position_text(place: TaskPosition) -> str:
    """How *place* is written in a query."""
    return ",".join([*map(_key_text, place.keys), str(place.task_id)])


def places_around(page: TaskPage) -> dict[str, tuple[str, str] | None]:
    """Where the pages around *page* are: for `page_links`."""
    ahead, behind = page.following, page.preceding
    return {
        "next": None if ahead is None else ("after", position_text(ahead)),
        "prev": None if behind is None else ("before", position_text(behind)),
    }


def _key_text(key: datetime | int) -> str:
    if isinstance(key, int):
        return str(key)
    return _NEVER if key == NEVER else key.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(parameter: str, text: str, order: TaskOrder) -> TaskPosition:
    *keys, task_id = text.split(",")
    try:
        if len(text) > _LONGEST:
            raise ValueError(text)  # noqa: TRY301 - as any other that is none
        return TaskPosition(_keys(keys, order), TaskId(ULID.from_str(task_id)))
    except (ValueError, OverflowError):  # a msgspec.ValidationError is a ValueError
        detail = "a place looks like 2031-05-17T15:00:00Z,01K2Y7T0ZK8Q4M6V3R9XWBN5HC"
        raise _refused([parameter], "place-invalid", detail) from None


def _keys(texts: list[str], order: TaskOrder) -> tuple[datetime | int, ...]:
    if order is not TaskOrder.PRIORITY:
        (moment,) = texts
        return (_moment(moment),)
    priority, moment = texts
    if priority not in _PRIORITIES:
        raise ValueError(priority)
    return int(priority), _moment(moment)


def _moment(text: str) -> datetime:
    if text == _NEVER:
        return NEVER
    moment: datetime = msgspec.convert(text.replace(" ", "+"), _MOMENT)
    return moment.astimezone(UTC)


def _refused(parameters: list[str], code: str, detail: str) -> Refused:
    return Refused(
        HTTPStatus.BAD_REQUEST,
        "parameters-invalid",
        f"{', '.join(parameters)}: {detail}",
        tuple(FieldProblem.of(name, code, detail) for name in parameters),
    )
