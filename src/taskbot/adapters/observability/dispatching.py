"""Dispatch, and the queue behind it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import field, frozen
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric

from taskbot.adapters.observability.definitions import (
    CounterDefinition,
    GaugeDefinition,
    Label,
)

LOOKS: Final = CounterDefinition(
    "taskbot_dispatch_looks_total",
    "How often the scheduler looked for what is due.",
    (Label("outcome", "`failed`: the database or the queue did", ("done", "failed")),),
)
LAST_SUCCESS: Final = GaugeDefinition(
    "taskbot_dispatch_last_success_timestamp_seconds",
    "When the scheduler last looked without failing, in seconds since 1970.",
)
_QUEUE: Final = Label("queue", "the queue's name", ("reminders", "alerts", "maintenance"))
LENGTH: Final = GaugeDefinition(
    "taskbot_queue_length", "Messages that wait for a worker to take them.", (_QUEUE,)
)
DEAD: Final = GaugeDefinition(
    "taskbot_queue_dead_messages",
    "Messages that no worker could make anything of. Reminders are not lost with them.",
    (_QUEUE,),
)


class DispatchMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        number = LOOKS.on(registry)
        self._done, self._failed = number.labels("done"), number.labels("failed")
        self._last_success = LAST_SUCCESS.on(registry)

    def looked(self, *, at: datetime) -> None:
        self._done.inc()
        self._last_success.set(at.timestamp())

    def failed(self) -> None:
        self._failed.inc()


@frozen
class QueueSource:
    """*look* gives for each queue how many messages wait, and how many are dead."""

    _look: Callable[[], Awaitable[Mapping[str, tuple[int, int]]]]
    name: str = field(default="queue", init=False)

    async def collect(self) -> Sequence[Metric]:
        length, dead = LENGTH.family(), DEAD.family()
        for queue, (waiting, lost) in (await self._look()).items():
            length.add_metric([queue], waiting)
            dead.add_metric([queue], lost)
        return [length, dead]
