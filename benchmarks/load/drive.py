"""One run: everything is started, filled, driven, measured and compared."""

import asyncio
import contextlib
import json
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import define, field

from benchmarks.load.arrivals import OpenLoop
from benchmarks.load.checks import kept_as_answered, reminders_sent, texts_kept
from benchmarks.load.connections import Connections
from benchmarks.load.findings import Observed
from benchmarks.load.outcomes import Arrival, Fate, Outcome
from benchmarks.load.phases import Phases, Plan
from benchmarks.load.processes import Process, running
from benchmarks.load.programs import Memory, Program, Traffic
from benchmarks.load.reminders import Promises
from benchmarks.load.sampling import Sampler
from benchmarks.load.stage import Crowd, fill, opened, promise
from taskbot.adapters.persistence.engine import Database

TOKEN: Final = "7000000009:made-up-for-the-load"  # noqa: S105 - opens nothing
_ROLES: Final = {
    "api": "API docs",
    "bot": "The bot is at work",
    "scheduler": "The scheduler is at work",
    "worker": "The worker is at work",
}
_AT_ONCE: Final = 12
"""Requests during the calibration: enough to keep the API busy, and none is refused."""
_LAST_REMINDERS_SECONDS: Final = 180.0


@define
class Run:
    plan: Plan
    crowd: Crowd
    database_url: str
    redis_url: str
    folder: Path
    dice: random.Random = field(factory=lambda: random.Random(1))  # noqa: S311 - no secret
    phases: Phases = field(factory=Phases)
    promises: Promises = field(factory=Promises)
    memory: Memory = field(factory=Memory)
    people: list[Outcome] = field(factory=list)
    arrivals: list[Arrival] = field(factory=list)
    capacity: float = 0.0
    _telegram: Connections = field(init=False)
    _texts: int = 0
    _unanswered: int = 0

    async def drive(self) -> dict[str, Any]:
        """Do all of it; give the figures."""
        async with AsyncExitStack() as stack:
            stub = await stack.enter_async_context(self._stub())
            self._telegram = _connections(stub.address("Telegram"))
            processes = await self._start(stack, stub.address("Telegram"))
            api = _connections(processes[0].address("API docs"))
            database = await stack.enter_async_context(opened(self.database_url))
            programs = await fill(database, self.database_url, self.crowd, api.host, self.memory)
            sampler = Sampler(processes)
            traffic = Traffic(programs, api, self.promises, self.memory, self.dice)
            async with _meanwhile(sampler.run()):
                await self._load(traffic)
            checks = {
                **await self._compare(database),
                "logs": {
                    level: {one.name: len(one.complaints(level)) for one in processes}
                    for level in ("warning", "error|critical")
                },
                "from_logs": [
                    line
                    for one in processes
                    for line in one.complaints("warning|error|critical")[:5]
                ],
            }
            observed = Observed(
                self.phases, traffic.outcomes, self.people, self.arrivals, self.promises, sampler
            )
            return self._figures(observed, traffic, checks)

    @contextlib.asynccontextmanager
    async def _stub(self) -> AsyncIterator[Process]:
        async with running(
            "telegram", "-m", "benchmarks.load.telegram", str(self.crowd.people),
            until="Telegram", folder=self.folder, environment={},
        ) as process:  # fmt: skip
            yield process

    async def _start(self, stack: AsyncExitStack, telegram: str) -> list[Process]:
        environment = {
            "TASKBOT_DATABASE_URL": self.database_url,
            "TASKBOT_REDIS_URL": self.redis_url,
            "TASKBOT_BOT_TOKEN": TOKEN,
            "TASKBOT_TELEGRAM_API_URL": telegram,
            "TASKBOT_PORT": "0",
            "TASKBOT_METRICS_PORT": "0",
            "TASKBOT_LOG_FORMAT": "json",
            # The stub takes them as they come: what is measured is ours, not Telegram's limit.
            "TASKBOT_MESSAGES_PER_SECOND": "1000",
        }
        return [
            await stack.enter_async_context(
                running(
                    role, "-m", "taskbot", role, until=words, folder=self.folder,
                    environment=environment,
                )
            )
            for role, words in _ROLES.items()
        ]  # fmt: skip

    async def _load(self, traffic: Traffic) -> None:
        plan = self.plan
        number = round(plan.whole * plan.reminders)
        promise(
            self.database_url, self.promises, begin=time.time() + 15, number=number,
            per_second=plan.reminders,
        )  # fmt: skip
        await asyncio.sleep(15)
        loop = OpenLoop(traffic.one, 1.0, self.dice)
        await self._people_write(plan.updates)
        async with self._phase("calibration", plan.calibration):
            await self._calibrate(traffic)
        loop.rate = offered = self.capacity * plan.share
        _say(f"{self.capacity:.0f} requests/s at most; {offered:.0f}/s are offered")
        async with _meanwhile(loop.run()):
            await self._wait("warm-up", plan.warm_up)
            await self._wait("steady", plan.steady)
            loop.rate = offered * plan.factor
            await self._people_write(plan.updates * plan.factor)
            await self._wait("overload", plan.overload)
            loop.rate = offered
            await self._people_write(plan.updates)
            await self._wait("recovery", plan.recovery)
        await self._people_write(0)
        await loop.finish()
        await self._last_reminders()

    async def _calibrate(self, traffic: Traffic) -> None:
        end = time.time() + self.plan.calibration

        async def one_after_the_other() -> None:
            while time.time() < end:
                await traffic.one(time.time())

        await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
        done = sum(one.fate is Fate.DONE for one in traffic.outcomes)
        self.capacity = done / self.plan.calibration

    async def _wait(self, name: str, seconds: float) -> None:
        async with self._phase(name, seconds):
            await asyncio.sleep(seconds)

    @contextlib.asynccontextmanager
    async def _phase(self, name: str, seconds: float) -> AsyncIterator[None]:
        _say(f"{name}: {seconds:.0f} s")
        begin = time.time()
        yield
        self.phases.add(name, begin, time.time())

    async def _people_write(self, rate: float) -> None:
        await self._ask_telegram("rate", {"rate": rate})

    async def _last_reminders(self) -> None:
        """Wait for all that is to come yet, and for the bot's last answers; not for ever."""
        end = max(self.promises.due.values()) + _LAST_REMINDERS_SECONDS
        while time.time() < end:
            await self._fetch()
            if not self.promises.open_ones(self.arrivals) and not self._unanswered:
                break
            await asyncio.sleep(2)
        await asyncio.sleep(2)  # in which the last ones are recorded, and doubled ones would come
        await self._fetch()

    async def _fetch(self) -> None:
        known = {"outcomes": len(self.people), "arrivals": len(self.arrivals)}
        told = await self._ask_telegram("log", known)
        self.people += [Outcome(**one | {"fate": Fate(one["fate"])}) for one in told["outcomes"]]
        self.arrivals += [Arrival(**one) for one in told["arrivals"]]
        self._texts, self._unanswered = told["texts"], told["unanswered"]

    async def _ask_telegram(self, what: str, content: Any) -> Any:
        body = json.dumps(content).encode()
        head = f"POST /load/{what} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        answer = await self._telegram.ask(head + body)
        return json.loads(answer.body)

    async def _compare(self, database: Database) -> dict[str, Any]:
        return {
            "accepted": await kept_as_answered(database, self.memory),
            "bot": await texts_kept(database, self._texts) | {"unanswered": self._unanswered},
            "reminders": await reminders_sent(database, self.promises, self.arrivals),
        }

    def _figures(
        self, observed: Observed, traffic: Traffic, checks: dict[str, Any]
    ) -> dict[str, Any]:
        failures = [one.detail for one in traffic.outcomes if one.fate is Fate.FAILED]
        return {
            "processors": os.cpu_count(),
            "capacity_per_second": round(self.capacity, 1),
            "share": self.plan.share,
            "factor": self.plan.factor,
            "steady": observed.phase("steady"),
            "overload": observed.phase("overload"),
            "after": observed.phase("recovery"),
            "recovery": observed.recovery(),
            "memory": observed.memory(),
            "checks": checks,
            "failures": sorted(set(failures))[:20],
            "connections_opened": traffic.connections.opened,
            "windows": [observed.window(window) for window in self.phases.windows()],
        }


def _connections(address: str) -> Connections:
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    return Connections(parts.hostname, parts.port)


@contextlib.asynccontextmanager
async def _meanwhile(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", flush=True)


__all__ = ["Program", "Run"]
