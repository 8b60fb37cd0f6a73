"""The queue between processes: Dramatiq on Redis. A doorbell, whose loss costs a lease."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from time import monotonic
from typing import Final

import redis
import uvloop
from attrs import frozen
from dramatiq import Broker, Message, Middleware, Worker, actor
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread, set_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import xq_name
from dramatiq.errors import DramatiqError
from dramatiq.middleware import AsyncIO, MiddlewareError, TimeLimit
from ulid import ULID

from taskbot.adapters.queue.free_hands import FreeHands
from taskbot.adapters.queue.rings import DoJob, Hands, rings_for
from taskbot.application.health import Check, Facts, Unwell
from taskbot.application.ports import Claim
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder

_log = logging.getLogger(__name__)

REMINDERS: Final = "reminders"
JOB_QUEUES: Final = ("alerts", "maintenance")
_DELIVER: Final = "deliver_reminders"
_NAMESPACE: Final = "taskbot:queue"
_TIME_LIMIT_MILLISECONDS: Final = 60_000
"""For what never returns: the leases of what it was to deliver are long over by then."""
_POLL_MILLISECONDS: Final = 100
_SOCKET_SECONDS: Final = 5.0
_PEOPLE: Final = 8
"""To how many a message is about: to fetch it, to hand it over and to acknowledge it takes as much
as to deliver a reminder, and what is due to them is read at once."""
_ROOM: Final = 8
"""Messages waiting for a worker; with more, dispatch waits: leases must not end in the queue."""
_FEWEST_THREADS: Final = 2
"""So that a job need not wait for a message whose reminders wait for free hands."""
_DRAIN_SECONDS: Final = 10.0
"""How long a worker that is asked to stop may take over what it has begun."""
_LOOK_AGAIN_SECONDS: Final = 0.05
_JOBS_WAITING: Final = 4


def create_broker(redis_url: str) -> RedisBroker:
    """Give the broker of a process that only enqueues. Nothing is connected yet."""
    pool = redis.ConnectionPool.from_url(
        redis_url, socket_timeout=_SOCKET_SECONDS, socket_connect_timeout=_SOCKET_SECONDS
    )
    client = redis.Redis(connection_pool=pool)
    broker: RedisBroker = RedisBroker(  # type: ignore[no-untyped-call] # it is not annotated
        client=client, middleware=[], namespace=_NAMESPACE
    )
    return broker


async def queue_lengths(broker: RedisBroker) -> dict[str, tuple[int, int]]:
    """For each queue how many messages wait, and how many no worker could make anything of.

    Raise what the driver raises where Redis is away.
    """
    return await asyncio.to_thread(_queue_lengths, broker)


def _queue_lengths(broker: RedisBroker) -> dict[str, tuple[int, int]]:
    names = (REMINDERS, *JOB_QUEUES)
    with broker.client.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.llen(f"{_NAMESPACE}:{name}")
            pipe.zcard(f"{_NAMESPACE}:{xq_name(name)}")
        found = pipe.execute()
    return dict(zip(names, zip(found[::2], found[1::2], strict=True), strict=True))


@frozen
class DramatiqReminderQueue:
    """`enqueue` waits while enough claims wait for a worker, however many workers there are."""

    _broker: RedisBroker

    async def enqueue(self, claims: Sequence[Reminder]) -> None:
        if not claims:
            return
        # It is other processes that make room: nobody here can tell when.
        while await asyncio.to_thread(self._waiting) >= _ROOM:  # noqa: ASYNC110 - see above
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        await asyncio.to_thread(self._enqueue, claims)

    def _waiting(self) -> int:
        # Those that a worker has fetched are not counted: one that was killed keeps them long.
        waiting: int = self._broker.client.llen(f"{_NAMESPACE}:{REMINDERS}")
        return waiting

    def _enqueue(self, claims: Sequence[Reminder]) -> None:
        self._broker.declare_queue(REMINDERS)
        for ring in rings_for(claims, people=_PEOPLE):
            self._broker.enqueue(
                Message(
                    queue_name=REMINDERS,
                    actor_name=_DELIVER,
                    args=([(str(claim.reminder_id), claim.attempt) for claim in ring],),
                    kwargs={},
                    options={},
                )
            )


@frozen
class DramatiqJobQueue:
    """Without Redis nobody can be rung for: then the job is done *here*."""

    _broker: RedisBroker
    _here: DoJob

    async def ring(self, queue: str, job: str) -> None:
        message: Message[None] = Message(
            queue_name=queue, actor_name=_do_in(queue), args=(job,), kwargs={}, options={}
        )
        try:
            await asyncio.to_thread(self._enqueue, message)
        except (redis.RedisError, DramatiqError) as error:
            _log.warning("no worker can be rung for %s (%s)", job, type(error).__name__)
            await self._here(job)

    def _enqueue(self, message: Message[None]) -> None:
        self._broker.declare_queue(message.queue_name)
        # What nobody has taken up by now would be done twice.
        if self._broker.client.llen(f"{_NAMESPACE}:{message.queue_name}") < _JOBS_WAITING:
            self._broker.enqueue(message)


def _do_in(queue: str) -> str:
    return f"do_{queue}_job"


class _Loop(AsyncIO):
    """The event loop of the actors: a quick one, as the other processes have."""

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        thread = EventLoopThread(self.logger)
        thread.loop.close()
        thread.loop = uvloop.new_event_loop()
        thread.start(timeout=1.0)
        set_event_loop_thread(thread)


class _Resources(Middleware):
    """Opens what the actors need when a worker starts, on the event loop on which they run."""

    hands: Hands
    _end: float

    def __init__(self, opened: AbstractAsyncContextManager[Hands], number: int) -> None:
        self._opened = opened
        self.free = FreeHands(number)

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        loop = get_event_loop_thread()
        if loop is None:
            raise MiddlewareError("the event loop comes first")
        try:
            self.hands = loop.run_coroutine(self._opened.__aenter__())
        except BaseException as error:
            loop.stop()  # type: ignore[no-untyped-call] # or the process would hang
            raise MiddlewareError(str(error)) from error

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._end = monotonic() + _DRAIN_SECONDS

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        loop = get_event_loop_thread()
        if loop is not None:
            loop.run_coroutine(self._close())

    async def _close(self) -> None:
        await self.free.rest(within=max(self._end - monotonic(), 0))
        await self._opened.__aexit__(None, None, None)


def create_worker(
    redis_url: str,
    *,
    opened: AbstractAsyncContextManager[Hands],
    at_a_time: int,
    queues: Sequence[str] | None = None,
) -> Worker:
    """Give a worker; it works with what *opened* gives, at so many deliveries *at_a_time*.

    It has some messages more ready: it looks for more every 100 ms at worst.

    A delivery is tried once: what fails has its row and its lease, and is claimed again. So is
    a job: it comes again at its next time.
    """
    resources = _Resources(opened, at_a_time)
    broker = create_broker(redis_url)
    # In this order they begin; they end the other way round.
    for each in (_Loop(), resources, TimeLimit(time_limit=_TIME_LIMIT_MILLISECONDS)):
        broker.add_middleware(each)

    @actor(actor_name=_DELIVER, queue_name=REMINDERS, broker=broker)
    async def deliver_reminders(ring: list[tuple[str, int]]) -> None:
        try:
            claims = [Claim(ReminderId(ULID.from_str(text)), attempt) for text, attempt in ring]
            for errand in await resources.hands.errands(claims):
                await resources.free.take(errand)
        except Exception:  # noqa: BLE001 - whatever it is, Dramatiq has nothing to add
            _log.exception("delivering reminders failed: %s", ring)

    async def do_job(job: str) -> None:
        try:
            await resources.hands.do_job(job)
        except Exception:  # noqa: BLE001 - as above
            _log.exception("the job %s failed", job)

    for queue in JOB_QUEUES:
        actor(actor_name=_do_in(queue), queue_name=queue, broker=broker)(do_job)

    return Worker(
        broker,
        queues=None if queues is None else set(queues),
        worker_timeout=_POLL_MILLISECONDS,
        worker_threads=max(at_a_time // _PEOPLE, _FEWEST_THREADS),
    )


def threads_check(worker: Callable[[], Worker]) -> Check:
    """Whether all threads live that fetch messages and that work; none does before the start."""

    async def look() -> Facts:
        threads = [*worker().consumers.values(), *worker().workers]
        if not all(thread.is_alive() for thread in threads):
            raise Unwell("some have ended")
        return {}

    return Check(name="threads", look=look)
