"""Whether an operation costs more when there are a hundred times as many tasks.

Every operation of the bot and the API is timed on two databases, in turns: one with 10,000 tasks of
100 people, one with 1,000,000 of 10,000. The people who are asked about have about as many tasks in
both, so that growth is compared and not people. See benchmarks/README.md.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from attrs import Factory, define, frozen
from sqlalchemy import func, select

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import (
    Database,
    SqlQueries,
    SqlTransactions,
    SqlUnitOfWork,
    create_database,
    migrate,
    tables,
)
from taskbot.adapters.persistence.engine import read
from taskbot.adapters.persistence.seed import NotEmpty, Seed, load_seed
from taskbot.application.ports import UNCATEGORIZED, TaskOrder, TaskPosition
from taskbot.application.task_commands import CreateTask, DuePeriod, EditTask, ListTasks
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.ids import ReminderId, TaskId
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.user import Language, User
from taskbot.entrypoints.library import Library

AT: Final = datetime(2026, 11, 23, tzinfo=UTC)
PEOPLE: Final = 30
ROUNDS: Final = 20
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


async def _open_side(url: str, tasks: int) -> Side:
    await asyncio.to_thread(_seed, url, tasks)
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


def _seed(url: str, tasks: int) -> None:
    migrate(url)
    with contextlib.suppress(NotEmpty):
        load_seed(url, Seed(tasks=tasks, people=max(1, tasks // 100), at=AT))


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
    now = AT + 30 * DAY
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


async def _measure(operation: Operation, sides: tuple[Side, Side]) -> tuple[float, float]:
    """Median milliseconds of a call on each side; the sides take turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for round_ in range(ROUNDS + 1):
        order = (0, 1) if round_ % 2 else (1, 0)
        for place in order:
            for _ in range(CALLS):
                begun = time.perf_counter()
                await operation(sides[place])
                if round_:  # the first one warms up
                    taken[place].append(time.perf_counter() - begun)
    small, large = (statistics.median(times) * 1000 for times in taken)
    return small, large


@contextlib.asynccontextmanager
async def _opened(options: argparse.Namespace) -> AsyncIterator[tuple[Side, Side]]:
    small = await _open_side(options.small, options.small_tasks)
    large = await _open_side(options.large, options.large_tasks)
    try:
        yield small, large
    finally:
        for side in (small, large):
            for user, task_id in side.spare:
                await side.core.tasks.delete(task_id, actor=user.id)
            await side.database.dispose()


async def main(options: argparse.Namespace) -> None:
    async with _opened(options) as sides:
        for side in sides:  # everything that is asked about has been read once
            for somebody in side.people:
                for task in somebody.tasks:
                    await side.core.tasks.card(task.id, actor=somebody.user.id)
        print(f"| ms a call | {options.small_tasks:,} | {options.large_tasks:,} | ratio |")
        print("| --- | ---: | ---: | ---: |")
        ratios = []
        for name, operation in OPERATIONS.items():
            small, large = await _measure(operation, sides)
            ratios.append(large / small)
            mark = "" if ratios[-1] <= TARGET else " !"
            print(f"| {name} | {small:.2f} | {large:.2f} | {ratios[-1]:.2f}{mark} |", flush=True)
        print(f"\nmedian ratio {statistics.median(ratios):.2f}, worst {max(ratios):.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("small", help="address of a database; it is seeded if it is empty")
    parser.add_argument("large", help="address of another one")
    parser.add_argument("--small-tasks", type=int, default=10_000)
    parser.add_argument("--large-tasks", type=int, default=1_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(_options()))
