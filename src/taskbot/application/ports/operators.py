"""What operators look at: figures about everything."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from taskbot.application.figures import (
    Delivered,
    Missed,
    PeopleFigures,
    QueueFigures,
    TaskFigures,
)
from taskbot.domain.time_span import TimeSpan


class OperatorQueries(Protocol):
    """One method, one statement. Every method raises `StorageUnavailable` where the storage fails.

    Spans have two ends here.
    """

    async def people_figures(self, *, now: datetime) -> PeopleFigures: ...

    async def task_figures(self, *, now: datetime) -> TaskFigures: ...

    async def queue_figures(self, *, now: datetime) -> QueueFigures: ...

    async def delivered(self, spans: Sequence[TimeSpan]) -> list[Delivered]:
        """What was sent within each of *spans*, in their order."""

    async def missed(self, spans: Sequence[TimeSpan]) -> list[Missed]:
        """What was promised for each of *spans* and did not arrive, in their order.

        Dead letters that were retried or discarded are none any more.
        """
