"""How delivery is doing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from attrs import define, field
from prometheus_client.core import Metric

from taskbot.adapters.observability.definitions import GaugeDefinition
from taskbot.adapters.observability.freshness import Fresh
from taskbot.application.ports import Clock, Queries
from taskbot.application.views import ReminderGauges

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
    _gauges: Fresh[ReminderGauges] = field(init=False)

    @_gauges.default
    def _not_looked_yet(self) -> Fresh[ReminderGauges]:
        return Fresh(lambda now: self._queries.reminder_gauges(now=now), self._clock)

    async def collect(self) -> Sequence[Metric]:
        gauges = await self._gauges.look()
        age = gauges.oldest_due or timedelta(0)
        return [
            DUE.only(gauges.due),
            OLDEST_DUE.only(age.total_seconds()),
            DEAD_LETTERS.only(gauges.dead_letters),
        ]
