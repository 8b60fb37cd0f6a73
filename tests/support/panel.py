"""The panel in this process, over a database of its own, and operators who look at it."""

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import argon2
import httpx
import pytest
from attrs import frozen
from dependency_injector import providers

from support.backends import Storage, migrated_sqlite, require, sql_storage
from support.builders import NOW
from support.postgres import emptied_database
from taskbot.adapters.admin import PREFIX
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.passwords import Argon2Passwords
from taskbot.adapters.persistence import Database, create_database
from taskbot.domain.operator import Operator, Role
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.settings import read_settings

on_each_database = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
"""Run a test of the panel over every storage that it may have."""

HOST: Final = "https://panel.test"
PASSWORD: Final = "correct horse battery staple"
HOUSE: Final = Operator("the house", Role.EDITOR)
TOKEN_COOKIE: Final = "starlette_admin_csrftoken"
SESSION_COOKIE: Final = "taskbot_admin"
_CHEAP: Final = argon2.profiles.CHEAPEST


@frozen
class Browser:
    """What a browser is to the panel: it keeps cookies, and sends the token of its forms."""

    client: httpx.AsyncClient

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(f"/admin{path}", **options)

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form, as a page of the panel would."""
        if TOKEN_COOKIE not in self.client.cookies:
            await self.get("/login")
        token = {"csrftoken": self.client.cookies[TOKEN_COOKIE]}
        return await self.client.post(f"/admin{path}", data=fields | token)

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        return await self.post("/login", username=name, password=password)


@frozen
class Panel:
    container: Container
    clock: ManualClock
    storage: Storage

    def stranger(self, host: str = HOST, *, app: Any = None, **headers: str) -> Browser:
        """A browser in which nobody is signed in.

        *app*: the whole application where the test is about what is around the panel.
        """
        panel: Any = self.container.asides()[PREFIX]  # httpx knows ASGI by plainer types
        transport = httpx.ASGITransport(app or panel)
        return Browser(httpx.AsyncClient(transport=transport, base_url=host, headers=headers))

    async def an_account(self, name: str = "ann", role: Role = Role.EDITOR) -> None:
        await self.container.admin_accounts().create(name, role, PASSWORD, by=HOUSE)

    async def operator(
        self, name: str = "ann", role: Role = Role.EDITOR, *, language: str = "en"
    ) -> Browser:
        """A browser in which somebody is signed in who has an account of their own."""
        await self.an_account(name, role)
        browser = self.stranger(**{"accept-language": language})
        answer = await browser.sign_in(name)
        assert answer.status_code == 303, answer.text
        return browser


@contextlib.asynccontextmanager
async def a_panel(folder: Path, backend: str = "sqlite") -> AsyncIterator[Panel]:
    require(backend)
    database = create_database(
        migrated_sqlite(folder) if backend == "sqlite" else emptied_database()
    )
    try:
        async with panel_over(database) as panel:
            yield panel
    finally:
        await database.dispose()


@contextlib.asynccontextmanager
async def panel_over(
    database: Database, *, timezone: str = "Europe/Berlin"
) -> AsyncIterator[Panel]:
    """The panel over *database*, which stays open."""
    clock = ManualClock(NOW)
    container = Container(settings=read_settings({"TASKBOT_TIMEZONE": timezone}), has_panel=True)
    container.database.override(providers.Object(database))
    container.clock.override(providers.Object(clock))
    container.passwords.override(providers.Singleton(Argon2Passwords, _CHEAP))
    yield Panel(container, clock, sql_storage(database))


def shown(page: httpx.Response) -> str:
    """The words of a page, without the code in it."""
    code = r"<(script|style)\b.*?</\1>|<!--.*?-->"
    words = re.sub(r"<[^>]+>", " ", re.sub(code, "", page.text, flags=re.DOTALL))
    return " ".join(words.split())
