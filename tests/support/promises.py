"""Promises that a test makes, and a checker of what became of them."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from attrs import Factory, define, frozen
from ulid import ULID

from taskbot.adapters.simulator import Simulator
from taskbot.application.ports import UnitOfWork
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.user import User
from taskbot.entrypoints.library import Library

_TITLE: Final = re.compile(r"Promise \d+")
_BATCH: Final = 500


@frozen
class Promise:
    """A reminder that is to reach a person about a task of this title, from `fire_at` on."""

    title: str
    person: int
    fire_at: datetime
    task: Task
    reminder: Reminder


@frozen
class Arrival:
    title: str
    person: int
    at: datetime


@frozen(kw_only=True)
class Verdict:
    """What the checker found. `seconds_late`: of each promise's first copy, sorted."""

    lost: list[str]
    duplicated: dict[str, int]
    early: list[str]
    forbidden: list[str]
    seconds_late: list[float]

    @property
    def most_copies(self) -> int:
        return max(self.duplicated.values(), default=1)

    def late_by(self, share: float) -> float:
        """Seconds that *share* of the promises were late by at most."""
        if not self.seconds_late:
            return 0.0
        place = min(int(share * len(self.seconds_late)), len(self.seconds_late) - 1)
        return self.seconds_late[place]


@define
class Promises:
    """`over`: from when on a title must not be sent any more (done, deleted, blocked)."""

    made: list[Promise] = Factory(list)
    over: dict[str, datetime] = Factory(dict)

    async def make(
        self, core: Library, people: Sequence[int], moments: Sequence[datetime]
    ) -> list[Promise]:
        """Promise one reminder at each of *moments*, to *people* (Telegram ids) in turn."""
        # A bot may be at work and meet them at the same time.
        users = [await core.users.find_or_register(person) for person in people]
        first = len(self.made)
        new = [
            _promise(first + number, users[number % len(users)], moment)
            for number, moment in enumerate(moments)
        ]
        for start in range(0, len(new), _BATCH):
            await core.transactions.run(partial(_store, promises=new[start : start + _BATCH]))
        self.made.extend(new)
        return new

    def check(self, arrivals: Sequence[Arrival]) -> Verdict:
        copies: dict[str, list[Arrival]] = defaultdict(list)
        for arrival in arrivals:
            copies[arrival.title].append(arrival)
        arrived = [promise for promise in self.made if promise.title in copies]
        first = {title: min(one.at for one in every) for title, every in copies.items()}
        return Verdict(
            lost=[
                promise.title
                for promise in self.made
                if promise.title not in copies and promise.title not in self.over
            ],
            duplicated={title: len(every) for title, every in copies.items() if len(every) > 1},
            early=[one.title for one in arrived if first[one.title] < one.fire_at],
            forbidden=[
                arrival.title
                for arrival in arrivals
                if arrival.title in self.over and arrival.at > self.over[arrival.title]
            ],
            seconds_late=sorted(
                (first[one.title] - one.fire_at).total_seconds() for one in arrived
            ),
        )

    def share_kept_by(self, moment: datetime, arrivals: Sequence[Arrival]) -> float:
        """Of what was due by *moment*, how much had arrived by then."""
        due = {one.title for one in self.made if one.fire_at < moment}
        there = {one.title for one in arrivals if one.at < moment}
        return len(due & there) / len(due)


def arrivals_at(simulator: Simulator) -> list[Arrival]:
    """What Telegram took and showed to people, in the order in which it did."""
    account = simulator.world.current
    return [
        Arrival(title, message.person, datetime.fromtimestamp(message.date, UTC))
        for message in account.messages.values()
        if message.is_from_bot
        for title in _TITLE.findall(message.text or "")
    ]


def _promise(number: int, user: User, moment: datetime) -> Promise:
    now = datetime.now(UTC)
    title = f"Promise {number}"
    task = Task(
        id=TaskId(ULID()),
        owner_id=user.id,
        title=title,
        deadline=TimedDeadline(moment, user.timezone),
        created_at=now,
        updated_at=now,
    )
    reminder = Reminder.plan(
        id=ReminderId(ULID()),
        task_id=task.id,
        owner_id=user.id,
        fire_at=moment,
        kind=ReminderKind.DUE,
        now=now,
    )
    return Promise(title, user.telegram_id, moment, task, reminder)


async def _store(uow: UnitOfWork, promises: Sequence[Promise]) -> None:
    for promise in promises:
        await uow.tasks.add(promise.task)
    await uow.reminders.add([promise.reminder for promise in promises])
