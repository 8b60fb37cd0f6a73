"""The metrics of a worker's other processes, collected by the one that started them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import httpx
from attrs import frozen
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from taskbot.adapters.observability.page import PATH

LABEL: Final = "process"
"""The label that tells the processes of one worker apart: their numbers, from 1."""


@frozen
class ProcessSource:
    """Asks one of them, at its socket; what it says gets a label more and is not added up."""

    number: int
    _http: httpx.AsyncClient

    @classmethod
    def at(cls, socket: Path, *, number: int) -> Self:
        transport = httpx.AsyncHTTPTransport(uds=str(socket))
        return cls(number, httpx.AsyncClient(transport=transport, base_url="http://process"))

    @property
    def name(self) -> str:
        return f"process-{self.number}"

    async def collect(self) -> Sequence[Metric]:
        answer = await self._http.get(PATH)
        answer.raise_for_status()
        return [self._labelled(family) for family in text_string_to_metric_families(answer.text)]

    def _labelled(self, family: Metric) -> Metric:
        family.samples = [
            sample._replace(labels={**sample.labels, LABEL: str(self.number)})
            for sample in family.samples
        ]
        return family

    async def close(self) -> None:
        await self._http.aclose()
