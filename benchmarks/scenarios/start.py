"""How long each process takes from its command until it works, and what it occupies then."""

import asyncio
import contextlib
import itertools
import re
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
from attrs import frozen

from benchmarks.environment import BOT_TOKEN, variables
from benchmarks.figures import Figure, figure
from benchmarks.place import FOLDER, Place
from benchmarks.processes import Running, benchmarks_own, running, taskbot
from benchmarks.results import Section
from benchmarks.scale import Scale
from benchmarks.targets import Verdict, at_most
from benchmarks.telegram.people import updates
from benchmarks.telegram.server import telegram
from support.ports import a_free_port

_ABOUT: Final = """\
From the command to the first answer: of `/health` over HTTP, and of the bot to a message that waits
for it; of scheduler and worker until they say that they are at work. Each process by itself, in
turns with the others, on a machine that has read their files before; the CPU time until then says
more where others are at work. Beside the least programs of
their kind: a bare Litestar API, a bare aiogram bot, Python alone. Memory and CPU are those of three
seconds after the start, and of the five that follow; with nothing to do."""
_OF_MODULES: Final = """\
Which modules a process has loaded is found out in a start of its own with `-X importtime`, which
names every module when it is loaded, until five seconds after the process is at work."""
_SETTLED: Final = 3.0
_IDLE: Final = 5.0
_ANSWER: Final = 60.0
_UP: Final = "`taskbot up` with the simulator"


@frozen
class _Kind:
    """A process that is started. *ready*: what it has to do, in order, each with its seconds."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: Callable[[Running], AsyncIterator[tuple[str, float]]]


async def measure(place: Place, scale: Scale) -> Section:
    times: dict[str, list[float]] = defaultdict(list)
    used: dict[str, list[float]] = defaultdict(list)
    occupied: dict[str, list[float]] = defaultdict(list)
    idle: dict[str, list[float]] = defaultdict(list)
    rounds = scale.of(4, 1)
    with place.scratch() as database_url:
        for number in range(rounds + 1):  # the first one reads files, and is not counted
            async with _kinds(database_url, place.emptied_redis()) as kinds:
                for kind in kinds:
                    found = await _started(kind, is_watched=number == rounds)
                    if not number:
                        continue
                    for what, seconds, cpu in found.times:
                        times[f"{kind.name}: {what}"].append(seconds)
                        used[f"{kind.name}: {what}, CPU"].append(cpu)
                    if found.memory is not None:
                        occupied[f"memory of {kind.name} after the start"].append(found.memory)
                        idle[f"CPU of {kind.name} with nothing to do"].append(found.idle)
            times["`taskbot --version`"] += [await _ended(*taskbot("--version"))] if number else []
            times["Python alone"] += [await _ended(sys.executable, "-c", "pass")] if number else []
        loaded = await _aiogram_in(database_url, place.emptied_redis())
    figures = [
        *(figure(name, values, "s") for name, values in times.items()),
        *(figure(name, values, "s") for name, values in used.items()),
        *(figure(name, values, "MiB") for name, values in occupied.items()),
        *(figure(name, values, "ms a second") for name, values in idle.items()),
        *(figure(f"modules of aiogram in {name}", [n], "") for name, n in loaded.items()),
    ]
    return Section(
        title="Start and memory",
        sides=("process", ""),
        about=_ABOUT,
        figures=figures,
        verdicts=_verdicts({one.name: one for one in figures}),
        notes=[_OF_MODULES],
    )


@frozen
class _Found:
    """*times*: what it did, after how many seconds, and how many of CPU."""

    times: list[tuple[str, float, float]]
    memory: float | None
    idle: float


async def _started(kind: _Kind, *, is_watched: bool) -> _Found:
    """Start, and end it; *is_watched*: with a look at what it occupies and does then."""
    environment = dict(kind.environment)
    folder = FOLDER / "start" / re.sub("[^a-z]+", "-", kind.name)
    _without_data(folder)
    async with running(*kind.command, folder=folder, environment=environment) as process:
        times = [
            (what, seconds, process.cpu_seconds()) async for what, seconds in kind.ready(process)
        ]
        if not is_watched:
            return _Found(times, None, 0.0)
        await asyncio.sleep(_SETTLED)
        memory, cpu = process.memory().pss, process.cpu_seconds()
        await asyncio.sleep(_IDLE)
        return _Found(times, memory, (process.cpu_seconds() - cpu) * 1000 / _IDLE)


def _without_data(folder: Path) -> None:
    for file in folder.glob("data/*"):
        with contextlib.suppress(OSError):
            file.unlink()


@contextlib.asynccontextmanager
async def _kinds(database_url: str, redis_url: str) -> AsyncIterator[list[_Kind]]:
    async with telegram() as bots, telegram() as ups, telegram() as echos:
        for stub in (bots, ups, echos):
            await stub.offer(updates(1))
        common = {"database_url": database_url, "redis_url": redis_url, "bot_token": BOT_TOKEN}
        settings = variables(**common, telegram_api_url=bots.url)
        ports = [str(a_free_port()) for _ in range(4)]
        up = variables(bot_token=BOT_TOKEN, telegram_api_url=ups.url, port=ports[1])
        alone = variables(port=ports[2], simulator_port=ports[3])
        api = settings | {"TASKBOT_PORT": ports[0]}
        yield [
            _Kind("`taskbot api`", taskbot("api"), api, _serves(ports[0])),
            _Kind("`taskbot scheduler`", taskbot("scheduler"), settings, _says_so),
            _Kind("`taskbot worker`", taskbot("worker"), settings, _says_so),
            _Kind("`taskbot bot`", taskbot("bot"), settings, _answers(bots)),
            _Kind("`taskbot up`", taskbot("up"), up, _serves(ports[1], _answers(ups))),
            _Kind(_UP, taskbot("up"), alone, _serves(ports[2], _answers_in_simulator(ports[3]))),
            _Kind("a bare API", benchmarks_own("floors.api", database_url), {}, _bare_serves),
            _Kind("a bare bot", benchmarks_own("floors.echo", echos.url), {}, _answers(echos)),
        ]


_Ready = Callable[[Running], AsyncIterator[tuple[str, float]]]


async def _says_so(process: Running) -> AsyncIterator[tuple[str, float]]:
    await process.line("at work")
    yield "at work", time.perf_counter() - process.begun


def _serves(port: str, then: _Ready | None = None) -> _Ready:
    async def ready(process: Running) -> AsyncIterator[tuple[str, float]]:
        await _served(f"http://127.0.0.1:{port}/health")
        yield "HTTP served", time.perf_counter() - process.begun
        if then is not None:
            async for found in then(process):
                yield found

    return ready


async def _bare_serves(process: Running) -> AsyncIterator[tuple[str, float]]:
    url = (await process.line(r"(http://\S+)")).group(1)
    await _served(url)
    yield "HTTP served", time.perf_counter() - process.begun


async def _served(url: str) -> None:
    """Wait for an answer over HTTP, whatever it says."""
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(_ANSWER):
        while True:
            with contextlib.suppress(httpx.TransportError):
                await http.get(url)
                return
            await asyncio.sleep(0.01)


def _answers(stub: Any) -> _Ready:
    async def ready(process: Running) -> AsyncIterator[tuple[str, float]]:
        async with asyncio.timeout(_ANSWER):
            while not (await stub.counts())["taken"]:  # noqa: ASYNC110 - a process of its own
                await asyncio.sleep(0.01)
        yield "the bot answers", time.perf_counter() - process.begun

    return ready


def _answers_in_simulator(port: str) -> _Ready:
    async def ready(process: Running) -> AsyncIterator[tuple[str, float]]:
        base = f"http://127.0.0.1:{port}/sim/persons"
        await _served(base)
        async with httpx.AsyncClient(trust_env=False, timeout=_ANSWER) as http:
            await http.post(base, json={"id": 5, "first_name": "Ada", "language_code": "en"})
            await http.post(f"{base}/5/send", json={"text": "/start"})
            async with asyncio.timeout(_ANSWER):
                while not await _bots_messages(http, base):  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.01)
        yield "the bot answers", time.perf_counter() - process.begun

    return ready


async def _bots_messages(http: httpx.AsyncClient, base: str) -> list[Any]:
    found = (await http.get(f"{base}/5/messages", params={"after": 0, "wait": 0})).json()
    messages = found["messages"] if isinstance(found, dict) else found
    return [one for one in messages if one.get("from") == "bot"]


async def _ended(*command: str) -> float:
    """Seconds until a command has ended by itself."""
    async with running(*command, folder=FOLDER / "start") as process:
        await process.is_over()
        return time.perf_counter() - process.begun


async def _aiogram_in(database_url: str, redis_url: str) -> dict[str, int]:
    """How many modules of aiogram each process has loaded by five seconds after its start."""
    found = {}
    async with _kinds(database_url, redis_url) as kinds:
        for kind in itertools.islice(kinds, 4):
            environment = {**kind.environment, "PYTHONPROFILEIMPORTTIME": "1"}
            async with running(
                *kind.command, folder=FOLDER / "start" / "modules", environment=environment
            ) as process:
                async for _ in kind.ready(process):
                    pass
                await asyncio.sleep(_IDLE)
                found[kind.name] = _modules_of_aiogram(process)
    async with running(
        *taskbot("--version"),
        folder=FOLDER / "start" / "modules",
        environment={"PYTHONPROFILEIMPORTTIME": "1"},
    ) as process:
        await process.is_over()
        found["`taskbot --version`"] = _modules_of_aiogram(process)
    return found


def _modules_of_aiogram(process: Running) -> int:
    pattern = r"^import time: .*\| +aiogram(?:\.[\w.]+)?$"
    return len(set(re.findall(pattern, process.log.read_text(), re.MULTILINE)))


def _verdicts(found: dict[str, Figure]) -> list[Verdict]:
    up, memory = f"{_UP}: ", "memory of {} after the start"
    return [
        *at_most(f"{up}HTTP served", found[f"{up}HTTP served"].value, 2, "s"),
        *at_most(f"{up}the bot answers", found[f"{up}the bot answers"].value, 6, "s"),
        *_at_most(found, memory.format(_UP), 280, "MiB"),
        *_at_most(found, memory.format("`taskbot api`"), 120, "MiB"),
        *_at_most(found, memory.format("`taskbot scheduler`"), 120, "MiB"),
        *_at_most(found, "modules of aiogram in `taskbot api`", 0, ""),
        *_at_most(found, "modules of aiogram in `taskbot scheduler`", 0, ""),
        *_at_most(found, "modules of aiogram in `taskbot --version`", 0, ""),
    ]


def _at_most(found: dict[str, Figure], name: str, limit: float, unit: str) -> list[Verdict]:
    return at_most(name, found[name].value, limit, unit)
