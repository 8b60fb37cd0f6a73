"""Whether an operation costs more when there are a hundred times as many tasks.

Every operation of the bot and the API is timed on two databases, in turns: one with 10,000 tasks of
100 people, one with 1,000,000 of 10,000. The people who are asked about have about as many tasks in
both, so that growth is compared and not people.
"""

import contextlib
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from attrs import Factory, define, frozen
from sqlalchemy import func, select

from benchmarks.figures import Comparison, compared_times, figure, significant, timed
from benchmarks.place import SEEDED_AT, Place
from benchmarks.rest import tidy_up
from benchmarks.results import Section
from benchmarks.rounds import alternating
from benchmarks.scale import Scale
from benchmarks.targets import at_most
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import (
    Database,
    SqlQueries,
    SqlTransactions,
    SqlUnitOfWork,
    create_database,
    tables,
)
from taskbot.adapters.persistence.engine import read
from taskbot.application.ports import UNCATEGORIZED, TaskOrder, TaskPosition
from taskbot.application.task_commands import CreateTask, DuePeriod, EditTask, ListTasks
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.user import Language, User
from taskbot.entrypoints.library import Library

_ABOUT: Final = """\
The application's services in this process, on two databases in turns: 10,000 tasks of 100 people
and 1,000,000 of 10,000, with two reminders each. Thirty people are asked about on each side, who
write Russian and have 80 to 120 tasks; everything that is asked about was read once before. Here
the smaller database is the floor: the last column says how many times its median time the larger
one takes."""
PEOPLE: Final = 30
CALLS: Final = 10
TARGET: Final = 1.2
DAY: Final = timedelta(days=1)


@frozen
class Somebody:
    user: User
    tasks: list[Task]
    reminder: ReminderId
    secret: str


@define
class Side:
    """One of the two databases, with the people who are asked about."""

    core: Library
    database: Database
    people: list[Somebody]
    chance: random.Random
    spare: list[tuple[User, TaskId]] = Factory(list)

    def somebody(self) -> Somebody:
        return self.chance.choice(self.people)

    def task(self) -> tuple[User, Task]:
        one = self.somebody()
        return one.user, self.chance.choice(one.tasks)


Operation = Callable[[Side], Awaitable[Any]]


async def _open_side(url: str) -> Side:
    database = create_database(url)
    queries = SqlQueries(database)
    core = Library.over(SqlTransactions(database), queries, clock=SystemClock(), timezone="UTC")
    owner, number = tables.tasks.c.owner_id, func.count()
    usual = (
        select(owner)
        .join(tables.users, tables.users.c.id == owner)
        .where(tables.users.c.language == Language.RUSSIAN.value)
        .group_by(owner)
        .having(number.between(80, 120))
        .order_by(owner)
    )
    chance = random.Random(1)  # noqa: S311 - the same people each time
    candidates = [row["owner_id"] for row in await read(database, usual)]
    found = chance.sample(candidates, k=min(PEOPLE, len(candidates)))
    people = [await _look_up(core, owner_id) for owner_id in found]
    return Side(core, database, people, chance)


async def _look_up(core: Library, owner_id: Any) -> Somebody:
    user = await core.queries.user(owner_id)
    page = await core.tasks.page(ListTasks(actor=user.id, timezone="UTC", limit=200))
    tasks = [view.task for view in page.items]
    card = await core.tasks.card(tasks[0].id, actor=user.id)
    token = await core.access_tokens.create("benchmark", actor=user.id)
    return Somebody(user, tasks, card.reminders[0].id, token.secret)


def _list(**more: Any) -> Operation:
    async def page(side: Side) -> None:
        user = side.somebody().user
        await side.core.tasks.page(ListTasks(actor=user.id, timezone=user.timezone, **more))

    return page


async def _deep_page(side: Side) -> None:
    user, task = side.task()
    place = TaskPosition.of(task)
    await side.core.tasks.page(ListTasks(actor=user.id, timezone="UTC", after=place))


async def _filed(side: Side) -> None:
    user, task = side.task()
    category = task.category_id or UNCATEGORIZED
    await side.core.tasks.page(ListTasks(actor=user.id, timezone="UTC", category=category))


async def _get(side: Side) -> None:
    user, task = side.task()
    await side.core.tasks.get(task.id, actor=user.id)


async def _card(side: Side) -> None:
    user, task = side.task()
    await side.core.tasks.card(task.id, actor=user.id)


async def _create(side: Side) -> None:
    user = side.somebody().user
    deadline = TimedDeadline(datetime.now(UTC) + DAY, user.timezone)
    view = await side.core.tasks.create(
        CreateTask(actor=user.id, title="Купить молока", deadline=deadline)
    )
    side.spare.append((user, view.task.id))


def _on_spare(use_case: Callable[[Library, User, TaskId], Awaitable[Any]]) -> Operation:
    """On a task that the benchmark has made, so that what was seeded stays as it was."""

    async def operate(side: Side) -> None:
        user, task_id = side.chance.choice(side.spare)
        await use_case(side.core, user, task_id)

    return operate


async def _edit(core: Library, user: User, task_id: TaskId) -> None:
    await core.tasks.edit(EditTask(actor=user.id, task_id=task_id, title="Купить хлеба"))


async def _reschedule(core: Library, user: User, task_id: TaskId) -> None:
    deadline = TimedDeadline(datetime.now(UTC) + 2 * DAY, user.timezone)
    await core.tasks.reschedule(task_id, deadline, actor=user.id)


async def _snooze(core: Library, user: User, task_id: TaskId) -> None:
    await core.tasks.snooze(task_id, until=datetime.now(UTC) + DAY, actor=user.id)


async def _complete_and_reopen(core: Library, user: User, task_id: TaskId) -> None:
    await core.tasks.complete(task_id, actor=user.id)
    await core.tasks.reopen(task_id, actor=user.id)


async def _delete(side: Side) -> None:
    user, task_id = side.spare.pop()
    await side.core.tasks.delete(task_id, actor=user.id)


async def _claim(side: Side) -> None:
    """Claim what is due in a month's time, and undo it."""
    now = SEEDED_AT + 30 * DAY
    async with SqlUnitOfWork(side.database) as uow:
        claimed = await uow.reminders.claim_due(now=now, until=now + DAY, limit=20)
        assert claimed


OPERATIONS: Final[dict[str, Operation]] = {
    "get a task": _get,
    "card of a task, with its reminders": _card,
    "list: open, by deadline": _list(status=TaskStatus.OPEN),
    "list: all, by deadline, from within": _deep_page,
    "list: newest first": _list(order=TaskOrder.CREATED, descending=True),
    "list: by priority": _list(order=TaskOrder.PRIORITY),
    "list: of a category": _filed,
    "list: overdue": _list(overdue=True),
    "list: due this week": _list(due=DuePeriod.THIS_WEEK),
    "list: without a deadline": _list(has_deadline=False),
    "list: by a beginning that many words have": _list(text="п"),
    "list: by a word that nobody wrote": _list(text="синхрофазотрон"),
    "counts": lambda side: side.core.tasks.counts(actor=side.somebody().user.id, timezone="UTC"),
    "categories": lambda side: side.core.categories.list(actor=side.somebody().user.id),
    "person by Telegram id": lambda side: side.core.queries.user_by_telegram_id(
        side.somebody().user.telegram_id
    ),
    "holder of an access token": lambda side: side.core.access_tokens.authenticate(
        side.somebody().secret
    ),
    "letter of a reminder": lambda side: side.core.queries.letters([side.somebody().reminder]),
    "when the next reminder is due": lambda side: side.core.dispatch.next_due_at(),
    "claim 20 due reminders": _claim,
    "create a task with a deadline": _create,
    "edit a task": _on_spare(_edit),
    "reschedule a task": _on_spare(_reschedule),
    "snooze a task": _on_spare(_snooze),
    "complete and reopen a task": _on_spare(_complete_and_reopen),
    "delete a task": _delete,
}


async def _measured(name: str, operation: Operation, sides: list[Side], rounds: int) -> Comparison:
    """Time calls on each side; the sides take turns, and the first round warms up."""
    taken: dict[int, list[float]] = {0: [], 1: []}
    async for number, place in alternating(rounds + 1, [0, 1]):
        for _ in range(CALLS):
            begun = time.perf_counter()
            await operation(sides[place])
            if number:
                taken[place].append(time.perf_counter() - begun)
    small, large = (timed(taken[place], rounds=rounds) for place in (0, 1))
    return compared_times(name, ours=large, floor=small)


@contextlib.asynccontextmanager
async def _opened(small: str, large: str) -> AsyncIterator[list[Side]]:
    sides = [await _open_side(small), await _open_side(large)]
    try:
        yield sides
    finally:
        for side in sides:
            for user, task_id in side.spare:
                await side.core.tasks.delete(task_id, actor=user.id)
            await tidy_up(side.database)
            await side.database.dispose()


async def measure(place: Place, scale: Scale) -> Section:
    return await compare(place.small(), place.large(), scale, on="PostgreSQL")


async def compare(small: str, large: str, scale: Scale, *, on: str) -> Section:
    """*small* and *large*: addresses of databases that are filled."""
    async with _opened(small, large) as sides:
        for side in sides:  # everything that is asked about has been read once
            for somebody in side.people:
                await side.core.access_tokens.authenticate(somebody.secret)  # its first use is kept
                for task in somebody.tasks:
                    await side.core.tasks.card(task.id, actor=somebody.user.id)
        rounds = scale.of(20, 2)
        compared = [
            await _measured(name, operation, sides, rounds)
            for name, operation in OPERATIONS.items()
        ]
    ratios = [one.time_ratio or 0.0 for one in compared]
    return Section(
        title=f"Growth, on {on}",
        sides=("1,000,000 tasks", "10,000 tasks"),
        about=_ABOUT,
        comparisons=compared,
        figures=[
            figure(f"median of the {len(ratios)} ratios", [statistics.median(ratios)], "times"),
            figure(f"worst of the {len(ratios)} ratios", [max(ratios)], "times"),
        ],
        verdicts=at_most(
            f"what 1,000,000 tasks cost on {on}, beside 10,000; the worst of {len(ratios)}",
            significant(max(ratios), 3),
            TARGET,
            "times",
        ),
    )
