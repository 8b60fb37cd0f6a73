"""Statistics: counts, days, weeks and a streak that may be longer than what is shown."""

from datetime import date, timedelta

import pytest

from support.builders import NOW, a_task
from support.core import Core, a_core
from taskbot.application.statistics import MOST_DAYS, MOST_WEEKS
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ZONE = "Europe/Berlin"


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await core.users.find_or_register(1)


async def _keep(core: Core, *tasks: Task) -> None:
    for task in tasks:
        await core.transactions.run(lambda uow, task=task: uow.tasks.add(task))  # type: ignore[misc]


async def test_without_tasks_there_is_nothing_but_days_and_weeks(core: Core, anna: User) -> None:
    found = await core.statistics.statistics(actor=anna.id, timezone=ZONE, days=2, weeks=2)

    assert (found.open, found.completed, found.overdue) == (0, 0, 0)
    assert [(one.day, one.completed) for one in found.per_day] == [
        (date(2100, 3, 14), 0),
        (date(2100, 3, 15), 0),
    ]
    assert [(one.monday, one.completed) for one in found.per_week] == [
        (date(2100, 3, 8), 0),
        (date(2100, 3, 15), 0),
    ]
    assert (found.streak.days, found.on_time_share) == (0, None)
    assert [(one.category, one.open) for one in found.by_category] == [(None, 0)]


async def test_counts_by_status_and_category(core: Core, anna: User) -> None:
    ben = await core.users.find_or_register(2)
    home = await core.categories.create("Home", actor=anna.id)
    empty = await core.categories.create("Errands", actor=anna.id)
    soon = TimedDeadline(NOW + DAY, ZONE)
    tasks = [
        (await core.tasks.create(CreateTask(actor=owner, title="x", **more))).task  # type: ignore[arg-type]
        for owner, more in [
            (anna.id, {"category_id": home.id}),
            (anna.id, {"category_id": home.id, "deadline": soon}),
            (anna.id, {"deadline": soon}),
            (anna.id, {"deadline": soon}),
            (ben.id, {"deadline": soon}),
        ]
    ]
    await core.tasks.complete(tasks[1].id, actor=anna.id)
    core.clock.advance(2 * DAY)
    await core.tasks.complete(tasks[2].id, actor=anna.id)

    found = await core.statistics.statistics(actor=anna.id, timezone=ZONE, days=3)

    assert (found.open, found.completed, found.overdue) == (2, 2, 1)
    assert [(one.category, one.open, one.completed) for one in found.by_category] == [
        (empty, 0, 0),
        (home, 1, 1),
        (None, 1, 1),
    ]
    assert (found.on_time, found.had_deadline, found.on_time_share) == (1, 2, 0.5)
    assert [one.completed for one in found.per_day] == [1, 0, 1]


async def test_days_are_the_persons_own(core: Core, anna: User) -> None:
    # An hour before noon in London is the next day in Apia.
    await _keep(core, a_task(owner_id=anna.id).complete(now=NOW - timedelta(hours=1)))

    here = await core.statistics.statistics(actor=anna.id, timezone="UTC", days=1)
    there = await core.statistics.statistics(actor=anna.id, timezone="Pacific/Apia", days=1)

    assert [(one.day, one.completed) for one in here.per_day] == [(date(2100, 3, 15), 1)]
    assert [(one.day, one.completed) for one in there.per_day] == [(date(2100, 3, 16), 1)]


@pytest.mark.parametrize("length", [1, 6, 7, 8, 29, 31, 100, 400])
@pytest.mark.parametrize("days", [1, 30])
async def test_a_streak_is_counted_to_its_end_however_little_is_shown(
    core: Core, anna: User, length: int, days: int
) -> None:
    streak = [a_task(owner_id=anna.id).complete(now=NOW - back * DAY) for back in range(length)]
    earlier = a_task(owner_id=anna.id).complete(now=NOW - (length + 1) * DAY)
    await _keep(core, *streak, earlier)

    found = await core.statistics.statistics(actor=anna.id, timezone=ZONE, days=days, weeks=1)

    began_on = date(2100, 3, 15) - (length - 1) * DAY
    assert (found.streak.days, found.streak.began_on) == (length, began_on)
    assert len(found.per_day) == days


@pytest.mark.parametrize("span", [{"days": 0}, {"days": MOST_DAYS + 1}, {"weeks": 0}])
async def test_days_and_weeks_have_their_limits(
    core: Core, anna: User, span: dict[str, int]
) -> None:
    most = await core.statistics.statistics(
        actor=anna.id, timezone=ZONE, days=MOST_DAYS, weeks=MOST_WEEKS
    )

    assert (len(most.per_day), len(most.per_week)) == (MOST_DAYS, MOST_WEEKS)
    with pytest.raises(ValueError, match="there are 1 to"):
        await core.statistics.statistics(actor=anna.id, timezone=ZONE, **span)
