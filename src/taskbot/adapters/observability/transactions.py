"""Every change of what is stored: how many, how long, and what it did to reminders."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from types import TracebackType
from typing import Final, Self, TypeVar

from prometheus_client import CollectorRegistry

from taskbot.adapters.observability.definitions import (
    CounterDefinition,
    HistogramDefinition,
    Label,
)
from taskbot.adapters.observability.reminders import Happenings, MeasuredReminders, ReminderMeter
from taskbot.application.ports import (
    AccessTokenRepository,
    AdminAccountRepository,
    AdminSessionRepository,
    AlertRepository,
    AuditLog,
    CategoryRepository,
    InvitationRepository,
    JobRepository,
    ReminderRepository,
    Repositories,
    StorageUnavailable,
    TaskRepository,
    Transactions,
    UndoRepository,
    UnitOfWork,
    UserRepository,
)

_T = TypeVar("_T")
_R = TypeVar("_R", bound=Repositories)

TRANSACTIONS: Final = CounterDefinition(
    "taskbot_database_transactions_total",
    "Transactions that change something.",
    (
        Label(
            "outcome",
            "`rolled_back`: a rule forbade it; `unavailable`: the database failed",
            ("committed", "rolled_back", "unavailable"),
        ),
    ),
)
SECONDS: Final = HistogramDefinition(
    "taskbot_database_transaction_duration_seconds",
    "From the wait for a connection to the end, all repetitions together.",
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REPETITIONS: Final = CounterDefinition(
    "taskbot_database_transaction_repetitions_total",
    "Transactions done once more: the database had undone them for another's sake.",
)


class TransactionMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._reminders = ReminderMeter(registry)
        number = TRANSACTIONS.on(registry)
        self._committed = number.labels("committed")
        self._rolled_back = number.labels("rolled_back")
        self._unavailable = number.labels("unavailable")
        self._seconds = SECONDS.on(registry)
        self._repetitions = REPETITIONS.on(registry)

    def committed(self, happened: Happenings) -> None:
        self._committed.inc()
        self._reminders.count(happened)

    def failed(self, error: BaseException) -> None:
        is_away = isinstance(error, StorageUnavailable)
        (self._unavailable if is_away else self._rolled_back).inc()

    def ended(self, *, seconds: float, attempts: int) -> None:
        self._seconds.observe(seconds)
        if attempts > 1:
            self._repetitions.inc(attempts - 1)


class MeasuredTransactions:
    def __init__(self, inner: Transactions, meter: TransactionMeter) -> None:
        self._inner, self._meter = inner, meter

    async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        return await self._measure(self._inner.run, work, _MeasuredUnitOfWork)

    async def once(self, work: Callable[[Repositories], Awaitable[_T]]) -> _T:
        return await self._measure(self._inner.once, work, _MeasuredRepositories)

    async def _measure(
        self,
        run: Callable[[Callable[[_R], Awaitable[_T]]], Awaitable[_T]],
        work: Callable[[_R], Awaitable[_T]],
        look_at: Callable[[_R, Happenings], _R],
    ) -> _T:
        happened, attempts = Happenings(), 0
        begun = perf_counter()

        async def measured(repositories: _R) -> _T:
            nonlocal happened, attempts
            happened, attempts = Happenings(), attempts + 1  # what was undone has not happened
            return await work(look_at(repositories, happened))

        try:
            result = await run(measured)
        except BaseException as error:
            self._meter.failed(error)
            raise
        finally:
            self._meter.ended(seconds=perf_counter() - begun, attempts=attempts)
        self._meter.committed(happened)
        return result


class _MeasuredRepositories:
    """Looks at what happens to reminders; all else is *inner*'s own."""

    def __init__(self, inner: Repositories, happened: Happenings) -> None:
        self._inner = inner
        self._reminders = MeasuredReminders(inner.reminders, happened)

    @property
    def reminders(self) -> ReminderRepository:
        return self._reminders

    @property
    def users(self) -> UserRepository:
        return self._inner.users

    @property
    def tasks(self) -> TaskRepository:
        return self._inner.tasks

    @property
    def categories(self) -> CategoryRepository:
        return self._inner.categories

    @property
    def undos(self) -> UndoRepository:
        return self._inner.undos

    @property
    def access_tokens(self) -> AccessTokenRepository:
        return self._inner.access_tokens

    @property
    def admin_accounts(self) -> AdminAccountRepository:
        return self._inner.admin_accounts

    @property
    def admin_sessions(self) -> AdminSessionRepository:
        return self._inner.admin_sessions

    @property
    def invitations(self) -> InvitationRepository:
        return self._inner.invitations

    @property
    def alerts(self) -> AlertRepository:
        return self._inner.alerts

    @property
    def jobs(self) -> JobRepository:
        return self._inner.jobs

    @property
    def audit(self) -> AuditLog:
        return self._inner.audit


class _MeasuredUnitOfWork(_MeasuredRepositories):
    def __init__(self, inner: UnitOfWork, happened: Happenings) -> None:
        super().__init__(inner, happened)
        self._uow = inner

    async def __aenter__(self) -> Self:
        await self._uow.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._uow.__aexit__(exc_type, exc, traceback)

    async def commit(self) -> None:
        await self._uow.commit()
