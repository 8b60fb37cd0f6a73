"""Reminders that are promised to people who were made up for it."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from ulid import ULID

from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.bulk import BulkWriter
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import User


def promise(
    database_url: str, moments: Sequence[datetime], *, first_number: int = 0, each: int = 1
) -> list[UserId]:
    """Promise one reminder at each of *moments*; *each* person gets so many. Give the people.

    Their titles have numbers, from *first_number* on. Blocks.
    """
    now = datetime.now(UTC)
    first = time.time_ns() // 1000
    people = [_person(first + number, now) for number in range(-(-len(moments) // each))]
    tasks = [
        _task(people[place // each], f"Benchmark {first_number + place}", moment, now)
        for place, moment in enumerate(moments)
    ]
    with operators_engine(database_url) as (dialect, engine):
        writing = engine.execution_options(**dialect.writing_options())
        with writing.begin() as connection:
            for table, content in (
                (tables.users, map(rows.from_user, people)),
                (tables.tasks, map(rows.from_task, tasks)),
                (tables.reminders, map(rows.from_reminder, _reminders(tasks, moments, now))),
            ):
                BulkWriter(connection, dialect, table).write(content)
    return [person.id for person in people]


def _person(telegram_id: int, now: datetime) -> User:
    return User(
        id=UserId(ULID()),
        telegram_id=telegram_id,
        name="Anna",
        language="en",
        timezone="UTC",
        created_at=now,
    )


def _task(owner: User, title: str, moment: datetime, now: datetime) -> Task:
    return Task(
        id=TaskId(ULID()),
        owner_id=owner.id,
        title=title,
        deadline=TimedDeadline(moment, "UTC"),
        created_at=now,
        updated_at=now,
    )


def _reminders(
    tasks: Sequence[Task], moments: Sequence[datetime], now: datetime
) -> Iterator[Reminder]:
    for task, moment in zip(tasks, moments, strict=True):
        yield Reminder.plan(
            id=ReminderId(ULID()),
            task_id=task.id,
            owner_id=task.owner_id,
            fire_at=moment,
            kind=ReminderKind.DUE,
            now=now,
        )
