"""The application as the bot sees it: in this process, or over the API and without the database."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import httpx
from attrs import asdict, field, frozen

from support.api import an_api
from support.core import Core
from taskbot.adapters.api_client import (
    ApiAccessTokens,
    ApiAccounts,
    ApiCategories,
    ApiExports,
    ApiPeople,
    ApiProgress,
    ApiTasks,
    Connection,
    PersonSessions,
)
from taskbot.adapters.http import JsonExports
from taskbot.adapters.memory import MemoryApiTokenStore
from taskbot.adapters.telegram_login import TelegramLogin
from taskbot.application.interface import (
    AccessTokens,
    Accounts,
    Categories,
    Exports,
    People,
    Progress,
    Tasks,
)
from taskbot.application.ports import ApiTokenStore

IN_PROCESS: Final = "in process"
OVER_HTTP: Final = "over HTTP"
KINDS: Final = (IN_PROCESS, OVER_HTTP)
LOGIN: Final = TelegramLogin("7000000001:made-up-for-the-tests")


@frozen(kw_only=True)
class Backend:
    """*core* is what is behind it, whichever the way there."""

    core: Core
    tasks: Tasks
    categories: Categories
    people: People
    progress: Progress
    accounts: Accounts
    access_tokens: AccessTokens
    exports: Exports


@frozen(kw_only=True)
class HttpBackend(Backend):
    """*requests* is what was asked over HTTP, as method and path."""

    tokens: ApiTokenStore
    requests: list[str]


@frozen
class Watched(httpx.AsyncBaseTransport):
    """Notes what goes by."""

    _inner: httpx.AsyncBaseTransport
    requests: list[str] = field(factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path.removeprefix('/api/v1')}")
        return await self._inner.handle_async_request(request)


def in_process(core: Core) -> Backend:
    return Backend(
        core=core,
        tasks=core.tasks,
        categories=core.categories,
        people=core.users,
        progress=core.statistics,
        accounts=core.accounts,
        access_tokens=core.access_tokens,
        exports=JsonExports(core.exports),
    )


@contextlib.asynccontextmanager
async def over_http(
    core: Core,
    *,
    tokens: ApiTokenStore | None = None,
    bot: TelegramLogin = LOGIN,
    through: Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport] = lambda it: it,
) -> AsyncIterator[HttpBackend]:
    """A client of the API over *core*; what *bot* signs is believed if it is `LOGIN`."""
    app: Any = an_api(core=core, proofs=LOGIN).app  # httpx knows ASGI by plainer types
    transport = Watched(through(httpx.ASGITransport(app)))
    tokens = tokens or MemoryApiTokenStore(core.clock)
    async with Connection.to("http://taskbot.test", transport=transport) as connection:
        sessions = PersonSessions(connection, bot, tokens, core.clock)
        yield HttpBackend(
            core=core,
            tasks=ApiTasks(sessions),
            categories=ApiCategories(sessions),
            people=ApiPeople(sessions),
            progress=ApiProgress(sessions),
            accounts=ApiAccounts(sessions),
            access_tokens=ApiAccessTokens(sessions),
            exports=ApiExports(sessions),
            tokens=tokens,
            requests=transport.requests,
        )


@contextlib.asynccontextmanager
async def a_backend(kind: str, core: Core) -> AsyncIterator[Backend]:
    if kind == IN_PROCESS:
        yield in_process(core)
    else:
        async with over_http(core) as backend:
            yield backend


def told(refusal: BaseException) -> tuple[type[BaseException], dict[str, Any]]:
    """All that a refusal says; exceptions are equal to themselves only."""
    attributes: Any = refusal
    return type(refusal), asdict(attributes, recurse=False)
