"""Looking at the processes now and then."""

import asyncio
import os
import time
from typing import Final

from attrs import define, field, frozen

from benchmarks.load.processes import Process, machine_busy_seconds

EVERY_SECONDS: Final = 2.0


@frozen
class Sample:
    """*resident*: MiB by process. *cpu*: seconds by process so far; *busy*: everybody's.

    *waited*: seconds for which each process could have run and had no processor.
    *load*: how many, of whatever runs on the machine, want a processor (over a minute).
    """

    at: float
    resident: dict[str, float]
    cpu: dict[str, float]
    waited: dict[str, float]
    busy: float
    load: float


@define
class Sampler:
    processes: list[Process]
    samples: list[Sample] = field(factory=list)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            self.samples.append(self._look())
            await asyncio.sleep(EVERY_SECONDS)

    def _look(self) -> Sample:
        return Sample(
            at=time.time(),
            resident={one.name: one.resident_mib() for one in self.processes},
            cpu={one.name: one.cpu_seconds() for one in self.processes},
            waited={one.name: one.waited_seconds() for one in self.processes},
            busy=machine_busy_seconds(),
            load=os.getloadavg()[0],
        )

    def between(self, begin: float, end: float) -> list[Sample]:
        return [sample for sample in self.samples if begin <= sample.at < end]
