"""The queue between processes, on a real Redis: it rings, waits for room, and may be lost."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial

import pytest
import redis
from attrs import Factory, define, evolve
from dramatiq.brokers.redis import RedisBroker

from support.builders import a_reminder
from support.redis import ABSENT, OwnRedis, program
from support.simulator import eventually
from taskbot.adapters.queue.between_processes import (
    DramatiqJobQueue,
    DramatiqReminderQueue,
    create_broker,
    create_worker,
    queue_lengths,
)
from taskbot.adapters.queue.rings import DoJob, Hands
from taskbot.application.delivery import Errand
from taskbot.application.ports import Claim
from taskbot.domain.reminder import Reminder

pytestmark = pytest.mark.anyio


@pytest.fixture
def server() -> Iterator[OwnRedis]:
    if program() is None:
        pytest.skip(ABSENT)
    with OwnRedis() as server:
        yield server


@pytest.fixture
def queue(server: OwnRedis) -> Iterator[DramatiqReminderQueue]:
    broker = create_broker(server.url)
    yield DramatiqReminderQueue(broker)
    broker.close()
    broker.client.connection_pool.disconnect()


def _an_event_that_is_set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@define
class Deliveries:
    """What a worker was asked to deliver, and what was done with what it needs for it."""

    asked: list[Claim] = Factory(list)
    delivered: list[Claim] = Factory(list)
    events: list[str] = Factory(list)
    jobs: list[str] = Factory(list)
    fails: bool = False
    takes_until: threading.Event = Factory(_an_event_that_is_set)

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Hands]:
        self.events.append("opened")
        try:
            yield Hands(self._errands, self._do_job)
        finally:
            self.events.append("closed")

    async def _do_job(self, job: str) -> None:
        self.jobs.append(job)
        if self.fails:
            raise RuntimeError("made up")

    async def _errands(self, claims: Sequence[Claim]) -> list[Errand]:
        return [partial(self._deliver, claim) for claim in claims]

    async def _deliver(self, claim: Claim) -> None:
        self.asked.append(claim)
        await asyncio.to_thread(self.takes_until.wait, 30)
        if self.fails:
            raise RuntimeError("made up")
        self.delivered.append(claim)


@contextlib.contextmanager
def _at_work(server: OwnRedis, deliveries: Deliveries) -> Iterator[None]:
    worker = create_worker(server.url, opened=deliveries.opened(), at_a_time=4)
    worker.start()
    try:
        yield
    finally:
        worker.stop(timeout=10_000)
        worker.broker.close()
        assert isinstance(worker.broker, RedisBroker)
        worker.broker.client.connection_pool.disconnect()


def _claims(number: int) -> list[Reminder]:
    return [a_reminder(attempt=place + 1) for place in range(number)]


async def test_what_is_enqueued_is_delivered_once(
    server: OwnRedis, queue: DramatiqReminderQueue
) -> None:
    claims, deliveries = _claims(20), Deliveries()
    with _at_work(server, deliveries):
        await queue.enqueue(claims)
        await eventually(lambda: _has(deliveries, 20))

    assert set(deliveries.asked) == {Claim.of(claim) for claim in claims}
    assert len(deliveries.asked) == 20
    assert deliveries.events == ["opened", "closed"]


async def _has(deliveries: Deliveries, number: int) -> bool:
    return len(deliveries.asked) >= number


async def test_a_worker_takes_some_more_than_it_has_hands_for_and_leaves_the_rest(
    server: OwnRedis, queue: DramatiqReminderQueue
) -> None:
    deliveries = Deliveries(takes_until=threading.Event())
    with _at_work(server, deliveries):
        await queue.enqueue(_claims(60))  # 8 messages: for two threads, and as many again
        await eventually(lambda: _has(deliveries, 4))
        lengths = await queue_lengths(queue._broker)
        assert len(deliveries.asked) == 4
        deliveries.takes_until.set()
        await eventually(lambda: _has(deliveries, 60))

    assert lengths["reminders"] == (4, 0)


async def test_who_stops_finishes_what_is_under_way_and_gives_the_rest_back(
    server: OwnRedis, queue: DramatiqReminderQueue
) -> None:
    deliveries = Deliveries(takes_until=threading.Event())
    with _at_work(server, deliveries):
        await queue.enqueue(_claims(40))
        await eventually(lambda: _has(deliveries, 4))
        threading.Timer(0.3, deliveries.takes_until.set).start()

    # Of the five messages two were in hand, and were finished.
    assert set(deliveries.delivered) == set(deliveries.asked)
    assert len(deliveries.asked) == 16
    assert await queue_lengths(queue._broker) == {
        "reminders": (3, 0),
        "alerts": (0, 0),
        "maintenance": (0, 0),
    }
    assert deliveries.events == ["opened", "closed"]


async def test_claims_of_a_few_people_are_one_message(queue: DramatiqReminderQueue) -> None:
    claims = _claims(8)
    same_person = [evolve(a_reminder(), owner_id=claim.owner_id) for claim in claims]

    await queue.enqueue([*claims, *same_person])

    assert (await queue_lengths(queue._broker))["reminders"] == (1, 0)


async def test_a_delivery_that_fails_is_left_to_its_lease(
    server: OwnRedis, queue: DramatiqReminderQueue
) -> None:
    deliveries = Deliveries(fails=True)
    with _at_work(server, deliveries):
        await queue.enqueue(_claims(3))
        await eventually(lambda: _has(deliveries, 3))
        await queue.enqueue(_claims(1))
        await eventually(lambda: _has(deliveries, 4))

    assert len(deliveries.asked) == 4


async def test_nothing_is_enqueued_for_nobody(queue: DramatiqReminderQueue) -> None:
    await queue.enqueue([])


async def test_dispatch_waits_while_enough_claims_wait_for_a_worker(
    server: OwnRedis, queue: DramatiqReminderQueue
) -> None:
    await queue.enqueue(_claims(100))

    more = asyncio.create_task(queue.enqueue(_claims(1)))
    done, _ = await asyncio.wait([more], timeout=0.5)
    assert not done

    deliveries = Deliveries()
    with _at_work(server, deliveries):
        await more
        await eventually(lambda: _has(deliveries, 101))


async def test_a_queue_that_is_away_says_so(server: OwnRedis, queue: DramatiqReminderQueue) -> None:
    server.stop()

    with pytest.raises(redis.ConnectionError):
        await queue.enqueue(_claims(1))


class _Failing(contextlib.AbstractAsyncContextManager[Hands]):
    async def __aenter__(self) -> Hands:
        raise RuntimeError("no such thing")

    async def __aexit__(self, *_: object) -> None:
        """Nothing was opened."""


async def test_a_worker_that_cannot_open_what_it_needs_does_not_start(server: OwnRedis) -> None:
    before = threading.active_count()
    worker = create_worker(server.url, opened=_Failing(), at_a_time=1)
    with pytest.raises(Exception, match="no such thing"):
        worker.start()

    assert threading.active_count() == before


async def test_jobs_are_done_by_whoever_works_for_their_queue(server: OwnRedis) -> None:
    broker, here = create_broker(server.url), list[str]()
    queue = DramatiqJobQueue(broker, _noting(here))
    for fails in (True, False):
        deliveries = Deliveries(fails=fails)
        with _at_work(server, deliveries):
            await queue.ring("alerts", "tell-alerts")
            await queue.ring("maintenance", "purge")
            await eventually(partial(_are, deliveries.jobs, {"tell-alerts", "purge"}))

    assert here == []
    broker.close()
    broker.client.connection_pool.disconnect()


def _noting(done: list[str]) -> DoJob:
    async def note(job: str) -> None:
        done.append(job)

    return note


async def _are(jobs: list[str], expected: set[str]) -> bool:
    return set(jobs) == expected


async def test_jobs_that_nobody_takes_up_do_not_pile_up(server: OwnRedis) -> None:
    broker = create_broker(server.url)
    queue = DramatiqJobQueue(broker, _noting([]))

    for _ in range(50):
        await queue.ring("maintenance", "purge")

    assert broker.client.llen("taskbot:queue:maintenance") < 10
    broker.close()
    broker.client.connection_pool.disconnect()


async def test_what_waits_and_what_is_dead_is_counted_by_queue(
    server: OwnRedis, queue: DramatiqReminderQueue
) -> None:
    broker = create_broker(server.url)
    await queue.enqueue(_claims(3))
    await DramatiqJobQueue(broker, _noting([])).ring("alerts", "tell-alerts")
    broker.client.zadd("taskbot:queue:reminders.XQ", {"one that no actor knew": 1})

    assert await queue_lengths(broker) == {
        "reminders": (1, 1),
        "alerts": (1, 0),
        "maintenance": (0, 0),
    }
    broker.close()
    broker.client.connection_pool.disconnect()


async def test_without_redis_the_scheduler_does_the_job_itself(server: OwnRedis) -> None:
    broker, here = create_broker(server.url), list[str]()
    server.stop()

    await DramatiqJobQueue(broker, _noting(here)).ring("alerts", "tell-alerts")

    assert here == ["tell-alerts"]
    broker.close()
