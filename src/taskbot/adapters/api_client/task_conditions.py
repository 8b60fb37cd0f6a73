"""Which tasks to list, in which order: as the query of `GET /tasks`."""

from datetime import UTC, datetime
from typing import Final, TypedDict

from taskbot.application.ports import (
    NEVER,
    UNCATEGORIZED,
    TaskOrder,
    TaskPosition,
    Uncategorized,
)
from taskbot.application.task_commands import DuePeriod
from taskbot.domain.ids import CategoryId
from taskbot.domain.task import Priority, TaskStatus
from taskbot.domain.time_span import TimeSpan


class TaskConditions(TypedDict, total=False):
    """Only tasks to which all of it applies; what is left out, or None, applies to every task.

    *timezone*: by whose clocks it is today; by default by the person's own. *text*: words in any
    form, in any order. *order* and *descending* sort the list.
    """

    status: TaskStatus | None
    category: CategoryId | Uncategorized | None
    priorities: frozenset[Priority]
    has_deadline: bool | None
    due: DuePeriod | TimeSpan | None
    overdue: bool | None
    text: str
    timezone: str | None
    order: TaskOrder
    descending: bool


_PERIODS: Final = {
    DuePeriod.TODAY: "today",
    DuePeriod.THIS_WEEK: "week",
    DuePeriod.UPCOMING: "upcoming",
}


def nothing_fits(given: TaskConditions) -> bool:
    """Whether they contradict each other, which the query has no words for."""
    return given.get("due") is not None and given.get("has_deadline") is False


def query_of(given: TaskConditions) -> dict[str, str]:
    order = given.get("order", TaskOrder.DEADLINE)
    category, overdue = given.get("category"), given.get("overdue")
    query = {
        "status": given.get("status"),
        "category_id": "none" if category is UNCATEGORIZED else category,
        "priority": ",".join(str(one.value) for one in sorted(given.get("priorities", ()))),
        "overdue": None if overdue is None else str(overdue).lower(),
        "q": given.get("text", "").strip(),
        "timezone": given.get("timezone"),
        "sort": f"-{order}" if given.get("descending") else order,
        **_due(given),
    }
    return {name: str(value) for name, value in query.items() if value}


def _due(given: TaskConditions) -> dict[str, str | None]:
    match given.get("due"), given.get("has_deadline"):
        case TimeSpan(start=None, end=None), _:
            return {"due": "any"}
        case TimeSpan(start=start, end=end), _:
            return {"due_from": _or_none(start), "due_before": _or_none(end)}
        case DuePeriod() as period, _:
            return {"due": _PERIODS[period]}
        case _, bool() as has_deadline:
            return {"due": "any" if has_deadline else "none"}
        case _:
            return {}


def _or_none(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)


def moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def position_text(place: TaskPosition) -> str:
    """A place in a list, as `after` and `before` have it."""
    return ",".join([*map(_key_text, place.keys), str(place.task_id)])


def _key_text(key: datetime | int) -> str:
    if isinstance(key, int):
        return str(key)
    return "never" if key == NEVER else moment_text(key)
