"""What a scrape shows, and what it does without."""

import asyncio
import platform
from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Any

import httpx
import pytest
from attrs import frozen
from prometheus_client import REGISTRY, Counter
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

from support.builders import NOW, a_reminder_of, a_task, a_user
from support.core import Core, a_core
from taskbot.adapters.observability import (
    Metrics,
    MetricsPage,
    ReminderSource,
    TransactionMeter,
)
from taskbot.adapters.observability.definitions import GaugeDefinition
from taskbot.application.ports import UnitOfWork

pytestmark = pytest.mark.anyio


async def _samples(metrics: Metrics) -> dict[str, float]:
    """What a scrape shows, by name and labels."""
    text = (await metrics.text()).decode()
    return {
        sample.name + "".join(f"/{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@frozen
class Answers:
    name: str = "answers"

    async def collect(self) -> Sequence[Metric]:
        return [GaugeMetricFamily("answered", "What it said.", 7)]


@frozen
class Breaks:
    name: str = "breaks"

    async def collect(self) -> Sequence[Metric]:
        raise LookupError("secret detail")


@frozen
class Hangs:
    name: str = "hangs"

    async def collect(self) -> Sequence[Metric]:
        await asyncio.Event().wait()
        return []


async def test_the_process_and_what_runs_in_it_are_shown() -> None:
    metrics = Metrics()
    metrics.describe("api", "bot", schema="0012")

    shown = await _samples(metrics)

    assert shown["process_resident_memory_bytes"] > 0
    assert shown["process_open_fds"] > 0
    release, python = version("taskbot"), platform.python_version()
    assert shown[f"taskbot_build_info/{python}/0012/{release}"] == 1
    assert shown["taskbot_role_info/api"] == shown["taskbot_role_info/bot"] == 1


async def test_when_each_counter_began_is_not_shown() -> None:
    metrics = Metrics()
    metrics.meter(TransactionMeter)

    assert not [name for name in await _samples(metrics) if "_created" in name]


async def test_a_meter_counts_for_everybody_who_asks_for_it() -> None:
    metrics = Metrics()

    assert metrics.meter(TransactionMeter) is metrics.meter(TransactionMeter)


async def test_a_gauge_is_read_when_it_is_scraped() -> None:
    metrics, values = Metrics(), [1.0]
    metrics.gauge(GaugeDefinition("fill", "How full it is."), lambda: values[-1])

    assert (await _samples(metrics))["fill"] == 1
    values.append(2)
    assert (await _samples(metrics))["fill"] == 2


@pytest.mark.parametrize("other", [Breaks(), Hangs()])
async def test_a_source_that_does_not_answer_takes_nothing_else_away(
    other: Any, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics(patience=timedelta(seconds=0.05))
    metrics.add(other)
    metrics.add(Answers())

    shown = await _samples(metrics)

    assert shown["answered"] == 7
    assert shown["taskbot_source_up/answers"] == 1
    assert shown[f"taskbot_source_up/{other.name}"] == 0
    assert "secret" not in caplog.text


async def test_what_others_count_globally_is_not_shown() -> None:
    strange = Counter("strange", "Somebody else's.")
    try:
        shown = await _samples(Metrics())
    finally:
        REGISTRY.unregister(strange)

    assert not [name for name in shown if "strange" in name]


async def _promise(core: Core) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)

    async def keep(uow: UnitOfWork) -> None:
        await uow.users.add(owner)
        await uow.tasks.add(task)
        await uow.reminders.add(
            [a_reminder_of(task, fire_at=NOW), a_reminder_of(task).give_up(error="no route")]
        )

    await core.transactions.run(keep)


async def test_how_delivery_is_doing_is_asked_at_most_every_few_seconds() -> None:
    core = a_core()
    metrics = Metrics()
    metrics.add(ReminderSource(core.queries, core.clock))
    before = await _samples(metrics)
    await _promise(core)

    core.clock.advance(timedelta(seconds=4))
    meanwhile = await _samples(metrics)
    core.clock.advance(timedelta(seconds=1))
    afterwards = await _samples(metrics)

    names = (
        "taskbot_reminders_due",
        "taskbot_reminders_oldest_due_seconds",
        "taskbot_dead_letters",
    )
    assert [before[name] for name in names] == [0, 0, 0]
    assert [meanwhile[name] for name in names] == [0, 0, 0]
    assert [afterwards[name] for name in names] == [1, 5, 1]


async def test_a_clock_that_was_set_back_does_not_keep_old_figures() -> None:
    core = a_core()
    source = ReminderSource(core.queries, core.clock)
    await source.collect()
    await _promise(core)

    core.clock.advance(-timedelta(seconds=1))

    (_, _, dead) = await source.collect()
    assert dead.samples[0].value == 1


async def test_the_page_is_at_its_path_alone() -> None:
    app: Any = MetricsPage(Metrics())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://taskbot.test"
    ) as client:
        page = await client.get("/metrics")
        head = await client.head("/metrics")
        others = [await client.get("/"), await client.post("/metrics")]

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "process_resident_memory_bytes" in page.text
    assert (head.status_code, head.content) == (200, b"")
    assert [answer.status_code for answer in others] == [404, 404]
