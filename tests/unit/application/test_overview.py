"""The overview: what operators see at a glance, and how often the storage is asked for it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from attrs import field, frozen

from support.builders import NOW, a_process, a_reminder_of, a_task, a_user
from support.core import Core, a_core
from taskbot.adapters.memory import ManualClock, MemoryOperatorQueries, MemorySignsOfLife
from taskbot.application.figures import Delivered, Missed, PeopleFigures
from taskbot.application.health import Check, Facts, HealthService, Unwell
from taskbot.application.overview import FRESH_FOR, HOURS, Overview, OverviewService
from taskbot.application.ports import (
    SILENT_AFTER,
    Part,
    SignOfLife,
    StorageUnavailable,
    UnitOfWork,
)
from taskbot.application.troubles import Trouble, TroubleKind
from taskbot.domain.reminder import LATE_AFTER, Reminder

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
STALLED_AFTER = 5 * MINUTE


@frozen
class Watched(MemoryOperatorQueries):
    """Tells when it is asked, and for which hours; stops until it may *go_on*."""

    hours_asked: list[tuple[datetime, int]] = field(factory=list)
    people_asked: list[datetime] = field(factory=list)
    is_asked: asyncio.Event = field(factory=asyncio.Event)
    go_on: asyncio.Event = field(factory=asyncio.Event)
    troubles: list[StorageUnavailable] = field(factory=list)

    async def people_figures(self, *, now: datetime) -> PeopleFigures:
        self.people_asked.append(now)
        self.is_asked.set()
        await self.go_on.wait()
        if self.troubles:
            raise self.troubles.pop()
        return await MemoryOperatorQueries.people_figures(self, now=now)

    async def delivered(self, since: datetime, *, hours: int) -> list[Delivered]:
        self.hours_asked.append((since, hours))
        return await MemoryOperatorQueries.delivered(self, since, hours=hours)


@frozen(kw_only=True)
class Desk:
    """Where an operator sits."""

    core: Core
    figures: Watched
    signs_of_life: MemorySignsOfLife
    problems: dict[str, str]
    service: OverviewService

    @property
    def clock(self) -> ManualClock:
        return self.core.clock

    async def look(self) -> Overview:
        return await self.service.look()

    async def keep(self, *reminders: Reminder) -> None:
        async def add(uow: UnitOfWork) -> None:
            await uow.reminders.add(list(reminders))

        await self.core.transactions.run(add)

    async def beat(self, *parts: Part, release: str = "1.0") -> None:
        for part in parts:
            process = a_process(name=f"{part}:{release}", part=part, release=release)
            await self.signs_of_life.give(SignOfLife(process, self.clock.now()))


@pytest.fixture
async def desk() -> Desk:
    core = a_core()
    figures, signs_of_life = Watched(core.database), MemorySignsOfLife(core.clock)
    figures.go_on.set()
    problems: dict[str, str] = {}

    def check(name: str) -> Check:
        async def look() -> Facts:
            if name in problems:
                raise Unwell(problems[name])
            return {}

        return Check(name=name, look=look)

    service = OverviewService(
        figures,
        core.queries,
        signs_of_life,
        HealthService([check("database"), check("redis")]),
        core.clock,
        STALLED_AFTER,
    )
    desk = Desk(
        core=core, figures=figures, signs_of_life=signs_of_life, problems=problems, service=service
    )
    await desk.beat(Part.ALL)
    return desk


async def a_stored_task(desk: Desk) -> Reminder:
    """A reminder of a stored task, not stored itself: for others to be made from."""
    owner = a_user()
    task = a_task(owner_id=owner.id)

    async def add(uow: UnitOfWork) -> None:
        await uow.users.add(owner)
        await uow.tasks.add(task)

    await desk.core.transactions.run(add)
    return a_reminder_of(task)


def sent(like: Reminder, *, at: datetime, late: timedelta = SECOND) -> Reminder:
    task = a_task(id=like.task_id, owner_id=like.owner_id)
    return a_reminder_of(task, fire_at=at - late).sent(now=at, message_id=1)


async def test_an_installation_that_nobody_uses_yet_is_well(desk: Desk) -> None:
    overview = await desk.look()

    assert overview.is_well
    assert (overview.sent, overview.late, overview.failed, overview.unknown) == (0, 0, 0, 0)
    assert overview.latest is None
    assert [hour.start for hour in overview.hours] == [
        NOW - ago * HOUR for ago in reversed(range(HOURS))
    ]
    assert [one.name for one in overview.findings] == ["database", "redis"]


async def test_the_hours_are_those_of_the_clock_up_to_the_running_one(desk: Desk) -> None:
    like = await a_stored_task(desk)
    desk.clock.advance(30 * MINUTE)
    await desk.keep(
        sent(like, at=NOW - 23 * HOUR - SECOND),
        sent(like, at=NOW - 23 * HOUR),
        sent(like, at=NOW - SECOND, late=2 * SECOND),
        sent(like, at=NOW + 29 * MINUTE, late=LATE_AFTER + SECOND),
        a_reminder_of(a_task(id=like.task_id, owner_id=like.owner_id)).give_up(error="refused"),
    )

    overview = await desk.look()

    assert [hour.delivered.sent for hour in overview.hours] == [1, *[0] * 21, 1, 1]
    assert (overview.sent, overview.late, overview.latest) == (3, 1, LATE_AFTER + SECOND)
    assert overview.hours[-1].missed == Missed(failed=1)
    assert (overview.failed, overview.unknown) == (1, 0)


async def test_who_looks_again_soon_sees_the_same_and_later_what_is_new(desk: Desk) -> None:
    first = await desk.look()
    desk.clock.advance(FRESH_FOR - SECOND)
    soon = await desk.look()
    desk.clock.advance(SECOND)
    later = await desk.look()

    assert soon is first
    assert later.at == NOW + FRESH_FOR
    assert len(desk.figures.people_asked) == 2


async def test_who_looks_at_the_same_time_shares_one_look(desk: Desk) -> None:
    desk.figures.go_on.clear()
    first, given_up, third = [asyncio.create_task(desk.look()) for _ in range(3)]
    async with asyncio.timeout(5):
        await desk.figures.is_asked.wait()
    given_up.cancel()
    desk.figures.go_on.set()

    assert await first is await third
    assert len(desk.figures.people_asked) == 1


async def test_a_look_that_fails_is_not_kept(desk: Desk) -> None:
    desk.figures.troubles.append(StorageUnavailable("away"))
    with pytest.raises(StorageUnavailable):
        await desk.look()

    assert (await desk.look()).is_well


async def test_hours_that_are_over_are_counted_once(desk: Desk) -> None:
    like = await a_stored_task(desk)
    await desk.keep(sent(like, at=NOW - HOUR))
    await desk.look()
    desk.clock.advance(2 * MINUTE)
    await desk.look()
    desk.clock.advance(5 * MINUTE)
    await desk.look()
    desk.clock.advance(HOUR)
    await desk.keep(sent(like, at=NOW + HOUR))

    overview = await desk.look()

    # Just after an hour's end somebody may still be recording what was sent in it.
    assert desk.figures.hours_asked == [
        (NOW - 23 * HOUR, 24),
        (NOW - HOUR, 2),
        (NOW - HOUR, 2),
        (NOW, 2),
    ]
    assert [hour.delivered.sent for hour in overview.hours] == [*[0] * 21, 1, 0, 1]


async def test_a_clock_that_is_put_back_forgets_nothing(desk: Desk) -> None:
    like = await a_stored_task(desk)
    await desk.keep(sent(like, at=NOW - 30 * HOUR), sent(like, at=NOW - HOUR))
    await desk.look()
    desk.clock.advance(-10 * HOUR)

    overview = await desk.look()

    assert [place for place, one in enumerate(overview.hours) if one.delivered.sent] == [3]


async def kinds(desk: Desk) -> list[tuple[TroubleKind, str]]:
    return [(one.kind, one.about) for one in (await desk.look()).troubles]


async def test_what_cannot_be_used_is_a_grave_trouble(desk: Desk) -> None:
    desk.problems["redis"] = "does not answer"

    overview = await desk.look()

    assert overview.is_grave
    assert overview.troubles == (Trouble(kind=TroubleKind.UNUSABLE, is_grave=True, about="redis"),)


async def test_a_reminder_that_is_due_for_too_long_is_a_grave_trouble(desk: Desk) -> None:
    like = await a_stored_task(desk)
    await desk.keep(like)
    desk.clock.advance(STALLED_AFTER)
    await desk.beat(Part.ALL)
    assert await kinds(desk) == []
    desk.clock.advance(FRESH_FOR)

    overview = await desk.look()

    age = STALLED_AFTER + FRESH_FOR
    assert overview.is_grave
    assert overview.troubles == (
        Trouble(kind=TroubleKind.STALLED, is_grave=True, number=1, age=age),
    )


async def test_each_part_that_nobody_does_is_missed(desk: Desk) -> None:
    await desk.signs_of_life.end("up:1.0")
    await desk.beat(Part.API)

    assert await kinds(desk) == [
        (TroubleKind.PART_MISSING, Part.SCHEDULER),
        (TroubleKind.PART_MISSING, Part.WORKER),
        (TroubleKind.PART_MISSING, Part.BOT),
    ]


async def test_a_bot_that_is_not_seen_may_be_there_all_the_same(desk: Desk) -> None:
    await desk.signs_of_life.end("up:1.0")
    await desk.beat(Part.API, Part.SCHEDULER, Part.WORKER)

    overview = await desk.look()

    assert not overview.is_well
    assert not overview.is_grave


async def test_who_is_silent_for_too_long_does_nothing(desk: Desk) -> None:
    desk.clock.advance(SILENT_AFTER)
    assert await kinds(desk) == []
    desk.clock.advance(FRESH_FOR)

    assert (TroubleKind.PART_MISSING, Part.WORKER) in await kinds(desk)
    assert [one.process.part for one in (await desk.look()).signs_of_life] == [Part.ALL]


async def test_processes_of_two_releases_are_told_as_long_as_both_are_at_work(
    desk: Desk,
) -> None:
    await desk.beat(Part.WORKER, release="1.1")

    assert await kinds(desk) == [(TroubleKind.SEVERAL_RELEASES, "1.0, 1.1")]
    await desk.signs_of_life.end("worker:1.1")
    desk.clock.advance(FRESH_FOR)
    assert await kinds(desk) == []


@pytest.mark.parametrize(("punctual", "is_trouble"), [(18, True), (19, False)])
async def test_more_than_one_late_of_twenty_lately_is_a_trouble(
    desk: Desk,
    punctual: int,
    is_trouble: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    like = await a_stored_task(desk)
    await desk.keep(
        sent(like, at=NOW - HOUR, late=2 * LATE_AFTER),
        *(sent(like, at=NOW) for _ in range(punctual)),
        sent(like, at=NOW - HOUR - SECOND, late=2 * LATE_AFTER),
    )

    overview = await desk.look()

    late = Trouble(kind=TroubleKind.LATE, is_grave=False, number=1)
    assert overview.troubles == ((late,) if is_trouble else ())


async def test_dead_letters_want_a_decision_and_the_gravest_comes_first(desk: Desk) -> None:
    like = await a_stored_task(desk)
    await desk.keep(like.give_up(error="refused"))
    desk.problems["redis"] = "does not answer"

    overview = await desk.look()

    assert [one.kind for one in overview.troubles] == [
        TroubleKind.UNUSABLE,
        TroubleKind.DEAD_LETTERS,
    ]
    assert overview.troubles[1].number == 1
