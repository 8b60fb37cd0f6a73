"""All metrics of one process, in the text format of Prometheus."""

import asyncio
import logging
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Any, Final, Protocol, TypeVar

from attrs import define, field
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from taskbot.adapters.observability.definitions import GaugeDefinition, Label

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE: Final = timedelta(seconds=3)
"""How long a scrape waits for a source; Prometheus by itself gives up after ten seconds."""

BUILD: Final = GaugeDefinition(
    "taskbot_build_info",
    "Always 1; the labels say what runs here.",
    (
        Label("version", "taskbot's release"),
        Label("python", "the interpreter's version"),
        Label("schema", "the revision of the schema that this release needs; empty without one"),
    ),
)
ROLE: Final = GaugeDefinition(
    "taskbot_role_info",
    "Always 1; one for each role that the process has.",
    (
        Label(
            "role",
            "what the process does; `taskbot up` does all of it",
            ("api", "bot", "scheduler", "worker"),
        ),
    ),
)
SOURCE_UP: Final = GaugeDefinition(
    "taskbot_source_up",
    "Whether what has to be asked for its metrics has answered.",
    (Label("source", "what was asked; `process-1` and so on are the processes of a worker"),),
)


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
    _meters: dict[object, Any] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        # Each counter and histogram would come with a second series, of when it began.
        disable_created_metrics()  # type: ignore[no-untyped-call] # it is not annotated
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def describe(self, *roles: str, schema: str = "") -> None:
        """Say what runs here, once. *schema*: the revision that it needs."""
        build = BUILD.on(self.registry)
        build.labels(version("taskbot"), platform.python_version(), schema).set(1)
        role = ROLE.on(self.registry)
        for name in roles:
            role.labels(name).set(1)

    def meter(self, kind: Callable[[CollectorRegistry], _T]) -> _T:
        """The one *kind* that counts here, made when it is asked for first."""
        if kind not in self._meters:
            self._meters[kind] = kind(self.registry)
        meter: _T = self._meters[kind]
        return meter

    def add(self, source: Source) -> None:
        self._sources.append(source)

    def gauge(self, definition: GaugeDefinition, read: Callable[[], float]) -> None:
        """Show what *read* says, without waiting, whenever a scrape comes."""
        definition.on(self.registry).set_function(read)

    async def text(self) -> bytes:
        found = await asyncio.gather(*map(self._ask, self._sources))
        is_up = SOURCE_UP.family()
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
    """Families of one name, from several processes, as one: the format wants them together."""

    _registry: CollectorRegistry
    _asked: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for family in (*self._registry.collect(), *self._asked):
            known = families.setdefault(family.name, family)
            if known is not family:
                known.samples.extend(family.samples)
        return families.values()
