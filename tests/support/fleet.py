"""taskbot as many hosts run it: a process for each role, on PostgreSQL and Redis."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path
from typing import Final

from attrs import define

from support.postgres import fresh_database
from support.processes import START_LIMIT, RunningProcess, taskbot
from support.product import Product, running_product
from support.redis import OwnRedis
from support.simulator import Control

BOT_OVER_HTTP: Final = "bot over HTTP"
TOKEN: Final = "7000000003:made-up-for-the-tests"
_ROLES: Final = {
    "scheduler": "The scheduler is at work",
    "worker": "The worker is at work",
    "bot": "The bot is at work",
    "api": "API docs",
}


@define
class Processes:
    """*environment* is what all of them are given."""

    folder: Path
    environment: dict[str, str]
    _running: contextlib.AsyncExitStack
    _number: int = 0

    async def start(
        self,
        role: str,
        *arguments: str,
        without: Collection[str] = (),
        is_executed: bool = False,
        within: float = START_LIMIT,
    ) -> RunningProcess:
        """Start one more process of *role*, *without* some variables; return when it is at work.

        *within*: seconds, after which it is an error that it is not.
        """
        self._number += 1
        folder = self.folder / f"{role}-{self._number}"
        folder.mkdir()
        given = {name: value for name, value in self.environment.items() if name not in without}
        running = taskbot(
            role, *arguments, folder=folder, environment=given, is_executed=is_executed
        )
        process = await self._running.enter_async_context(running)
        await process.line_matching(_ROLES[role], within=within)
        return process


@define(kw_only=True)
class Fleet(Processes):
    """*redis* is theirs alone."""

    control: Control
    redis: OwnRedis

    async def product(self) -> Product:
        """Start an API and a bot, and give what people and programs see of them."""
        api, bot = await asyncio.gather(self.start("api"), self.start("bot"))
        address = (await api.address("API docs")).removesuffix("/api/v1/docs")
        return Product(bot, self.control, address, self.folder, self.environment)


@contextlib.asynccontextmanager
async def a_fleet(folder: Path) -> AsyncIterator[Fleet]:
    """Give the services that processes need, and a migrated database; nothing runs as yet."""
    async with contextlib.AsyncExitStack() as running:
        redis = running.enter_context(OwnRedis())
        database_url = running.enter_context(fresh_database())
        telegram = await running.enter_async_context(taskbot("simulator", folder=folder))
        address = await telegram.address("Bot API")
        control = await running.enter_async_context(Control(address))
        environment = {
            "TASKBOT_DATABASE_URL": database_url,
            "TASKBOT_REDIS_URL": redis.url,
            "TASKBOT_BOT_TOKEN": TOKEN,
            "TASKBOT_TELEGRAM_API_URL": str(control.http.base_url),
        }
        async with taskbot("migrate", folder=folder, environment=environment) as migration:
            assert await migration.process.wait() == 0, migration.log()
        processes = await running.enter_async_context(contextlib.AsyncExitStack())
        yield Fleet(
            folder=folder, environment=environment, running=processes, control=control, redis=redis
        )


@contextlib.asynccontextmanager
async def running_apart(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Product]:
    """A process for each role, of which the bot has no database but works over the API.

    *environment* has the database and the Redis that the others are to use. What the simulator
    knows is kept in *folder*. Give the product; its process is the bot.
    """
    async with contextlib.AsyncExitStack() as running:
        telegram = await running.enter_async_context(taskbot("simulator", folder=folder))
        control = await running.enter_async_context(Control(await telegram.address("Bot API")))
        shared = {
            **environment,
            "TASKBOT_BOT_TOKEN": TOKEN,
            "TASKBOT_TELEGRAM_API_URL": str(control.http.base_url),
        }
        async with taskbot("migrate", folder=folder, environment=shared) as migration:
            assert await migration.process.wait() == 0, migration.log()
        stack = await running.enter_async_context(contextlib.AsyncExitStack())
        processes = Processes(Path(tempfile.mkdtemp(dir=folder)), shared, stack)
        api, *_ = await asyncio.gather(*map(processes.start, ("api", "scheduler", "worker")))
        address = (await api.address("API docs")).removesuffix("/api/v1/docs")
        bot = await processes.start("bot", "--api-url", address, without=["TASKBOT_DATABASE_URL"])
        yield Product(bot, control, address, folder, shared)


@contextlib.asynccontextmanager
async def running_as(
    way: str, folder: Path, environment: Mapping[str, str]
) -> AsyncIterator[Product]:
    """The product as it is run: all in one process, or the bot without the database.

    With nothing but a file it is started as a person does it, with a command.
    """
    if way == BOT_OVER_HTTP:
        start = running_apart(folder, environment)
    else:
        start = running_product(folder, environment, is_executed=way == "sqlite")
    async with start as product:
        yield product
