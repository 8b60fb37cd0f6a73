"""Processes as a host starts them, what they have used, and their end."""

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import IO, Final

from attrs import define, field, frozen

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PROJECT: Final = Path(__file__).parents[1]
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 20.0


@frozen
class Memory:
    """In MiB. *pss*: what it shares with others is divided among them."""

    pss: float
    rss: float


@define
class Running:
    """A process that was started at *begun* (`time.perf_counter`), and all that it has said."""

    pid: int
    begun: float
    log: Path
    lines: list[str] = field(factory=list)
    _changed: asyncio.Condition = field(factory=asyncio.Condition)
    _ended: asyncio.Event = field(factory=asyncio.Event)

    async def line(self, pattern: str, *, within: float = _START_SECONDS) -> re.Match[str]:
        """Wait until a line matches *pattern*; `RuntimeError` with its log if it ends before."""
        async with asyncio.timeout(within), self._changed:
            while True:
                for line in self.lines:
                    if found := re.search(pattern, line):
                        return found
                if self._ended.is_set():
                    raise RuntimeError(f"it ended:\n{self.log.read_text()[-3000:]}")
                await self._changed.wait()

    async def is_over(self) -> None:
        """Wait until it has ended by itself."""
        await self._ended.wait()

    async def read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            async with self._changed:
                self.lines.append(line.decode().rstrip())
                self._changed.notify_all()
        async with self._changed:
            self._ended.set()
            self._changed.notify_all()

    def cpu_seconds(self) -> float:
        """That the process and its children have used until now."""
        return sum(_cpu_seconds(pid) for pid in _tree(self.pid))

    def memory(self) -> Memory:
        found = [_memory(pid) for pid in _tree(self.pid)]
        return Memory(sum(one.pss for one in found), sum(one.rss for one in found))


def _tree(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{pid}/task").glob("*/children"):
            children += map(int, file.read_text().split())
    return [pid, *(one for child in children for one in _tree(child))]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(pid: int) -> Memory:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = {
        name: int(kib) / 1024 for name, kib in re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE)
    }
    return Memory(found["Pss"], found["Rss"])


@contextlib.asynccontextmanager
async def running(
    *command: str, folder: Path, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Running]:
    """Run *command* in *folder* while the block lasts, with no setting but those given."""
    log_file = folder / f"{_name_of(command)}.log"
    everything = _clean_environment() | dict(environment or {})
    with _opened(log_file) as log:
        begun = time.perf_counter()
        process = await _started(command, folder, everything, log)
        one = Running(process.pid, begun, log_file)
        assert process.stdout is not None
        reader = asyncio.create_task(one.read(process.stdout))
        try:
            yield one
        finally:
            await _end(process)
            await reader


def _opened(file: Path) -> IO[bytes]:
    file.parent.mkdir(parents=True, exist_ok=True)
    return file.open("wb")


async def _started(
    command: tuple[str, ...], folder: Path, environment: Mapping[str, str], log: IO[bytes]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
    )


def _clean_environment() -> dict[str, str]:
    """Of this process, without what would make taskbot another one than a host starts."""
    unwanted = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.startswith(("TASKBOT_", "COV"))
    }
    return kept | {"PYTHONUNBUFFERED": "1"}


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _name_of(command: tuple[str, ...]) -> str:
    words = [
        word.rpartition("/")[2]
        for word in command
        if not word.startswith(("-", "PYTHONPATH")) and word != "env"
    ]
    return re.sub("[^a-z0-9]+", "-", " ".join(words[:3]).lower()).strip("-")


def taskbot(*arguments: str) -> tuple[str, ...]:
    """The command of a host: the script that was installed beside this Python."""
    return (str(Path(sys.executable).with_name("taskbot")), *arguments)


def benchmarks_own(module: str, *arguments: str) -> tuple[str, ...]:
    """The command of a process of the benchmark itself: *module* of its package."""
    python = ("env", f"PYTHONPATH={_PROJECT}", sys.executable, "-m")
    return (*python, f"benchmarks.{module}", *arguments)


def with_other_libraries(module: str) -> tuple[str, ...]:
    """As above, in the environment that `make bench` has for what is not built as taskbot is.

    What of taskbot does not need its libraries is within reach.
    """
    python = _PROJECT / ".floors" / "bin" / "python"
    if not python.exists():
        raise RuntimeError("there is no environment for it yet: `make .floors/.ready`")
    return (
        "env",
        f"PYTHONPATH={_PROJECT}:{_PROJECT / 'src'}",
        str(python),
        "-m",
        f"benchmarks.{module}",
    )
