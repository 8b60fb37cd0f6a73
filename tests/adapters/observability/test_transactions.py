"""What was undone has not happened."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from attrs import frozen
from prometheus_client import CollectorRegistry

from support.builders import a_reminder_of, a_task, a_user
from taskbot.adapters.memory import MemoryDatabase, MemoryTransactions, MemoryUnitOfWork
from taskbot.adapters.observability import MeasuredTransactions, TransactionMeter
from taskbot.application.ports import UnitOfWork

pytestmark = pytest.mark.anyio

_T = TypeVar("_T")


@frozen
class Repeating:
    """Does the work twice: the first time is undone."""

    database: MemoryDatabase

    async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        async with MemoryUnitOfWork(self.database) as undone:
            await work(undone)
        return await MemoryTransactions(self.database).run(work)

    once = run


async def test_what_is_done_again_counts_once_and_as_a_repetition() -> None:
    registry = CollectorRegistry()
    transactions = MeasuredTransactions(Repeating(MemoryDatabase()), TransactionMeter(registry))
    owner = a_user()
    task = a_task(owner_id=owner.id)

    async def keep(uow: UnitOfWork) -> str:
        await uow.users.add(owner)
        await uow.tasks.add(task)
        await uow.reminders.add([a_reminder_of(task)])
        return "kept"

    assert await transactions.run(keep) == "kept"

    value = registry.get_sample_value
    assert value("taskbot_reminders_planned_total", {"kind": "due"}) == 1
    assert value("taskbot_database_transactions_total", {"outcome": "committed"}) == 1
    assert value("taskbot_database_transaction_repetitions_total") == 1


async def test_nothing_of_a_failed_transaction_counts() -> None:
    registry = CollectorRegistry()
    inner = MemoryTransactions(MemoryDatabase())
    transactions = MeasuredTransactions(inner, TransactionMeter(registry))

    async def stumble(uow: UnitOfWork) -> None:
        await uow.reminders.add([a_reminder_of(a_task())])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await transactions.run(stumble)

    assert registry.get_sample_value("taskbot_reminders_planned_total", {"kind": "due"}) == 0
