"""taskbot's processes as in production, and what they take: memory and processor."""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE_MIB: Final = os.sysconf("SC_PAGE_SIZE") / 2**20
_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 30


@frozen
class Process:
    """*said*: the lines that it wrote until it was at work."""

    name: str
    pid: int
    said: tuple[str, ...]
    log: Path

    def address(self, name: str) -> str:
        """Scheme, host and port of what was printed behind *name*."""
        line = next(line for line in self.said if line.startswith(name))
        found = re.search(r"https?://[^/\s]+", line)
        assert found is not None
        return found.group()

    def resident_mib(self) -> float:
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE_MIB

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def waited_seconds(self) -> float:
        """How long its threads were ready to run, and others had the processors."""
        nanoseconds = 0
        for task in Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            with contextlib.suppress(FileNotFoundError):  # the thread has just ended
                nanoseconds += int(task.read_text().split()[1])
        return nanoseconds / 1e9

    def complaints(self, levels: str) -> list[str]:
        """Lines of its log at one of *levels* (`error|critical`)."""
        lines = self.log.read_text().splitlines()
        return [line for line in lines if re.search(f'"level": ?"({levels})"', line)]


def machine_busy_seconds() -> float:
    """Of all processors together, whoever keeps them busy, since the machine was started."""
    user, nice, system, _, _, irq, soft, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / _TICKS


@contextlib.asynccontextmanager
async def running(
    name: str,
    *command: str,
    until: str,
    folder: Path,
    environment: Mapping[str, str],
) -> AsyncIterator[Process]:
    """Run `python *command*` while the block lasts; begin once it has written *until*."""
    log = folder / f"{name}.log"
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *command),
            env={**os.environ, **environment, "PYTHONUNBUFFERED": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    assert process.stdout is not None
    said: list[str] = []
    reading: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not said or until not in said[-1]:
                line = await process.stdout.readline()
                if not line:
                    raise RuntimeError(f"{name} did not start:\n{log.read_text()}")
                said.append(line.decode().rstrip())
        reading = asyncio.create_task(_read_on(process.stdout))
        yield Process(name, process.pid, tuple(said), log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        if process.returncode is None:
            process.kill()
            await process.wait()
        if reading is not None:
            await reading


async def _read_on(output: asyncio.StreamReader) -> None:
    while await output.readline():
        pass
