"""Use cases that are one transaction each."""

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from taskbot.application.ports import Transactions, UnitOfWork


class _Service(Protocol):
    @property
    def _transactions(self) -> Transactions: ...


_S = TypeVar("_S", bound=_Service)
_P = ParamSpec("_P")
_T = TypeVar("_T")


def transactional(
    use_case: Callable[Concatenate[_S, UnitOfWork, _P], Awaitable[_T]],
) -> Callable[Concatenate[_S, _P], Coroutine[Any, Any, _T]]:
    """Make *use_case* one transaction: its callers do not see the unit of work.

    All of it stays if it returns, nothing if it raises. It runs again, from its first line, where
    the storage could not reconcile it with somebody else's transaction: so it does nothing but
    ask and change what is stored.
    """

    @functools.wraps(use_case)
    async def in_a_transaction(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await self._transactions.run(lambda uow: use_case(self, uow, *args, **kwargs))

    return in_a_transaction
