"""What is shown of the canary."""

from datetime import timedelta

import pytest

from support.builders import NOW
from support.core import Core, a_core
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.observability import CanarySource
from taskbot.application.canary import CanaryService

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


async def _shown(core: Core) -> dict[str, float]:
    canary = CanaryService(core.users, core.tasks, core.queries, core.clock, -1001)
    metrics = await CanarySource(canary, core.clock).collect()
    return {sample.name: sample.value for metric in metrics for sample in metric.samples}


async def test_before_the_first_has_arrived_nothing_is_shown_of_arrivals() -> None:
    assert await _shown(a_core(clock=ManualClock(NOW))) == {"taskbot_canary_waiting_seconds": 0}


async def test_how_long_one_took_and_how_long_the_next_is_waited_for() -> None:
    core = a_core()
    canary = CanaryService(core.users, core.tasks, core.queries, core.clock, -1001)
    await canary.send()
    core.clock.advance(3 * SECOND)
    await core.deliver_due()
    await canary.send()
    core.clock.advance(8 * SECOND)

    assert await _shown(core) == {
        "taskbot_canary_seconds": 2,
        "taskbot_canary_waiting_seconds": 7,
        "taskbot_canary_last_arrival_timestamp_seconds": (NOW + 3 * SECOND).timestamp(),
    }


async def test_many_scrapes_at_once_ask_the_database_once_in_a_while() -> None:
    core = a_core(clock=ManualClock(NOW))
    canary = CanaryService(core.users, core.tasks, core.queries, core.clock, -1001)
    source = CanarySource(canary, core.clock)
    await source.collect()
    await canary.send()
    core.clock.advance(4 * SECOND)

    (kept,) = await source.collect()
    core.clock.advance(SECOND)
    (fresh,) = await source.collect()

    assert [sample.value for sample in kept.samples] == [0]
    assert [sample.value for sample in fresh.samples] == [4]
