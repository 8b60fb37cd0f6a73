"""Transactions: what makes changes atomic."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Protocol, Self, TypeVar

from taskbot.application.ports.admin_accounts import (
    AdminAccountRepository,
    AdminSessionRepository,
    InvitationRepository,
)
from taskbot.application.ports.audit import AuditLog
from taskbot.application.ports.repositories import (
    AccessTokenRepository,
    AlertRepository,
    CategoryRepository,
    JobRepository,
    ReminderRepository,
    TaskRepository,
    UndoRepository,
    UserRepository,
)

_T = TypeVar("_T")


class Repositories(Protocol):
    """Every method of each raises `StorageUnavailable` where the storage fails."""

    @property
    def users(self) -> UserRepository: ...

    @property
    def tasks(self) -> TaskRepository: ...

    @property
    def categories(self) -> CategoryRepository: ...

    @property
    def reminders(self) -> ReminderRepository: ...

    @property
    def undos(self) -> UndoRepository: ...

    @property
    def access_tokens(self) -> AccessTokenRepository: ...

    @property
    def admin_accounts(self) -> AdminAccountRepository: ...

    @property
    def admin_sessions(self) -> AdminSessionRepository: ...

    @property
    def invitations(self) -> InvitationRepository: ...

    @property
    def alerts(self) -> AlertRepository: ...

    @property
    def jobs(self) -> JobRepository: ...

    @property
    def audit(self) -> AuditLog: ...


class UnitOfWork(Repositories, Protocol):
    """One transaction, for changes. Leaving the block without `commit` undoes everything.

    What is read by `get`, `find...` or `of_task` in it is not changed by anybody else before it
    ends.
    """

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def commit(self) -> None: ...


class Transactions(Protocol):
    """How a use case gets its unit of work."""

    async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        """Do *work* and commit it; return what it returns.

        Nothing stays if it raises. It is done again, a few times at most, where the storage
        undid it for the sake of somebody else's transaction (a deadlock, a failed serialization).
        """

    async def once(self, work: Callable[[Repositories], Awaitable[_T]]) -> _T:
        """As `run`, for *work* that is one call of one repository, which is one statement to it.

        Such a call is a transaction by itself: the storage need not be told where one begins and
        ends.
        """
