"""Whether the canary arrives."""

from collections.abc import Sequence
from typing import Final

from attrs import define, field
from prometheus_client.core import Metric

from taskbot.adapters.observability.definitions import GaugeDefinition
from taskbot.adapters.observability.freshness import Fresh
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
    _report: Fresh[CanaryReport] = field(init=False)

    @_report.default
    def _not_looked_yet(self) -> Fresh[CanaryReport]:
        return Fresh(lambda _: self._canary.report(), self._clock)

    async def collect(self) -> Sequence[Metric]:
        report = await self._report.look()
        shown: list[Metric] = [WAITING.only(report.waiting.total_seconds())]
        if report.seconds is not None and report.arrived_at is not None:
            shown += [
                SECONDS.only(report.seconds),
                LAST_ARRIVAL.only(report.arrived_at.timestamp()),
            ]
        return shown
