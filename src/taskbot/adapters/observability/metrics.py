"""All metrics of one process, in the text format of Prometheus."""

import asyncio
import logging
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Final, Protocol

from attrs import define, field
from prometheus_client import (
    CollectorRegistry,
    Gauge,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE: Final = timedelta(seconds=3)
"""How long a scrape waits for a source; Prometheus by itself gives up after ten seconds."""


class Source(Protocol):
    """Something that has to be asked, when a scrape comes, for what it measures."""

    @property
    def name(self) -> str: ...

    async def collect(self) -> Sequence[Metric]:
        """May raise anything and take as long as it likes: the scrape goes on without it."""


@define
class Metrics:
    """A registry of its own: what libraries put into the global one does not show here."""

    patience: timedelta = PATIENCE
    registry: CollectorRegistry = field(factory=CollectorRegistry, init=False)
    _sources: list[Source] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        build = Gauge(
            "taskbot_build_info",
            "Always 1; the labels say what runs here.",
            ("version", "python"),
            registry=self.registry,
        )
        build.labels(version("taskbot"), platform.python_version()).set(1)

    def add(self, source: Source) -> None:
        self._sources.append(source)

    def gauge(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Show what *read* says, without waiting, whenever a scrape comes."""
        Gauge(name, meaning, registry=self.registry).set_function(read)

    async def text(self) -> bytes:
        found = await asyncio.gather(*map(self._ask, self._sources))
        is_up = GaugeMetricFamily(
            "taskbot_source_up",
            "Whether what has to be asked for its metrics has answered.",
            labels=("source",),
        )
        asked: list[Metric] = [is_up]
        for source, metrics in zip(self._sources, found, strict=True):
            is_up.add_metric([source.name], metrics is not None)
            asked.extend(metrics or ())
        return generate_latest(_Together(self.registry, asked))

    async def _ask(self, source: Source) -> Sequence[Metric] | None:
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                return await source.collect()
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest is shown
            _log.warning("no metrics of %s: %s", source.name, type(error).__name__)
            return None


@define
class _Together(Collector):
    _registry: CollectorRegistry
    _asked: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        yield from self._registry.collect()
        yield from self._asked
