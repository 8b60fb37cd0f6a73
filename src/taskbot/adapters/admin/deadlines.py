"""Deadlines, by two clocks: the operator's, and those of the person who set them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette_admin.i18n import format_date, format_datetime, get_timezone, get_tzinfo
from starlette_admin.types import RequestAction

from taskbot.adapters.admin.fields import ReadOnlyField
from taskbot.domain.task import TaskStatus
from taskbot.domain.timezone import timezone_names, zone


@dataclass
class DeadlineField(ReadOnlyField):
    """The deadline of a task: a moment by the operator's clocks, or a day on the person's calendar.

    What the person's clocks show stands beside it where they differ.
    """

    list_template: str = "fields/deadline.html"
    detail_template: str = "fields/deadline.html"

    async def parse_obj(self, request: Request, obj: Any) -> Any:
        return obj if obj.due_at is not None or obj.due_on is not None else None

    async def serialize_value(self, request: Request, value: Any) -> Any:
        if request.state.action is RequestAction.EXPORT:
            return (value.due_on or value.due_at).isoformat()
        is_open = value.status == TaskStatus.OPEN
        return {
            "text": _by_the_operator(value),
            "beside": _by_the_person(value),
            "is_overdue": is_open and value.ends_at <= request.state.now,
        }


def _by_the_operator(task: Any) -> str:
    if task.due_on is not None:
        return format_date(task.due_on, "short")
    return format_datetime(task.due_at, "short", get_tzinfo())


def _by_the_person(task: Any) -> str | None:
    name: str | None = task.timezone
    if name is None or name not in timezone_names():
        return name
    if task.due_on is not None:
        return None if name == get_timezone() else name
    moment: datetime = task.due_at
    if moment.astimezone(zone(name)).utcoffset() == moment.astimezone(get_tzinfo()).utcoffset():
        return None
    return f"{format_datetime(moment, 'short', zone(name))} {name}"
