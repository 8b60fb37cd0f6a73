"""What things come to in the audit log: the fields that say something, in plain values.

Neither versions nor moments of change: every change changes them. Nothing of a secret.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from taskbot.domain.access_token import AccessToken
from taskbot.domain.audit import Plain, State
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.user import User

_MINUTE: Final = timedelta(minutes=1)


def state_of_task(task: Task) -> State:
    deadline = task.deadline
    return {
        "title": task.title,
        "description": task.description,
        "category_id": str(task.category_id) if task.category_id else None,
        "priority": task.priority.value,
        "status": task.status.value,
        "due_at": _moment(deadline.due_at) if isinstance(deadline, TimedDeadline) else None,
        "due_on": deadline.due_on.isoformat() if isinstance(deadline, DayDeadline) else None,
        "timezone": deadline.timezone if deadline else None,
        "lead_times": None if task.lead_times is None else _minutes(task.lead_times),
        "completed_at": _moment(task.completed_at),
    }


def state_of_person(user: User) -> State:
    return {
        "language": user.language.value,
        "timezone": user.timezone,
        "timezone_chosen": user.timezone_chosen,
        "lead_times": _minutes(user.preferences.lead_times),
        "day_start": user.preferences.day_start.isoformat("minutes"),
        "paused": user.paused,
        "deletion_at": _moment(user.deletion_at),
    }


def state_of_category(category: Category) -> State:
    return {"name": category.name, "emoji": category.emoji}


def state_of_reminder(reminder: Reminder) -> State:
    return {
        "state": reminder.state.value,
        "withdrawn": reminder.withdrawn,
        "failures": reminder.failures,
        "uncertain": reminder.uncertain,
        "last_error": reminder.last_error,
    }


def state_of_plan(reminders: Iterable[Reminder]) -> State:
    """Of a task: what it will be reminded by."""
    ahead = [f"{_moment(one.fire_at)} {one.kind.value}" for one in reminders if one.is_ahead]
    return {"reminders": ahead}


def state_of_token(token: AccessToken) -> State:
    return {
        "name": token.name,
        "scopes": sorted(scope.value for scope in token.scopes),
        "expires_at": _moment(token.expires_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _minutes(lead_times: Sequence[timedelta]) -> Plain:
    return [
        lead // _MINUTE if lead % _MINUTE == timedelta(0) else lead / _MINUTE for lead in lead_times
    ]
