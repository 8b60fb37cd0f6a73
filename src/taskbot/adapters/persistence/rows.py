"""From rows to domain objects and back: the only place that does either.

What a row holds was checked when it was written. Tasks, reminders and those they belong to are read
by the hundred, and put together again as they were: see `_as_it_was`.
"""

import functools
from collections.abc import Callable
from operator import itemgetter
from typing import Any, Final, TypeVar

import attrs

from taskbot.adapters.persistence.prepared import Row
from taskbot.application.ports import NEVER
from taskbot.application.search_words import search_words
from taskbot.domain.access_token import AccessToken, Scope
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Priority, Task, TaskStatus
from taskbot.domain.user import Language, ReminderPreferences, User

_T = TypeVar("_T")

_LANGUAGES: Final = {each.value: each for each in Language}
_PRIORITIES: Final = {each.value: each for each in Priority}
_STATUSES: Final = {each.value: each for each in TaskStatus}
_STATES: Final = {each.value: each for each in ReminderState}
_KINDS: Final = {each.value: each for each in ReminderKind}


def _as_it_was(cls: type[_T], /, **fields: Any) -> _T:
    """The object that had these *fields*, past the checks of its making.

    A list of 20 tasks spent more time on checking them again than the database on finding them.
    """
    restored = object.__new__(cls)
    setters = _setters(cls)  # type: ignore[arg-type]  # a class can be hashed
    for name, value in fields.items():
        setters[name](restored, value)
    return restored


@functools.cache
def _setters(cls: type[Any]) -> dict[str, Callable[[Any, Any], None]]:
    """What puts a value into each field: the slots themselves, which know of no freezing."""
    return {each.name: getattr(cls, each.name).__set__ for each in attrs.fields(cls)}


@functools.cache
def _values(prefix: str, names: tuple[str, ...]) -> Callable[[Row], tuple[Any, ...]]:
    """What takes the values of these columns out of a row."""
    return itemgetter(*(f"{prefix}{name}" for name in names))


def from_user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "telegram_id": user.telegram_id,
        "name": user.name,
        "language": user.language.value,
        "timezone": user.timezone,
        "timezone_chosen": user.timezone_chosen,
        "lead_times": user.preferences.lead_times,
        "day_start": user.preferences.day_start,
        "paused": user.paused,
        "reachable": user.reachable,
        "moved_to": user.moved_to,
        "deletion_at": user.deletion_at,
        "created_at": user.created_at,
        "version": user.version,
    }


_USER: Final = (
    "id", "telegram_id", "name", "language", "timezone", "timezone_chosen", "lead_times",
    "day_start", "paused", "reachable", "moved_to", "deletion_at", "created_at", "version",
)  # fmt: skip


def to_user(row: Row, *, prefix: str = "") -> User:
    (
        id_, telegram_id, name, language, timezone, timezone_chosen, lead_times,
        day_start, paused, reachable, moved_to, deletion_at, created_at, version,
    ) = _values(prefix, _USER)(row)  # fmt: skip
    return _as_it_was(
        User,
        id=id_,
        telegram_id=telegram_id,
        name=name,
        language=_LANGUAGES[language],
        timezone=timezone,
        timezone_chosen=timezone_chosen,
        preferences=_as_it_was(ReminderPreferences, lead_times=lead_times, day_start=day_start),
        paused=paused,
        reachable=reachable,
        moved_to=moved_to,
        deletion_at=deletion_at,
        created_at=created_at,
        version=version,
    )


def from_category(category: Category) -> dict[str, Any]:
    return {
        "id": category.id,
        "owner_id": category.owner_id,
        "name": category.name,
        "key": category.key,
        "emoji": category.emoji,
        "created_at": category.created_at,
        "version": category.version,
    }


_CATEGORY: Final = ("id", "owner_id", "name", "emoji", "created_at", "version")


def to_category(row: Row, *, prefix: str = "") -> Category:
    id_, owner_id, name, emoji, created_at, version = _values(prefix, _CATEGORY)(row)
    return _as_it_was(
        Category,
        id=id_,
        owner_id=owner_id,
        name=name,
        emoji=emoji,
        created_at=created_at,
        version=version,
    )


def from_task(task: Task) -> dict[str, Any]:
    deadline = task.deadline
    return {
        "id": task.id,
        "owner_id": task.owner_id,
        "title": task.title,
        "description": task.description,
        "category_id": task.category_id,
        "priority": task.priority.value,
        "status": task.status.value,
        "due_at": deadline.due_at if isinstance(deadline, TimedDeadline) else None,
        "due_on": deadline.due_on if isinstance(deadline, DayDeadline) else None,
        "timezone": deadline.timezone if deadline else None,
        "ends_at": deadline.ends_at if deadline else NEVER,
        "lead_times": task.lead_times,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "completed_at": task.completed_at,
        "version": task.version,
        "search_words": search_words(task.title, task.description),
    }


_TASK: Final = (
    "id", "owner_id", "title", "description", "category_id", "priority", "status", "due_at",
    "due_on", "timezone", "lead_times", "created_at", "updated_at", "completed_at", "version",
)  # fmt: skip


def stored_once_more(task: Task) -> Task:
    """*task* at its next version: else as it was checked when it was changed."""
    fields = {name: getattr(task, name) for name in _setters(Task)}
    return _as_it_was(Task, **fields | {"version": task.version + 1})


def to_task(row: Row, *, prefix: str = "") -> Task:
    (
        id_, owner_id, title, description, category_id, priority, status, due_at,
        due_on, timezone, lead_times, created_at, updated_at, completed_at, version,
    ) = _values(prefix, _TASK)(row)  # fmt: skip
    deadline: Deadline | None = None
    if due_at is not None:
        deadline = _as_it_was(TimedDeadline, due_at=due_at, timezone=timezone)
    elif due_on is not None:
        deadline = _as_it_was(DayDeadline, due_on=due_on, timezone=timezone)
    return _as_it_was(
        Task,
        id=id_,
        owner_id=owner_id,
        title=title,
        description=description,
        category_id=category_id,
        priority=_PRIORITIES[priority],
        status=_STATUSES[status],
        deadline=deadline,
        lead_times=lead_times,
        created_at=created_at,
        updated_at=updated_at,
        completed_at=completed_at,
        version=version,
    )


def kind_row(kind: ReminderKind) -> dict[str, Any]:
    """How *kind* is stored: in words that the release before knows."""
    is_moment = kind is ReminderKind.MOMENT
    return {"kind": (ReminderKind.SNOOZE if is_moment else kind).value, "stays": is_moment}


def from_reminder(reminder: Reminder) -> dict[str, Any]:
    return {
        "id": reminder.id,
        "task_id": reminder.task_id,
        "owner_id": reminder.owner_id,
        "fire_at": reminder.fire_at,
        **kind_row(reminder.kind),
        "state": reminder.state.value,
        "available_at": reminder.available_at,
        "attempt": reminder.attempt,
        "failures": reminder.failures,
        "uncertain": reminder.uncertain,
        "withdrawn": reminder.withdrawn,
        "alone": reminder.alone,
        "sent_at": reminder.sent_at,
        "message_id": reminder.message_id,
        "last_error": reminder.last_error,
        "created_at": reminder.created_at,
        "trace_id": reminder.trace_id,
    }


_REMINDER: Final = (
    "id", "task_id", "owner_id", "fire_at", "kind", "stays", "state", "available_at", "attempt",
    "failures", "uncertain", "withdrawn", "alone", "sent_at", "message_id", "last_error",
    "created_at", "trace_id",
)  # fmt: skip


def to_reminder(row: Row, *, prefix: str = "") -> Reminder:
    (
        id_, task_id, owner_id, fire_at, kind, stays, state, available_at, attempt,
        failures, uncertain, withdrawn, alone, sent_at, message_id, last_error,
        created_at, trace_id,
    ) = _values(prefix, _REMINDER)(row)  # fmt: skip
    return _as_it_was(
        Reminder,
        id=id_,
        task_id=task_id,
        owner_id=owner_id,
        fire_at=fire_at,
        kind=ReminderKind.MOMENT if stays else _KINDS[kind],
        state=_STATES[state],
        available_at=available_at,
        attempt=attempt,
        failures=failures,
        uncertain=uncertain,
        withdrawn=withdrawn,
        alone=alone,
        sent_at=sent_at,
        message_id=message_id,
        last_error=last_error,
        created_at=created_at,
        trace_id=trace_id,
    )


def from_access_token(token: AccessToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "owner_id": token.owner_id,
        "name": token.name,
        "prefix": token.prefix,
        "digest": token.digest,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "scopes": " ".join(sorted(token.scopes)),
        "last_used_at": token.last_used_at,
    }


_ACCESS_TOKEN: Final = (
    "id", "owner_id", "name", "prefix", "digest", "created_at", "expires_at", "scopes",
    "last_used_at",
)  # fmt: skip


def to_access_token(row: Row, *, prefix: str = "") -> AccessToken:
    (
        id_, owner_id, name, beginning, digest, created_at, expires_at, scopes,
        last_used_at,
    ) = _values(prefix, _ACCESS_TOKEN)(row)  # fmt: skip
    return _as_it_was(
        AccessToken,
        id=id_,
        owner_id=owner_id,
        name=name,
        prefix=beginning,
        digest=digest,
        created_at=created_at,
        expires_at=expires_at,
        scopes=_scopes(scopes),
        last_used_at=last_used_at,
    )


@functools.lru_cache(maxsize=256)
def _scopes(text: str) -> frozenset[Scope]:
    return frozenset(map(Scope, text.split()))
