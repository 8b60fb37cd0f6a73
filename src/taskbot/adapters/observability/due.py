"""How delivery is doing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import define, field
from prometheus_client.core import Metric

from taskbot.adapters.observability.definitions import GaugeDefinition
from taskbot.application.ports import Clock, Queries
from taskbot.application.views import ReminderGauges

FRESH_FOR: Final = timedelta(seconds=5)
"""However often and by however many it is scraped, the database is not asked more often."""

DUE: Final = GaugeDefinition("taskbot_reminders_due", "Promised by now, and still pending.")
OLDEST_DUE: Final = GaugeDefinition(
    "taskbot_reminders_oldest_due_seconds",
    "For how long the oldest of them has been due; 0 if none is.",
)
DEAD_LETTERS: Final = GaugeDefinition("taskbot_dead_letters", "Reminders that were given up.")


@define
class ReminderSource:
    _queries: Queries
    _clock: Clock
    name: str = field(default="reminders", init=False)
    _kept: tuple[datetime, ReminderGauges] | None = field(default=None, init=False)

    async def collect(self) -> Sequence[Metric]:
        gauges = await self._gauges()
        age = gauges.oldest_due or timedelta(0)
        return [
            DUE.only(gauges.due),
            OLDEST_DUE.only(age.total_seconds()),
            DEAD_LETTERS.only(gauges.dead_letters),
        ]

    async def _gauges(self) -> ReminderGauges:
        now = self._clock.now()
        if self._kept is None or not timedelta(0) <= now - self._kept[0] < FRESH_FOR:
            self._kept = (now, await self._queries.reminder_gauges(now=now))
        return self._kept[1]
