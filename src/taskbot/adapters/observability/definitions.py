"""What a metric is, before it counts anything: name, meaning, labels."""

from collections.abc import Sequence
from typing import ClassVar, Final

from attrs import frozen
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily

OTHER: Final = "other"
"""The value of a label that stands for all that nobody thought of."""


@frozen
class Label:
    """*values*: all that there can be; None where they are known to the code that counts alone.

    Few in either case, whatever comes from outside: each combination is kept for ever.
    """

    name: str
    meaning: str
    values: tuple[str, ...] | None = None

    def of(self, value: str) -> str:
        """*value* itself, or `OTHER` if it is not one of those that there can be."""
        return value if self.values is None or value in self.values else OTHER


@frozen
class Definition:
    """*name* follows the conventions of Prometheus: base units, and `_total` where it counts."""

    kind: ClassVar[str]

    name: str
    meaning: str
    labels: tuple[Label, ...] = ()

    @property
    def label_names(self) -> tuple[str, ...]:
        return tuple(label.name for label in self.labels)

    @property
    def series(self) -> tuple[str, ...]:
        """The names under which it is asked for."""
        return (self.name,)


class CounterDefinition(Definition):
    kind = "counter"

    def on(self, registry: CollectorRegistry) -> Counter:
        return Counter(self.name, self.meaning, self.label_names, registry=registry)


class GaugeDefinition(Definition):
    kind = "gauge"

    def on(self, registry: CollectorRegistry) -> Gauge:
        return Gauge(self.name, self.meaning, self.label_names, registry=registry)

    def family(self) -> GaugeMetricFamily:
        """For a source, which is asked at every scrape; the values are to be added."""
        return GaugeMetricFamily(self.name, self.meaning, labels=self.label_names)

    def only(self, value: float) -> GaugeMetricFamily:
        """As `family`, with the one value of a metric without labels."""
        return GaugeMetricFamily(self.name, self.meaning, value)


@frozen
class HistogramDefinition(Definition):
    """*buckets*: their upper bounds; one more holds all that is above."""

    kind = "histogram"

    buckets: Sequence[float] = Histogram.DEFAULT_BUCKETS

    @property
    def series(self) -> tuple[str, ...]:
        return (f"{self.name}_bucket", f"{self.name}_count", f"{self.name}_sum")

    def on(self, registry: CollectorRegistry) -> Histogram:
        return Histogram(
            self.name, self.meaning, self.label_names, registry=registry, buckets=self.buckets
        )
