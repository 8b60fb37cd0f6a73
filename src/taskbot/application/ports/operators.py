"""What operators look at: figures about everything."""

from datetime import datetime
from typing import Protocol

from taskbot.application.figures import (
    Delivered,
    Missed,
    PeopleFigures,
    QueueFigures,
    TaskFigures,
)


class OperatorQueries(Protocol):
    """One method, one statement.

    Every method raises `StorageUnavailable` where the storage fails.
    """

    async def people_figures(self, *, now: datetime) -> PeopleFigures: ...

    async def task_figures(self, *, now: datetime) -> TaskFigures: ...

    async def queue_figures(self, *, now: datetime) -> QueueFigures: ...

    async def delivered(self, since: datetime, *, hours: int) -> list[Delivered]:
        """What was sent in each of so many *hours*, the first of which begins at *since*."""

    async def missed(self, since: datetime, *, hours: int) -> list[Missed]:
        """What was promised for each of these hours, and did not arrive.

        Dead letters that were retried or discarded are none any more.
        """
