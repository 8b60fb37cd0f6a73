"""What every `Queries` promises about counting."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from support.backends import Storage
from support.builders import NOW, a_category, a_task, a_user
from support.strategies import deadlines, moments
from taskbot.application.views import CountedCategory, TaskTally
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.task import Task, TaskStatus
from taskbot.domain.time_span import TimeSpan

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
MOSCOW = "Europe/Moscow"
DUE = TimedDeadline(NOW, MOSCOW)


async def test_who_has_no_tasks_has_no_tallies(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    await storage.keep(owner, stranger, a_task(owner_id=stranger.id))

    assert await storage.queries.task_tallies(owner.id, now=NOW) == []
    assert await storage.queries.completions(owner.id, TimeSpan()) == []


async def test_tasks_are_tallied_by_category(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    home, empty = (a_category(owner_id=owner.id, name=name) for name in ("Home", "Empty"))
    plain = {"owner_id": owner.id}
    filed = plain | {"category_id": home.id}
    await storage.keep(
        owner,
        stranger,
        home,
        empty,
        a_task(**plain),
        a_task(**plain, deadline=DUE),
        a_task(**filed, deadline=DayDeadline((NOW + HOUR).date(), MOSCOW)),
        a_task(**filed).complete(now=NOW),
        a_task(**filed, deadline=DUE).complete(now=NOW - HOUR),
        a_task(**filed, deadline=DUE).complete(now=NOW),
        a_task(owner_id=stranger.id, deadline=DUE),
    )

    tallies = await storage.queries.task_tallies(owner.id, now=NOW)

    assert sorted(tallies, key=lambda tally: tally.open) == [
        TaskTally(
            category_id=home.id, open=1, completed=3, overdue=0, had_deadline=2, on_time=1
        ),
        TaskTally(category_id=None, open=2, completed=0, overdue=1, had_deadline=0, on_time=0),
    ]  # fmt: skip


async def test_categories_are_counted_in_the_order_of_their_keys(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    work, home, empty = (
        a_category(owner_id=owner.id, name=name, emoji="🏠") for name in ("work", "Home", "Ёлка")
    )
    foreign = a_category(owner_id=stranger.id)
    await storage.keep(
        owner,
        stranger,
        *(work, home, empty, foreign),
        *(a_task(owner_id=owner.id, category_id=home.id) for _ in range(3)),
        a_task(owner_id=owner.id, category_id=home.id).complete(now=NOW),
        a_task(owner_id=owner.id, category_id=work.id).complete(now=NOW),
        a_task(owner_id=owner.id),
        a_task(owner_id=stranger.id, category_id=foreign.id),
    )

    assert await storage.queries.counted_categories(owner.id) == [
        CountedCategory(category=home, open=3, completed=1),
        CountedCategory(category=work, open=0, completed=1),
        CountedCategory(category=empty, open=0, completed=0),
    ]


async def test_completions_are_the_owners_within_the_span(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    done = [a_task(owner_id=owner.id).complete(now=NOW - hours * HOUR) for hours in (3, 0, 2, 1)]
    foreign = a_task(owner_id=stranger.id).complete(now=NOW)
    await storage.keep(owner, stranger, *done, foreign, a_task(owner_id=owner.id))

    async def hours_ago(span: TimeSpan) -> list[float]:
        found = await storage.queries.completions(owner.id, span)
        return [(NOW - moment) / HOUR for moment in found]

    assert await hours_ago(TimeSpan()) == [3, 2, 1, 0]
    assert await hours_ago(TimeSpan(NOW - 2 * HOUR)) == [2, 1, 0]
    assert await hours_ago(TimeSpan(NOW - 2 * HOUR, NOW)) == [2, 1]
    assert await hours_ago(TimeSpan(end=NOW - HOUR)) == [3, 2]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some=st.lists(st.tuples(st.none() | deadlines, st.none() | moments), max_size=5), now=moments
)
async def test_a_tally_says_what_the_tasks_themselves_say(
    storage: Storage, some: list[tuple[Deadline | None, datetime | None]], now: datetime
) -> None:
    owner = a_user()
    tasks = [_task(owner_id=owner.id, deadline=due, completed_at=at) for due, at in some]
    await storage.keep(owner, *tasks)

    tallies = await storage.queries.task_tallies(owner.id, now=now)

    assert sum(one.on_time for one in tallies) == sum(task.was_on_time for task in tasks)
    assert sum(one.overdue for one in tallies) == sum(task.is_overdue(now=now) for task in tasks)
    assert sum(one.open + one.completed for one in tallies) == len(tasks)


def _task(**fields: object) -> Task:
    is_done = fields["completed_at"] is not None
    return a_task(status=TaskStatus.COMPLETED if is_done else TaskStatus.OPEN, **fields)
