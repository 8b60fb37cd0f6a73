"""Reminders are counted by what was stored of them, whoever stored it."""

from collections import deque
from datetime import timedelta

import pytest
from attrs import frozen
from prometheus_client import CollectorRegistry
from ulid import ULID

from support.builders import NOW
from support.core import Core, a_core
from taskbot.adapters.memory import MemoryDatabase, MemoryQueries, MemoryTransactions
from taskbot.adapters.observability import MeasuredTransactions, TransactionMeter
from taskbot.application.ports import (
    DeliveryProblem,
    LimitReached,
    NotSent,
    OutcomeUnknown,
    Refused,
    StorageUnavailable,
    UnitOfWork,
)
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.errors import TaskNotFound
from taskbot.domain.ids import TaskId

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@frozen
class Measured:
    core: Core
    registry: CollectorRegistry

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"taskbot_{name}", labels)

    async def promise(self, *titles: str) -> None:
        """One person's tasks, each with one reminder in an hour."""
        owner = (await self.core.users.meet(MeetUser(telegram_id=7, name="Anna"))).user
        for title in titles:
            view = await self.core.tasks.create(CreateTask(actor=owner.id, title=title))
            await self.core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=owner.id)

    async def meets(self, *problems: DeliveryProblem) -> None:
        """Deliver what is due in an hour, past *problems*."""
        self.core.notifier.problems.extend(deque(problems))
        self.core.clock.advance(HOUR)
        await self.core.deliver_due()


@pytest.fixture
def measured() -> Measured:
    database, registry = MemoryDatabase(), CollectorRegistry()
    transactions = MeasuredTransactions(MemoryTransactions(database), TransactionMeter(registry))
    return Measured(a_core(transactions=transactions, queries=MemoryQueries(database)), registry)


async def test_a_reminder_is_counted_on_its_way(measured: Measured) -> None:
    await measured.promise("Buy milk")
    assert measured.value("reminders_planned_total", kind="snooze") == 1
    assert measured.value("reminders_sent_total", kind="snooze") == 0

    await measured.meets()

    assert measured.value("reminders_claimed_total") == 1
    assert measured.value("reminders_sent_total", kind="snooze") == 1
    assert measured.value("reminders_sent_total", kind="due") == 0
    assert measured.value("reminders_put_off_total") == 0


async def test_lateness_is_the_time_from_the_promise_to_its_being_kept(measured: Measured) -> None:
    await measured.promise("Buy milk")
    measured.core.clock.advance(7 * SECOND)

    await measured.meets()

    assert measured.value("reminder_lateness_seconds_sum") == 7
    assert measured.value("reminder_lateness_seconds_bucket", le="5.0") == 0
    assert measured.value("reminder_lateness_seconds_bucket", le="10.0") == 1
    assert measured.value("reminders_late_total") == 0


async def test_what_the_person_is_told_is_late_counts_as_late(measured: Measured) -> None:
    await measured.promise("Buy milk")
    measured.core.clock.advance(HOUR)

    await measured.meets()

    assert measured.value("reminders_late_total") == 1
    assert measured.value("reminder_lateness_seconds_bucket", le="180.0") == 0


async def test_each_reminder_in_a_message_counts(measured: Measured) -> None:
    await measured.promise("Buy milk", "Call Ben", "Sleep")

    await measured.meets()

    assert len(measured.core.notifier.notifications) == 1
    assert measured.value("reminders_sent_total", kind="snooze") == 3
    assert measured.value("reminder_lateness_seconds_count") == 3


@pytest.mark.parametrize("problem", [LimitReached(SECOND), NotSent("no route")])
async def test_what_goes_back_into_the_plan_is_put_off(
    measured: Measured, problem: DeliveryProblem
) -> None:
    await measured.promise("Buy milk")

    await measured.meets(problem)

    assert measured.value("reminders_put_off_total") == 1
    assert measured.value("reminders_sent_total", kind="snooze") == 0


async def test_a_dead_letter_is_counted(measured: Measured) -> None:
    await measured.promise("Buy milk")

    await measured.meets(Refused("a mistake of ours"))

    assert measured.value("reminders_failed_total") == 1


async def test_what_nobody_knows_is_counted_when_it_is_left_at_that(measured: Measured) -> None:
    await measured.promise("Buy milk")

    await measured.meets(OutcomeUnknown("no answer"))
    assert measured.value("reminders_unknown_total") == 0
    await measured.meets(OutcomeUnknown("no answer"))

    assert measured.value("reminders_unknown_total") == 1


async def test_transactions_are_counted_by_how_they_end(measured: Measured) -> None:
    async def break_a_rule(uow: UnitOfWork) -> None:
        raise TaskNotFound(TaskId(ULID()))

    async def fail(uow: UnitOfWork) -> None:
        raise StorageUnavailable("away")

    await measured.promise("Buy milk")
    with pytest.raises(TaskNotFound):
        await measured.core.transactions.run(break_a_rule)
    with pytest.raises(StorageUnavailable):
        await measured.core.transactions.run(fail)

    total = "database_transactions_total"
    committed = measured.value(total, outcome="committed") or 0
    assert committed >= 2
    assert measured.value(total, outcome="rolled_back") == 1
    assert measured.value(total, outcome="unavailable") == 1
    assert measured.value("database_transaction_duration_seconds_count") == committed + 2
    assert measured.value("database_transaction_repetitions_total") == 0
