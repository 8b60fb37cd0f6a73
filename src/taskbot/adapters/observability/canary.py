"""Whether the canary arrives."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import define, field
from prometheus_client.core import Metric

from taskbot.adapters.observability.definitions import GaugeDefinition
from taskbot.adapters.observability.due import FRESH_FOR
from taskbot.application.canary import CanaryReport, CanaryService
from taskbot.application.ports import Clock

SECONDS: Final = GaugeDefinition(
    "taskbot_canary_seconds", "How long after its moment the newest canary arrived."
)
WAITING: Final = GaugeDefinition(
    "taskbot_canary_waiting_seconds",
    "For how long the oldest canary has been due that has not arrived; 0 if there is none.",
)
LAST_ARRIVAL: Final = GaugeDefinition(
    "taskbot_canary_last_arrival_timestamp_seconds", "When the newest canary arrived."
)


@define
class CanarySource:
    """Shows nothing of arrivals as long as there was none."""

    _canary: CanaryService
    _clock: Clock
    name: str = field(default="canary", init=False)
    _kept: tuple[datetime, CanaryReport] | None = field(default=None, init=False)

    async def collect(self) -> Sequence[Metric]:
        report = await self._report()
        shown: list[Metric] = [WAITING.only(report.waiting.total_seconds())]
        if report.seconds is not None and report.arrived_at is not None:
            shown += [
                SECONDS.only(report.seconds),
                LAST_ARRIVAL.only(report.arrived_at.timestamp()),
            ]
        return shown

    async def _report(self) -> CanaryReport:
        now = self._clock.now()
        if self._kept is None or not timedelta(0) <= now - self._kept[0] < FRESH_FOR:
            self._kept = (now, await self._canary.report())
        return self._kept[1]
