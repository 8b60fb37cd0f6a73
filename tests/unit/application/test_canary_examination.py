"""The doctor sends a canary and sees whether it arrives."""

from datetime import timedelta

import pytest

from support.builders import NOW
from support.core import Core, a_core
from taskbot.adapters.memory import ManualClock
from taskbot.application.canary import CanaryService
from taskbot.application.canary_examination import PATIENCE, CanaryExamination
from taskbot.application.doctor import ProblemKind

pytestmark = pytest.mark.anyio


class Delivering(ManualClock):
    """While somebody sleeps, what is due is delivered."""

    core: Core

    async def sleep(self, duration: timedelta) -> None:
        self.advance(duration)
        await self.core.deliver_due()


def _examination(core: Core) -> CanaryExamination:
    canary = CanaryService(core.users, core.tasks, core.queries, core.clock, -1001)
    return CanaryExamination(canary, core.clock)


async def test_a_canary_that_arrives_is_no_problem() -> None:
    clock = Delivering(NOW)
    core = clock.core = a_core(clock=clock)

    seen = await _examination(core).look()

    assert seen.problems == ()
    assert seen.facts == {"arrived_after_seconds": 0.0}


async def test_a_canary_that_does_not_arrive_is_grave() -> None:
    core = a_core()

    (problem,) = (await _examination(core).look()).problems

    assert (problem.kind, problem.is_grave) == (ProblemKind.CANARY_LOST, True)
    assert problem.values == {"seconds": f"{PATIENCE.total_seconds() - 1:.0f}"}


async def test_one_that_has_been_on_its_way_for_long_is_told_by_how_long() -> None:
    core = a_core()
    await CanaryService(core.users, core.tasks, core.queries, core.clock, -1001).send()
    core.clock.advance(timedelta(seconds=601))

    (problem,) = (await _examination(core).look()).problems

    assert problem.values == {"seconds": "606"}
