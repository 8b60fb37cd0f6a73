"""The embedded queues: everything in one process, on one event loop."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from attrs import frozen

from taskbot.adapters.queue.rings import Deliver, DoJob, rings_for
from taskbot.application.delivery import AT_A_TIME
from taskbot.application.ports import Claim
from taskbot.domain.reminder import Reminder

_log = logging.getLogger(__name__)


@frozen
class InProcessJobQueue:
    """The scheduler does everything itself."""

    _do: DoJob

    async def ring(self, queue: str, job: str) -> None:
        await self._do(job)


class InProcessReminderQueue:
    """Delivers what is enqueued, some at a time. `enqueue` waits while all hands are full.

    So dispatch never claims much more than can be delivered before the leases end. What is still
    queued at the end of the process is claimed again by the next one.
    """

    def __init__(self, deliver: Deliver, *, concurrency: int = AT_A_TIME) -> None:
        self._deliver = deliver
        self._waiting: asyncio.Queue[list[Claim]] = asyncio.Queue(maxsize=concurrency)
        self._concurrency = concurrency
        self._workers: list[asyncio.Task[None]] = []

    async def enqueue(self, claims: Sequence[Reminder]) -> None:
        for ring in rings_for(claims):
            await self._waiting.put(ring)

    @property
    def waiting(self) -> int:
        """How many persons' reminders wait for free hands."""
        return self._waiting.qsize()

    def start(self) -> None:
        self._workers = [
            asyncio.create_task(self._work(), name=f"delivery-{number}")
            for number in range(self._concurrency)
        ]

    async def stop(self, *, patience: timedelta) -> None:
        """Finish what is under way, within *patience*; leave the rest to the leases."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
            self._waiting.task_done()
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await self._waiting.join()
        except TimeoutError:
            _log.warning("deliveries were still under way at the end; they will be repeated")
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._workers = []

    async def _work(self) -> None:
        while True:
            ring = await self._waiting.get()
            try:
                await self._deliver(ring)
            except Exception:  # noqa: BLE001 - whatever it is, the next reminder must not wait
                # The lease ends and the reminder is claimed again: nothing is lost but time.
                _log.exception("delivering reminder %s failed", ring[0].reminder_id)
            finally:
                self._waiting.task_done()
