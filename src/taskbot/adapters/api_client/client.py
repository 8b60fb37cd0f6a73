"""The API for whoever has an access token."""

from datetime import timedelta
from types import TracebackType
from typing import Self

import httpx
from attrs import define, field

from taskbot.adapters.api_client.categories import CategoriesOfOne
from taskbot.adapters.api_client.connection import PATIENCE, Connection, Request
from taskbot.adapters.api_client.me import Me
from taskbot.adapters.api_client.statistics import StatisticsOfOne
from taskbot.adapters.api_client.tasks import TasksOfOne
from taskbot.adapters.api_client.tokens import TokensOfOne
from taskbot.domain.ids import UserId


@define
class _TokenSession:
    _connection: Connection
    _secret: str = field(repr=False)
    _owner_id: UserId | None = field(default=None, init=False)

    async def ask(self, request: Request) -> httpx.Response:
        return await self._connection.ask(request, secret=self._secret)

    async def owner_id(self) -> UserId:
        if self._owner_id is None:
            self._owner_id = (await Me(self).get()).id
        return self._owner_id


class ApiClient:
    """What a person can do, over the API at *base_url*, with their access *token*.

    Use it as `async with ApiClient(...) as client`, from one event loop. *patience*: for how long
    a call may be tried again where that is safe. Refusals are the domain's own exceptions,
    `ApiUnavailable` says that there was no answer, `ApiRefused` and `ApiFailed` anything else.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        patience: timedelta = PATIENCE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._connection = Connection.to(base_url, patience=patience, transport=transport)
        session = _TokenSession(self._connection, token)
        self.tasks = TasksOfOne(session)
        self.categories = CategoriesOfOne(session)
        self.me = Me(session)
        self.tokens = TokensOfOne(session)
        self.statistics = StatisticsOfOne(session)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._connection.close()
