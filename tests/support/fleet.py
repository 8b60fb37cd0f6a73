"""taskbot as many hosts run it: a process for each role, on PostgreSQL and Redis."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from attrs import define

from support.postgres import fresh_database
from support.processes import RunningProcess, taskbot
from support.product import Product
from support.redis import OwnRedis
from support.simulator import Control

TOKEN: Final = "7000000003:made-up-for-the-tests"
_ROLES: Final = {
    "scheduler": "The scheduler is at work",
    "worker": "The worker is at work",
    "bot": "The bot is at work",
    "api": "API docs",
}


@define
class Fleet:
    """*environment* is what all processes are given; *redis* is theirs alone."""

    folder: Path
    control: Control
    redis: OwnRedis
    environment: dict[str, str]
    _running: contextlib.AsyncExitStack
    _number: int = 0

    async def start(self, role: str, *arguments: str) -> RunningProcess:
        """Start one more process of *role*; return when it is at work."""
        self._number += 1
        folder = self.folder / f"{role}-{self._number}"
        folder.mkdir()
        running = taskbot(role, *arguments, folder=folder, environment=self.environment)
        process = await self._running.enter_async_context(running)
        await process.line_matching(_ROLES[role])
        return process

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
        yield Fleet(folder, control, redis, environment, processes)
