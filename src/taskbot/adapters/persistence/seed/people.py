"""Made-up people, one by one: the same seed makes the same people, ids included."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from attrs import field, frozen
from ulid import ULID

from taskbot.adapters.persistence.seed import words
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.ids import CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Priority, Task, TaskStatus
from taskbot.domain.timezone import aware_utc, local, moment_of
from taskbot.domain.user import Language, User

_FIRST_TELEGRAM_ID: Final = 9_000_000_000_000
"""Telegram has given out nothing like it: nobody real is ever written to."""
_SEEDS: Final = 1000
_PEOPLE_OF_A_SEED: Final = 1_000_000_000
_DAY: Final = timedelta(days=1)
_PAST_DAYS: Final = 730
_FUTURE_DAYS: Final = 60
_SPREAD: Final = 0.8
"""Of the logarithm of how much a person writes: a few write twenty times as much as most."""


@frozen(kw_only=True)
class Seed:
    """What to make. *at*: the moment round which the made-up lives lie."""

    tasks: int
    people: int
    at: datetime = field(converter=aware_utc)
    number: int = 1

    def __attrs_post_init__(self) -> None:
        if not 0 < self.people <= _PEOPLE_OF_A_SEED:
            raise ValueError(f"there can be 1 to {_PEOPLE_OF_A_SEED} people")
        if self.tasks < 0 or not 0 <= self.number < _SEEDS:
            raise ValueError(f"a number of tasks, and a seed from 0 to {_SEEDS - 1}")


@frozen
class SeededPerson:
    user: User
    categories: list[Category]
    tasks: list[Task]
    reminders: list[Reminder]


def seeded_people(seed: Seed) -> Iterator[SeededPerson]:
    """Yield all people of *seed*; together they have just as many tasks as it says."""
    chance = random.Random(f"taskbot {seed.number}")  # noqa: S311 - made up, and repeatably so
    for place, number in enumerate(_shares(seed, chance)):
        yield _Author(seed, place, random.Random(chance.random())).person(number)  # noqa: S311 - as above


def _shares(seed: Seed, chance: random.Random) -> list[int]:
    """How many tasks each person has: skewed, as it is in life."""
    weights = [chance.lognormvariate(0, _SPREAD) for _ in range(seed.people)]
    whole = sum(weights)
    up_to = [round(seed.tasks * part / whole) for part in itertools.accumulate(weights)]
    up_to[-1] = seed.tasks
    return [end - start for start, end in itertools.pairwise([0, *up_to])]


class _Author:
    """One person while they are made up."""

    def __init__(self, seed: Seed, place: int, chance: random.Random) -> None:
        self._seed, self._chance = seed, chance
        self._language = Language.RUSSIAN if chance.random() < 0.6 else Language.ENGLISH  # noqa: PLR2004 - most
        self._timezone = chance.choice(words.TIMEZONES[self._language])
        self._verbs, self._things = words.VERBS[self._language], words.THINGS[self._language]
        joined = seed.at - _DAY * (_PAST_DAYS + 1)
        self._user = User(
            id=UserId(self._ulid(joined)),
            telegram_id=_FIRST_TELEGRAM_ID + seed.number * _PEOPLE_OF_A_SEED + place,
            name=chance.choice(words.NAMES[self._language]),
            language=self._language,
            timezone=self._timezone,
            created_at=joined,
        )

    def person(self, number: int) -> SeededPerson:
        categories = self._categories()
        tasks = [self._task(categories) for _ in range(number)]
        reminders = [reminder for task in tasks for reminder in self._reminders(task)]
        return SeededPerson(self._user, categories, tasks, reminders)

    def _ulid(self, moment: datetime) -> ULID:
        """As it would have been made at *moment*."""
        milliseconds = int(moment.timestamp() * 1000)
        return ULID.from_bytes(milliseconds.to_bytes(6, "big") + self._chance.randbytes(10))

    def _categories(self) -> list[Category]:
        names = words.CATEGORIES[self._language]
        return [
            Category(
                id=CategoryId(self._ulid(self._user.created_at)),
                owner_id=self._user.id,
                name=name,
                created_at=self._user.created_at,
            )
            for name in names[: self._chance.randint(0, len(names))]
        ]

    def _task(self, categories: list[Category]) -> Task:
        chance = self._chance
        created_at = self._seed.at - _DAY * _PAST_DAYS * chance.random()
        is_open = chance.random() < 0.35  # noqa: PLR2004 - a third
        lived = (self._seed.at - created_at) * chance.random()
        completed_at = None if is_open else created_at + lived
        is_filed = categories and chance.random() < 0.7  # noqa: PLR2004 - most
        return Task(
            id=TaskId(self._ulid(created_at)),
            owner_id=self._user.id,
            title=f"{chance.choice(self._verbs)} {self._some_things(1, 3)}",
            description=self._some_things(5, 60) if chance.random() < 0.4 else "",  # noqa: PLR2004 - some
            category_id=chance.choice(categories).id if is_filed else None,
            priority=chance.choices(list(Priority), (1, 2, 4, 13))[0],
            status=TaskStatus.OPEN if is_open else TaskStatus.COMPLETED,
            deadline=self._deadline(created_at),
            created_at=created_at,
            updated_at=completed_at or created_at,
            completed_at=completed_at,
        )

    def _some_things(self, least: int, most: int) -> str:
        return " ".join(self._chance.choices(self._things, k=self._chance.randint(least, most)))

    def _deadline(self, created_at: datetime) -> Deadline | None:
        kind = self._chance.random()
        if kind < 0.25:  # noqa: PLR2004 - a quarter
            return None
        ahead = _DAY * _FUTURE_DAYS * self._chance.random()
        day = local(created_at + ahead, self._timezone).date() + _DAY
        if kind < 0.4:  # noqa: PLR2004 - some
            return DayDeadline(day, self._timezone)
        clock_time = time(self._chance.randint(8, 21), self._chance.choice((0, 0, 15, 30)))
        return TimedDeadline(moment_of(day, clock_time, self._timezone), self._timezone)

    def _reminders(self, task: Task) -> Iterator[Reminder]:
        """Two of each task: what the policy plans for a moment; a day, or none, with snoozes."""
        match task.deadline:
            case TimedDeadline(due_at=due_at):
                hour = timedelta(hours=1)
                planned = [(due_at - hour, ReminderKind.LEAD), (due_at, ReminderKind.DUE)]
            case DayDeadline() as day:
                morning = day.moment_at(self._user.preferences.day_start)
                planned = [(morning, ReminderKind.DAY), (morning + _DAY, ReminderKind.SNOOZE)]
            case _:
                after = [task.created_at + _DAY * self._chance.randint(1, 9) for _ in range(2)]
                planned = [(moment, ReminderKind.SNOOZE) for moment in after]
        return (self._reminder(task, fire_at, kind) for fire_at, kind in planned)

    def _reminder(self, task: Task, fire_at: datetime, kind: ReminderKind) -> Reminder:
        """Sent, cancelled or still to come, as it would be by now."""
        over = task.completed_at or self._seed.at
        is_sent = fire_at < over
        waits = task.is_open and not is_sent
        return Reminder(
            id=ReminderId(self._ulid(task.created_at)),
            task_id=task.id,
            owner_id=task.owner_id,
            fire_at=fire_at,
            kind=kind,
            state=_STATE[is_sent, waits],
            available_at=fire_at if waits else None,
            attempt=int(is_sent),
            sent_at=fire_at if is_sent else None,
            message_id=self._chance.randint(1, 10**6) if is_sent else None,
            created_at=task.created_at,
        )


_STATE: Final = {
    (True, False): ReminderState.SENT,
    (False, True): ReminderState.PLANNED,
    (False, False): ReminderState.CANCELLED,
}
