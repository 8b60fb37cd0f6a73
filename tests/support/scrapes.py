"""What a running process shows of itself, as Prometheus reads it."""

import httpx
from attrs import frozen
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from support.processes import RunningProcess


@frozen
class Scrape:
    samples: tuple[Sample, ...]

    @classmethod
    async def of(cls, *processes: RunningProcess) -> "Scrape":
        """What all *processes* show, together."""
        samples: list[Sample] = []
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            for process in processes:
                text = (await client.get(await process.address("Metrics"))).text
                for family in text_string_to_metric_families(text):
                    samples += family.samples
        return cls(tuple(samples))

    def all(self, name: str, **labels: str) -> list[float]:
        """The values of every *taskbot_name* that has these *labels*, and perhaps others."""
        return [
            sample.value
            for sample in self.samples
            if sample.name == f"taskbot_{name}" and labels.items() <= sample.labels.items()
        ]

    def sum(self, name: str, **labels: str) -> float:
        return sum(self.all(name, **labels))

    def labels(self, name: str, label: str) -> set[str]:
        """The values that *label* has anywhere in *taskbot_name*."""
        return {
            sample.labels[label]
            for sample in self.samples
            if sample.name == f"taskbot_{name}" and label in sample.labels
        }
