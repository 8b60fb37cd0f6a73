"""Whether reminders get through, told by who is at work and what waits."""

from datetime import timedelta

import pytest
from attrs import evolve

from support.builders import NOW, a_reminder_of, a_task
from support.core import Core, a_core
from taskbot.adapters.memory import MemoryOperatorQueries, MemorySignsOfLife
from taskbot.application.doctor import ProblemKind, Reason, Seen, Skipped
from taskbot.application.ports import Part, Process, SignOfLife, StorageUnavailable, UnitOfWork
from taskbot.application.reminder_path import ReminderPath

pytestmark = pytest.mark.anyio


def a_path(core: Core, *, is_one_process: bool = False) -> ReminderPath:
    return ReminderPath(
        queries=core.queries,
        figures=MemoryOperatorQueries(core.database),
        signs_of_life=MemorySignsOfLife(core.clock),
        clock=core.clock,
        stalled_after=timedelta(minutes=10),
        is_one_process=is_one_process,
    )


async def at_work(path: ReminderPath, *parts: Part, release: str = "1.0") -> None:
    for part in parts:
        process = Process(name=f"host:{part}", part=part, release=release, started_at=NOW)
        await path.signs_of_life.give(SignOfLife(process, path.clock.now()))


def told(seen: Seen) -> list[tuple[ProblemKind, str | None]]:
    return [(one.kind, one.remedy) for one in seen.problems]


async def test_with_every_part_at_work_and_nothing_waiting_all_is_well() -> None:
    path = a_path(a_core())
    await at_work(path, Part.SCHEDULER, Part.WORKER, Part.BOT)

    seen = await path.look()

    assert told(seen) == []
    assert seen.facts["processes_worker"] == 1
    assert (seen.facts["queue"], seen.facts["dead_letters"]) == (0, 0)


async def test_a_missing_part_is_named_with_the_command_that_starts_it() -> None:
    path = a_path(a_core())
    await at_work(path, Part.WORKER)

    seen = await path.look()

    assert told(seen) == [
        (ProblemKind.PART_MISSING, "taskbot scheduler"),
        (ProblemKind.PART_MISSING, "taskbot bot"),
    ]
    assert [one.is_grave for one in seen.problems] == [True, False]


async def test_one_process_that_is_missing_is_told_once() -> None:
    seen = await a_path(a_core(), is_one_process=True).look()

    assert told(seen) == [(ProblemKind.PART_MISSING, "taskbot up")]
    assert seen.problems[0].values["about"] == "up"


async def test_who_has_been_silent_for_long_is_not_at_work() -> None:
    core = a_core()
    path = a_path(core, is_one_process=True)
    await at_work(path, Part.ALL)
    assert told(await path.look()) == []

    core.clock.advance(timedelta(minutes=5))

    assert told(await path.look()) == [(ProblemKind.PART_MISSING, "taskbot up")]


async def test_reminders_that_are_due_for_long_are_told_with_their_age() -> None:
    core = a_core()
    owner = await core.users.find_or_register(7)
    task = a_task(owner_id=owner.id)

    async def promise(uow: UnitOfWork) -> None:
        await uow.tasks.add(task)
        await uow.reminders.add([a_reminder_of(task, fire_at=NOW)])

    await core.transactions.run(promise)
    core.clock.advance(timedelta(minutes=45))
    path = a_path(core)
    await at_work(path, Part.ALL)

    seen = await path.look()

    (problem,) = seen.problems
    assert (problem.kind, problem.is_grave) == (ProblemKind.STALLED, True)
    assert (problem.values["number"], problem.values["minutes"]) == ("1", "45")
    assert seen.facts["oldest_due_seconds"] == 2700.0


async def test_several_releases_at_work_are_a_warning() -> None:
    path = a_path(a_core())
    await at_work(path, Part.ALL)
    await at_work(path, Part.API, release="0.9")

    (problem,) = (await path.look()).problems

    assert (problem.kind, problem.is_grave) == (ProblemKind.SEVERAL_RELEASES, False)
    assert problem.values["about"] == "0.9, 1.0"


async def test_a_storage_that_is_away_is_looked_at_elsewhere() -> None:
    class Away:
        def __getattr__(self, _: str) -> None:
            raise StorageUnavailable("away")

    away: MemorySignsOfLife = Away()  # type: ignore[assignment] # whatever it is asked
    with pytest.raises(Skipped) as skipped:
        await evolve(a_path(a_core()), signs_of_life=away).look()

    assert (skipped.value.reason, skipped.value.name) == (Reason.NOT_ASKED, "database")
