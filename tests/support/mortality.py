"""Processes that die: at any step that they take outside of themselves."""

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from attrs import define, frozen

from taskbot.application.ports import Repositories, Transactions, UnitOfWork

_T = TypeVar("_T")


class ProcessDied(BaseException):
    """Nothing in the process runs any more: no handler, no clean-up of its own."""


@define
class Fate:
    """*steps_left*: how many steps until death; None: nobody is to die."""

    steps_left: int | None = None

    def step(self) -> None:
        if self.steps_left is None:
            return
        if self.steps_left == 0:
            self.steps_left = None
            raise ProcessDied
        self.steps_left -= 1


class Mortal:
    """A port at whose calls death may strike: before what they do, and after it."""

    def __init__(self, port: Any, fate: Fate) -> None:
        self._port, self._fate = port, fate

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not inspect.iscoroutinefunction(method):
            return method

        @functools.wraps(method)
        async def call(*args: Any, **kwargs: Any) -> Any:
            self._fate.step()
            result = await method(*args, **kwargs)
            self._fate.step()
            return result

        return call


@frozen
class MortalTransactions:
    """Death may strike before a transaction, before its commit, and after."""

    _transactions: Transactions
    _fate: Fate

    async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        async def mortal(uow: UnitOfWork) -> _T:
            result = await work(uow)
            self._fate.step()
            return result

        self._fate.step()
        result = await self._transactions.run(mortal)
        self._fate.step()
        return result

    async def once(self, work: Callable[[Repositories], Awaitable[_T]]) -> _T:
        self._fate.step()
        result = await self._transactions.once(work)
        self._fate.step()
        return result
