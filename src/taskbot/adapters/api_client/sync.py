"""The client for programs that are not asynchronous: the same methods, each waiting for its answer.

An event loop in a thread of its own does the work.
"""

import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from attrs import frozen

from taskbot.adapters.api_client.categories import CategoriesOfOne
from taskbot.adapters.api_client.client import ApiClient
from taskbot.adapters.api_client.connection import PATIENCE
from taskbot.adapters.api_client.me import Me
from taskbot.adapters.api_client.statistics import StatisticsOfOne
from taskbot.adapters.api_client.tasks import TasksOfOne
from taskbot.adapters.api_client.tokens import TokensOfOne

_A = TypeVar("_A")
_P = ParamSpec("_P")
_T = TypeVar("_T")


@frozen
class _Waiting(Generic[_A]):
    """What is asked of *asynchronous* runs in the loop behind *portal*."""

    _asynchronous: _A
    _portal: BlockingPortal


def _waits(
    method: Callable[Concatenate[_A, _P], Coroutine[Any, Any, _T]],
) -> Callable[Concatenate[_Waiting[_A], _P], _T]:
    @functools.wraps(method)
    def waiting(self: _Waiting[_A], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        answer: _T = self._portal.call(lambda: method(self._asynchronous, *args, **kwargs))
        return answer

    return waiting


def _waits_for_each(
    method: Callable[Concatenate[_A, _P], AsyncIterator[_T]],
) -> Callable[Concatenate[_Waiting[_A], _P], Iterator[_T]]:
    @functools.wraps(method)
    def waiting(self: _Waiting[_A], /, *args: _P.args, **kwargs: _P.kwargs) -> Iterator[_T]:
        iterator = method(self._asynchronous, *args, **kwargs)
        while True:
            try:
                item = self._portal.call(iterator.__anext__)
            except StopAsyncIteration:
                return
            yield item

    return waiting


class SyncTasks(_Waiting[TasksOfOne]):
    create = _waits(TasksOfOne.create)
    get = _waits(TasksOfOne.get)
    card = _waits(TasksOfOne.card)
    cards = _waits(TasksOfOne.cards)
    page = _waits(TasksOfOne.page)
    iterate = _waits_for_each(TasksOfOne.iterate)
    counts = _waits(TasksOfOne.counts)
    edit = _waits(TasksOfOne.edit)
    complete = _waits(TasksOfOne.complete)
    reopen = _waits(TasksOfOne.reopen)
    reschedule = _waits(TasksOfOne.reschedule)
    snooze = _waits(TasksOfOne.snooze)
    split = _waits(TasksOfOne.split)
    join = _waits(TasksOfOne.join)
    add_reminder = _waits(TasksOfOne.add_reminder)
    remove_reminder = _waits(TasksOfOne.remove_reminder)
    delete = _waits(TasksOfOne.delete)
    undo = _waits(TasksOfOne.undo)
    undoable = _waits(TasksOfOne.undoable)


class SyncCategories(_Waiting[CategoriesOfOne]):
    counts = _waits(CategoriesOfOne.counts)
    list = _waits(CategoriesOfOne.list)
    get = _waits(CategoriesOfOne.get)
    create = _waits(CategoriesOfOne.create)
    edit = _waits(CategoriesOfOne.edit)
    delete = _waits(CategoriesOfOne.delete)


class SyncMe(_Waiting[Me]):
    get = _waits(Me.get)
    edit = _waits(Me.edit)
    leave = _waits(Me.leave)
    stay = _waits(Me.stay)
    export = _waits_for_each(Me.export)


class SyncStatistics(_Waiting[StatisticsOfOne]):
    get = _waits(StatisticsOfOne.get)


class SyncTokens(_Waiting[TokensOfOne]):
    list = _waits(TokensOfOne.list)
    create = _waits(TokensOfOne.create)
    rotate = _waits(TokensOfOne.rotate)
    revoke = _waits(TokensOfOne.revoke)
    revoke_this = _waits(TokensOfOne.revoke_this)


class SyncApiClient(AbstractContextManager["SyncApiClient"]):
    """As `ApiClient`: use it as `with SyncApiClient(...) as client`. Threads may share one."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        patience: timedelta = PATIENCE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        client = ApiClient(base_url, token=token, patience=patience, transport=transport)
        with ExitStack() as opening:
            portal = opening.enter_context(start_blocking_portal())
            opening.callback(portal.call, client.close)
            self._open = opening.pop_all()
        self.tasks = SyncTasks(client.tasks, portal)
        self.categories = SyncCategories(client.categories, portal)
        self.me = SyncMe(client.me, portal)
        self.tokens = SyncTokens(client.tokens, portal)
        self.statistics = SyncStatistics(client.statistics, portal)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._open.close()
