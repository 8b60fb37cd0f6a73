"""The scheduler: wakes when something is due, and outlives every failure."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from support.builders import NOW
from support.core import Core, a_core
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.observability import DispatchMeter
from taskbot.application.ports import StorageUnavailable
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.entrypoints import scheduler
from taskbot.entrypoints.scheduler import run_scheduler

pytestmark = pytest.mark.anyio


async def promise(core: Core, *, after: timedelta) -> None:
    owner = await core.users.find_or_register(1)
    deadline = TimedDeadline(core.clock.now() + after, "UTC")
    await core.tasks.create(CreateTask(actor=owner.id, title="Soon", deadline=deadline))


async def until_claimed(core: Core, number: int) -> None:
    async with asyncio.timeout(10):
        while len(core.queue.claims) < number:  # noqa: ASYNC110 - the queue's fake sets no event
            await asyncio.sleep(0.001)


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "POLL_INTERVAL", timedelta(milliseconds=5))


async def test_what_is_due_is_claimed_and_what_is_not_is_left() -> None:
    core, stop = a_core(clock=ManualClock(NOW)), asyncio.Event()
    await promise(core, after=timedelta(minutes=5))
    running = asyncio.create_task(run_scheduler(core.dispatch, core.clock, stop))
    await asyncio.sleep(0.02)
    assert core.queue.claims == []

    core.clock.advance(timedelta(minutes=5))
    await until_claimed(core, 1)

    stop.set()
    await running
    assert len(core.queue.claims) == 1


async def test_a_reminder_that_is_planned_meanwhile_is_noticed() -> None:
    core, stop = a_core(clock=ManualClock(NOW)), asyncio.Event()
    running = asyncio.create_task(run_scheduler(core.dispatch, core.clock, stop))

    await promise(core, after=timedelta(seconds=1))
    core.clock.advance(timedelta(seconds=1))
    await until_claimed(core, 1)

    stop.set()
    await running


async def test_a_storage_that_fails_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    core, stop = a_core(clock=ManualClock(NOW)), asyncio.Event()
    await promise(core, after=timedelta(seconds=1))
    core.clock.advance(timedelta(seconds=1))
    failures = iter(range(2))
    real = core.dispatch

    class Flaky:
        async def next_due_at(self) -> object:
            if next(failures, None) is not None:
                raise StorageUnavailable
            return await real.next_due_at()

        async def dispatch_due(self, *, limit: int) -> int:
            return await real.dispatch_due(limit=limit)

    registry = CollectorRegistry()
    meter = DispatchMeter(registry)
    running = asyncio.create_task(run_scheduler(Flaky(), core.clock, stop, meter=meter))  # type: ignore[arg-type] # stands in for the service
    await until_claimed(core, 1)

    stop.set()
    await running
    assert "dispatch failed" in caplog.text
    value = registry.get_sample_value
    assert value("taskbot_dispatch_looks_total", {"outcome": "failed"}) == 2
    assert (value("taskbot_dispatch_looks_total", {"outcome": "done"}) or 0) >= 1
    at = value("taskbot_dispatch_last_success_timestamp_seconds")
    assert at == core.clock.now().timestamp()


async def test_stopping_is_immediate() -> None:
    core, stop = a_core(), asyncio.Event()
    running = asyncio.create_task(run_scheduler(core.dispatch, core.clock, stop))

    stop.set()

    async with asyncio.timeout(2):
        await running
