"""What every `Clock` promises."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from support.builders import NOW
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import ManualClock
from taskbot.application.ports import Clock

pytestmark = pytest.mark.anyio

CLOCKS: list[Callable[[], Clock]] = [
    SystemClock,
    lambda: ManualClock(NOW, skips_sleep=True),
]


@pytest.mark.parametrize("make", CLOCKS)
def test_the_moment_is_aware_and_in_utc(make: Callable[[], Clock]) -> None:
    assert make().now().tzinfo is UTC


@pytest.mark.parametrize("make", CLOCKS)
@pytest.mark.parametrize("duration", [timedelta(milliseconds=20), timedelta(0), -timedelta(1)])
async def test_sleep_returns_when_the_time_has_passed(
    make: Callable[[], Clock], duration: timedelta
) -> None:
    clock = make()
    begun = clock.now()

    await clock.sleep(duration)

    assert clock.now() - begun >= duration


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_sleeps_on_a_manual_clock_wakes_when_it_is_advanced_far_enough() -> None:
    clock = ManualClock(NOW)
    woken: list[str] = []

    async def sleep(name: str, duration: timedelta) -> None:
        await clock.sleep(duration)
        woken.append(name)

    sleepers: list[Awaitable[None]] = [
        asyncio.create_task(sleep("long", timedelta(seconds=10))),
        asyncio.create_task(sleep("short", timedelta(seconds=5))),
    ]
    await _settle()
    assert woken == []

    clock.advance(timedelta(seconds=5))
    await _settle()
    assert woken == ["short"]

    clock.advance(timedelta(seconds=5))
    await asyncio.wait_for(asyncio.gather(*sleepers), timeout=5)
    assert woken == ["short", "long"]


def test_a_manual_clock_may_be_set_in_any_zone() -> None:
    moscow = timezone(timedelta(hours=3))

    assert ManualClock(datetime(2100, 3, 15, 15, tzinfo=moscow)).now() == NOW
