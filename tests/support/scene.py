"""Processes, services and promises: what a test of faults plays with."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from attrs import Factory, define, field

from support.postgres import fresh_migrated_database
from support.processes import RunningProcess, taskbot
from support.promises import Promises, Verdict, arrivals_at
from support.redis import OwnRedis
from support.simulator import RunningSimulator, eventually, running_simulator
from taskbot.adapters.persistence import (
    Database,
    SqlQueries,
    SqlTransactions,
    create_database,
    migrate,
)
from taskbot.adapters.simulator import Simulator
from taskbot.application.ports import Notifier
from taskbot.domain.reminder import PENDING, Reminder
from taskbot.entrypoints.library import Library

TOKEN: Final = "7000000009:made-up-for-the-tests-of-faults"
_ROLES: Final = {
    "scheduler": "The scheduler is at work",
    "worker": "The worker is at work",
    "bot": "The bot is at work",
    "api": "API docs",
}
_FIRST_PERSON: Final = 100_001


@define
class Scene:
    """*simulator* runs in this process, all of taskbot in others. *lease*: theirs, in seconds."""

    folder: Path
    telegram: RunningSimulator
    redis: OwnRedis
    database: Database
    environment: dict[str, str]
    running: contextlib.AsyncExitStack
    promises: Promises = Factory(Promises)
    core: Library = field(init=False)
    _number: int = 0
    _people: int = 0

    def __attrs_post_init__(self) -> None:
        self.core = _library(self.database)

    async def start(self, role: str, *arguments: str, **variables: str) -> RunningProcess:
        """Start one more process of *role*, with more *variables*; return when it is at work."""
        process = await self.begin("support.altered", role, *arguments, **variables)
        await process.line_matching(_ROLES[role])
        return process

    async def begin(self, module: str, *arguments: str, **variables: str) -> RunningProcess:
        self._number += 1
        folder = self.folder / f"{arguments[0]}-{self._number}"
        folder.mkdir()
        environment = self.environment | variables
        running = taskbot(*arguments, folder=folder, environment=environment, module=module)
        return await self.running.enter_async_context(running)

    async def people(self, number: int) -> list[int]:
        """Give so many people who have pressed Start; their Telegram ids."""
        first = _FIRST_PERSON + self._people
        self._people += number
        ids = list(range(first, first + number))
        gate, control = asyncio.Semaphore(20), self.telegram.control

        async def begin(person: int) -> None:
            async with gate:
                await control.person(person, f"Person {person}")
                await control.send(person, "/start")

        async with asyncio.TaskGroup() as group:
            for person in ids:
                group.create_task(begin(person))
        return ids

    async def promise(
        self, number: int, *, after: float, over: float = 0.0, people: int | None = None
    ) -> None:
        """Promise so many reminders, to as many people, from *after* seconds on, *over* seconds."""
        ids = await self.people(people or number)
        first = datetime.now(UTC) + timedelta(seconds=after)
        moments = [first + timedelta(seconds=over * place / number) for place in range(number)]
        await self.promises.make(self.core, ids, moments)

    async def reminders(self) -> list[Reminder]:
        """All reminders that were promised, as they are stored now."""
        found: list[Reminder] = []
        ids = [promise.reminder.id for promise in self.promises.made]
        for start in range(0, len(ids), 500):
            letters = await self.core.queries.letters(ids[start : start + 500])
            found += [letter.reminder for letter in letters]
        return found

    async def all_settled(self, *, within: float) -> None:
        """Wait until no promise is pending any more."""

        async def settled() -> bool:
            await asyncio.sleep(0.1)
            gauges = await self.core.queries.reminder_gauges(now=datetime.now(UTC))
            next_at = await self.core.queries.next_available_at()
            return gauges.due == 0 and next_at is None

        try:
            await eventually(settled, within=within)
        except TimeoutError:
            pending = [one for one in await self.reminders() if one.state in PENDING]
            calls = self.telegram.simulator.calls.after(0, method="sendMessage")
            raise AssertionError(
                f"{len(pending)} are pending still, such as {pending[:3]}; it is "
                f"{datetime.now(UTC)}; there were {len(calls)} calls, the last of them {calls[-5:]}"
            ) from None

    def verdict(self) -> Verdict:
        return self.promises.check(arrivals_at(self.telegram.simulator))

    @property
    def last_arrival(self) -> float:
        """The Unix time of the newest message of the bot."""
        return max(one.at for one in arrivals_at(self.telegram.simulator)).timestamp()


def _library(database: Database) -> Library:
    from taskbot.adapters.clock import SystemClock  # noqa: PLC0415 - one name for one use

    notifier: Notifier | None = None
    return Library.over(
        SqlTransactions(database),
        SqlQueries(database),
        clock=SystemClock(),
        timezone="UTC",
        notifier=notifier,
    )


@contextlib.asynccontextmanager
async def a_scene(
    folder: Path, *, lease: float | None, url: str | None = None
) -> AsyncIterator[Scene]:
    """Give the services, and nothing that runs on them as yet. *url*: a database to use."""
    async with contextlib.AsyncExitStack() as stack:
        redis = stack.enter_context(OwnRedis())
        database_url = url or stack.enter_context(fresh_migrated_database())
        if url is not None:
            await asyncio.to_thread(migrate, url)
        telegram = await stack.enter_async_context(
            running_simulator(simulator=Simulator(stall_seconds=60))
        )
        telegram.simulator.world.account_of(int(TOKEN.split(":")[0]))
        environment = {
            "TASKBOT_DATABASE_URL": database_url,
            "TASKBOT_REDIS_URL": redis.url,
            "TASKBOT_BOT_TOKEN": TOKEN,
            "TASKBOT_TELEGRAM_API_URL": telegram.url,
            "TASKBOT_LOG_LEVEL": "info",
        }
        if lease is not None:
            environment["ALTERED_LEASE"] = str(lease)
        database = create_database(database_url)
        stack.push_async_callback(database.dispose)
        running = await stack.enter_async_context(contextlib.AsyncExitStack())
        yield Scene(folder, telegram, redis, database, environment, running)


@define
class Doomed:
    """Processes that are killed, one after the other, at one point; see `support.doomed`."""

    process: RunningProcess
    telegram: RunningSimulator
    is_killed_here: bool
    killed_at: list[float] = Factory(list)

    async def until_all_are_dead(self, *, within: float) -> None:
        async with asyncio.timeout(within):
            killing = asyncio.create_task(self._kill_who_waits())
            try:
                await self.process.line_matching("all ended", within=within)
            finally:
                killing.cancel()
        ended = [line.split() for line in self.process.lines if line.startswith("ended")]
        assert {status for _, _, status, _ in ended} == {str(-signal.SIGKILL)}, self.process.log()
        self.killed_at = [float(moment) for *_, moment in ended]

    async def _kill_who_waits(self) -> None:
        """Kill whoever has written its request and gets no answer."""
        seen = 0
        while self.is_killed_here:
            for call in self.telegram.simulator.calls.after(seen, method="sendMessage"):
                seen = call["id"]
                if call["outcome"] and "stall" in call["outcome"].get("fault", ""):
                    self._kill_the_living()
            await asyncio.sleep(0.01)

    def _kill_the_living(self) -> None:
        started = [line.split()[1] for line in self.process.lines if line.startswith("started")]
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(started[-1]), signal.SIGKILL)


async def doom(scene: Scene, role: str, point: str, kills: int) -> Doomed:
    """Have *kills* processes of *role* die at *point*, one after the other."""
    stalls: Sequence[str] = {"written": ["stall"], "unanswered": ["accept-then-stall"]}.get(
        point, []
    )
    for kind in stalls:
        await scene.telegram.control.fault(kind, method="sendMessage", times=kills)
    process = await scene.begin("support.doomed", role, point, str(kills))
    await process.line_matching("ready")
    return Doomed(process, scene.telegram, bool(stalls))


def now() -> float:
    return time.time()
