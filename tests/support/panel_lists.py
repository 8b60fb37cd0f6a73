"""The lists of the panel, as somebody reads them who is signed in."""

import contextlib
import html
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from attrs import Factory, frozen
from dependency_injector import providers
from sqlalchemy import event

from support.builders import an_admin_account, an_admin_session
from support.panel import HOST, panel_over
from taskbot.adapters.admin import PREFIX
from taskbot.adapters.admin.sessions import COOKIE
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.persistence import Database
from taskbot.application.admin_sign_in import AdminSignInService, SignedInOperator

_CELL: Final = re.compile(r'<td data-column="(\w+)"[^>]*>(.*?)</td>', re.DOTALL)
_ROW: Final = re.compile(r'<tr data-sa-pk="(\w+)"(.*?)</tr>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]+>")
_CSRF: Final = "starlette_admin_csrftoken"


@frozen
class Panel:
    """A signed-in operator's way to the panel over *database*."""

    browser: httpx.AsyncClient
    database: Database
    clock: ManualClock

    async def page(self, path: str, **query: Any) -> str:
        """The HTML of a page that is there."""
        answer = await self.browser.get(f"{PREFIX}/{path}", params=query)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.text

    async def ids(self, key: str, **query: Any) -> list[str]:
        return [pk for pk, _ in _ROW.findall(await self.page(f"{key}/list", **query))]

    async def rows(self, key: str, **query: Any) -> list[dict[str, str]]:
        """What a list shows, by its columns."""
        found = _ROW.findall(await self.page(f"{key}/list", **query))
        return [{name: text_of(cell) for name, cell in _CELL.findall(row)} for _, row in found]

    async def export(self, key: str, query: str = "", **form: Any) -> httpx.Response:
        """The file that the whole list, narrowed down by *query*, is taken along as."""
        given = {"name": "export", "all": "1", "_list_query": query}
        return await self.browser.post(
            f"{PREFIX}/_api/{key}/action",
            params=given,
            data={"scope": "selected", "format": "csv", **form},
            headers={"x-csrftoken": await self.form_token()},
        )

    async def form_token(self) -> str:
        """What shows that a form was on one of our pages."""
        if _CSRF not in self.browser.cookies:
            await self.page("people/list")
        return self.browser.cookies[_CSRF]


def text_of(markup: str) -> str:
    """What a reader sees of *markup*."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


@contextlib.asynccontextmanager
async def a_panel(
    database: Database, *, language: str = "en", timezone: str = "UTC"
) -> AsyncIterator[Panel]:
    async with panel_over(database, timezone=timezone) as panel:
        panel.container.admin_sign_in.override(providers.Object(_Everybody()))
        browser = panel.stranger(**{"accept-language": language})
        browser.client.cookies.set(COOKIE, "any", domain=urlsplit(HOST).hostname or "", path=PREFIX)
        await browser.get("/people/list")  # makes the panel, and gives the token of its forms
        yield Panel(browser.client, database, panel.clock)


class _Everybody(AdminSignInService):
    """Takes everybody for an editor: so nothing is read or written down for the sake of it."""

    def __init__(self) -> None: ...

    async def authenticate(self, secret: str, *, is_use: bool = True) -> SignedInOperator:
        account = an_admin_account(name="nobody")
        return SignedInOperator(account, an_admin_session(account))


@frozen
class Statements:
    """What was asked of a database meanwhile."""

    texts: list[str] = Factory(list)


@contextlib.contextmanager
def watched(database: Database) -> Iterator[Statements]:
    engine, seen = database.reading.sync_engine, Statements()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.texts.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
