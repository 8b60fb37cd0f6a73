"""What a process stands on: whether it answers, and how fast."""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Final

from attrs import field, frozen
from prometheus_client.core import Metric

from taskbot.adapters.observability.definitions import GaugeDefinition, Label
from taskbot.application.health import PATIENCE, Check, Unwell
from taskbot.application.ports import StorageUnavailable

_DEPENDENCY: Final = Label("dependency", "what was asked", ("api", "database", "redis"))
UP: Final = GaugeDefinition(
    "taskbot_dependency_up", "Whether it answered when the scrape came.", (_DEPENDENCY,)
)
LATENCY: Final = GaugeDefinition(
    "taskbot_dependency_latency_seconds",
    "How long its answer took; nothing where it gave none.",
    (_DEPENDENCY,),
)
SCHEMA: Final = GaugeDefinition(
    "taskbot_database_schema_revision", "The revision of the schema that was found, as a number."
)
CONNECTIONS_IN_USE: Final = GaugeDefinition(
    "taskbot_database_connections_in_use", "Connections to the database that are at work."
)
CONNECTIONS_MAX: Final = GaugeDefinition(
    "taskbot_database_connections_max", "Connections to the database that there may be."
)


@frozen
class DependencySource:
    _checks: Sequence[Check]
    name: str = field(default="dependencies", init=False)

    async def collect(self) -> Sequence[Metric]:
        is_up, latency = UP.family(), LATENCY.family()
        answers = await asyncio.gather(*map(_seconds, self._checks))
        for check, seconds in zip(self._checks, answers, strict=True):
            is_up.add_metric([check.name], seconds is not None)
            if seconds is not None:
                latency.add_metric([check.name], seconds)
        return [is_up, latency]


async def _seconds(check: Check) -> float | None:
    """How long the answer took; None if there was none."""
    begun = perf_counter()
    try:
        async with asyncio.timeout(PATIENCE.total_seconds() * 0.8):  # sooner than the scrape's
            await check.look()
    except (Unwell, StorageUnavailable, TimeoutError):
        return None
    return perf_counter() - begun


@frozen
class SchemaSource:
    _check: Check
    name: str = field(default="schema", init=False)

    async def collect(self) -> Sequence[Metric]:
        try:
            facts = await self._check.look()
        except Unwell as unwell:
            facts = unwell.facts
        found = facts.get("found")
        return [] if found is None else [SCHEMA.only(int(found))]
