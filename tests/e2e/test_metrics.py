"""What each process shows at /metrics after people and programs have used it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from attrs import frozen

from support import postgres, redis
from support.fleet import TOKEN, Fleet, a_fleet
from support.ports import a_free_port
from support.processes import RunningProcess, taskbot
from support.product import Product, Somebody, running_product
from support.scrapes import Scrape
from taskbot.adapters.observability.catalogue import CATALOGUE, PROCESS

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

OURS: Final = {series: one for one in CATALOGUE for series in one.series}
ANY_PORT: Final = {"TASKBOT_METRICS_PORT": "0"}


@frozen
class Running:
    """A process for each role, of the worker two in one, and a bot over the API besides."""

    fleet: Fleet
    product: Product
    api: RunningProcess
    bot: RunningProcess
    scheduler: RunningProcess
    worker: RunningProcess

    @property
    def everybody(self) -> list[RunningProcess]:
        return [self.api, self.bot, self.scheduler, self.worker]


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_fleet(tmp_path_factory.mktemp("fleet")) as fleet:
        fleet.environment.update(ANY_PORT)
        api, bot, scheduler, worker = await asyncio.gather(
            fleet.start("api"),
            fleet.start("bot"),
            fleet.start("scheduler"),
            # Those that it starts load everything anew. They would be counted, too, and take three
            # times as long, if it was not executed itself.
            fleet.start("worker", "--processes", "2", is_executed=True, within=180),
        )
        address = (await api.address("API docs")).removesuffix("/api/v1/docs")
        product = Product(bot, fleet.control, address, fleet.folder, fleet.environment)
        await _use(product)
        yield Running(fleet, product, api, bot, scheduler, worker)


async def _use(product: Product, *, reminders: int = 3) -> Somebody:
    """Make traffic of every kind: messages, presses, requests good and bad, reminders."""
    ada = await product.a_person()
    await ada.say("Buy milk")
    await ada.say("/tasks")
    async with product.program_of(ada) as program:
        for number in range(reminders):
            due_at = datetime.now(UTC) + timedelta(seconds=1 + number)
            body = {"title": f"Soon {number}", "due_at": due_at.isoformat()}
            assert (await program.post("/tasks", json=body)).status_code == 201
        assert (await program.get("/tasks/none-such")).status_code == 404
        assert (await program.get("/nowhere/at-all")).status_code == 404
    for number in range(reminders):
        await ada.sees("🔔", f"Soon {number}")
    return ada


async def test_everything_that_is_shown_is_described_and_its_labels_are_what_they_may_be(
    running: Running,
) -> None:
    scrape = await Scrape.of(*running.everybody)

    for sample in scrape.samples:
        if not sample.name.startswith("taskbot_"):
            assert sample.name.startswith(("process_", "python_")), sample.name
            continue
        definition = OURS[sample.name]
        own = {name: value for name, value in sample.labels.items() if name != PROCESS.name}
        own.pop("le", None)
        assert set(own) == set(definition.label_names), sample
        for label in definition.labels:
            assert label.values is None or own[label.name] in label.values, sample


async def test_the_api_shows_its_requests_by_route(running: Running) -> None:
    scrape = await Scrape.of(running.api)

    tasks = {"route": "/api/v1/tasks", "method": "POST"}
    assert scrape.sum("http_requests_total", status="2xx", **tasks) == 3
    assert scrape.sum("http_request_duration_seconds_count", **tasks) == 3
    assert scrape.sum("http_requests_total", status="4xx") >= 2
    assert not [one for one in scrape.labels("http_requests_total", "route") if "none-" in one]
    assert scrape.sum("reminders_planned_total", kind="due") == 3
    assert scrape.all("reminders_oldest_due_seconds") == [0]
    assert scrape.all("dead_letters") == [0]
    assert scrape.all("database_connections_max") == [8]
    assert scrape.sum("database_transactions_total", outcome="committed") >= 3
    assert scrape.labels("role_info", "role") == {"api"}


async def test_the_bot_shows_its_updates_and_its_calls(running: Running) -> None:
    scrape = await Scrape.of(running.bot)

    assert scrape.sum("bot_updates_total", kind="command", outcome="done") >= 2
    assert scrape.sum("bot_updates_total", kind="text", outcome="done") == 1
    assert scrape.sum("bot_updates_total", kind="press", outcome="done") == 1
    assert scrape.sum("bot_update_duration_seconds_count") == scrape.sum("bot_updates_total")
    assert scrape.sum("telegram_calls_total", method="sendMessage", outcome="ok") >= 3
    assert scrape.sum("telegram_calls_total", method="getUpdates", outcome="ok") >= 1
    assert scrape.all("telegram_call_duration_seconds_count", method="getUpdates") == []
    assert scrape.sum("send_wait_seconds_count", traffic="reply") >= 3
    assert scrape.labels("role_info", "role") == {"bot"}


async def test_the_scheduler_shows_what_it_claims_and_the_queues(running: Running) -> None:
    scrape = await Scrape.of(running.scheduler)

    assert scrape.sum("reminders_claimed_total") >= 3
    assert scrape.sum("dispatch_looks_total", outcome="done") > 3
    age = datetime.now(UTC).timestamp() - scrape.sum("dispatch_last_success_timestamp_seconds")
    assert -5 < age < 30
    assert scrape.labels("queue_length", "queue") == {"reminders", "alerts", "maintenance"}
    assert scrape.sum("dependency_up") == 2, "the database and Redis"
    assert scrape.labels("dependency_latency_seconds", "dependency") == {"database", "redis"}
    assert scrape.labels("role_info", "role") == {"scheduler"}


async def test_the_processes_of_a_worker_show_together_what_each_has_sent(
    running: Running,
) -> None:
    scrape = await Scrape.of(running.worker)

    assert scrape.labels("role_info", PROCESS.name) == {"1", "2"}
    assert scrape.all("source_up", source="process-1") == [1]
    assert scrape.all("source_up", source="process-2") == [1]
    assert scrape.sum("reminders_sent_total", kind="due") == 3
    assert scrape.sum("reminder_lateness_seconds_count") == 3
    assert scrape.sum("reminder_lateness_seconds_bucket", le="60.0") == 3
    assert 0 <= scrape.sum("reminder_lateness_seconds_sum") < 60
    assert scrape.sum("notifications_total", outcome="sent") >= 1
    assert scrape.sum("telegram_calls_total", method="sendMessage", outcome="ok") >= 1
    assert scrape.sum("send_wait_seconds_count", traffic="reminder") >= 1


async def test_a_bot_over_the_api_shows_how_that_answers(running: Running) -> None:
    assert await running.bot.ask_to_stop() == 0, running.bot.log()
    bot = await running.fleet.start(
        "bot", "--api-url", running.product.api, without=["TASKBOT_DATABASE_URL"]
    )
    ada = await running.product.a_person(name="Ben")
    await ada.say("/tasks")

    scrape = await Scrape.of(bot)

    assert scrape.sum("api_calls_total", outcome="2xx") >= 2
    assert scrape.sum("api_call_duration_seconds_count") >= 2
    assert scrape.sum("bot_updates_total", kind="command", outcome="done") >= 2
    assert scrape.labels("dependency_up", "dependency") == {"api", "redis"}
    assert scrape.sum("dependency_up") == 2
    assert scrape.all("database_connections_max") == []
    assert await bot.ask_to_stop() == 0, bot.log()


async def test_a_bot_by_webhook_shows_the_calls_of_telegram(running: Running) -> None:
    running.fleet.environment["TASKBOT_WEBHOOK_PORT"] = "0"
    running.fleet.environment["TASKBOT_WEBHOOK_URL"] = "http://127.0.0.1:9/hard-to-guess"
    bot = await running.fleet.start("bot", "--webhook")
    address = await bot.address("Webhook")
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(address, json={"update_id": 1})).status_code == 401

    scrape = await Scrape.of(bot)

    assert scrape.all("http_requests_total", route="webhook", status="4xx") == [1]
    assert scrape.labels("http_requests_total", "route") == {"webhook"}
    assert await bot.ask_to_stop() == 0, bot.log()


async def test_redis_that_is_away_is_shown_and_keeps_nothing_else_from_being_shown(
    running: Running,
) -> None:
    running.fleet.redis.freeze()
    try:
        scrape = await Scrape.of(running.scheduler)
    finally:
        running.fleet.redis.thaw()

    assert scrape.all("dependency_up", dependency="redis") == [0]
    assert scrape.all("dependency_up", dependency="database") == [1]
    assert scrape.all("source_up", source="queue") == [0]
    assert scrape.all("source_up", source="reminders") == [1]


async def test_the_processes_of_a_worker_end_with_it_even_if_it_is_killed(
    running: Running,
) -> None:
    await running.worker.kill()

    async with asyncio.timeout(30):
        await running.worker.read_to_the_end()  # its standard output, which they share


async def test_a_worker_ends_when_one_of_its_processes_does(tmp_path: Path) -> None:
    environment = ANY_PORT | {
        "TASKBOT_BOT_TOKEN": TOKEN,
        "TASKBOT_REDIS_URL": f"redis://127.0.0.1:{a_free_port()}",
        "TASKBOT_DATABASE_URL": f"postgresql://127.0.0.1:{a_free_port()}/gone",
        "TASKBOT_DATABASE_WAIT": "0",
    }
    async with taskbot(
        "worker", "--processes", "2", folder=tmp_path, environment=environment
    ) as worker:
        async with asyncio.timeout(60):
            assert await worker.process.wait() == 1

        assert "gone cannot be used" in worker.log()


async def test_all_in_one_process_shows_everything(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with running_product(tmp_path_factory.mktemp("up"), ANY_PORT) as product:
        await _use(product, reminders=1)

        scrape = await Scrape.of(product.process)

        assert scrape.labels("role_info", "role") == {"api", "bot", "scheduler", "worker"}
        assert scrape.sum("reminders_planned_total", kind="due") == 1
        assert scrape.sum("reminders_claimed_total") == 1
        assert scrape.sum("reminders_sent_total", kind="due") == 1
        assert scrape.sum("reminder_lateness_seconds_count") == 1
        assert scrape.sum("http_requests_total", route="/api/v1/tasks", status="2xx") == 1
        assert scrape.sum("bot_updates_total", kind="text", outcome="done") == 1
        assert scrape.all("queue_length", queue="reminders") == [0]
        assert scrape.sum("dispatch_looks_total", outcome="done") >= 1
        assert scrape.labels("dependency_up", "dependency") == {"database"}
