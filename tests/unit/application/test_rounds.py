"""Health of what nobody can ask: loops that go round, and processes that take their leave."""

from datetime import timedelta

import pytest

from support.builders import NOW
from taskbot.adapters.memory import ManualClock
from taskbot.application.health import Check, Facts, HealthService, Rounds

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


async def _well() -> Facts:
    return {}


async def test_a_loop_is_well_as_long_as_it_goes_round() -> None:
    clock = ManualClock(NOW)
    rounds = Rounds(clock)
    health = HealthService([rounds.check("dispatch", within=MINUTE)])

    for _ in range(3):
        clock.advance(MINUTE)
        assert (await health.look()).is_whole
        rounds.finish()


async def test_a_loop_that_no_longer_goes_round_is_told_with_how_long_ago_it_did() -> None:
    clock = ManualClock(NOW)
    health = HealthService([Rounds(clock).check("dispatch", within=MINUTE)])

    clock.advance(MINUTE + timedelta(seconds=1))

    (failed,) = (await health.look()).failed
    assert (failed.name, failed.problem) == ("dispatch", "last went well 61 seconds ago")


async def test_who_is_being_stopped_is_not_ready_although_all_else_is_well() -> None:
    health = HealthService([Check(name="database", look=_well)])
    assert not (await health.look()).failed

    health.begin_to_stop()

    (failed,) = (await health.look()).failed
    assert (failed.name, failed.problem) == ("process", "is being stopped")
