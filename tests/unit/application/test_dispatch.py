"""Dispatch: what is due is claimed and rung for."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from attrs import evolve

from support.builders import NOW
from support.core import Core, a_core
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.reminder import Reminder, ReminderState

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def _core_with_tasks_due_in(*ahead: timedelta) -> Core:
    """Give each task two reminders: an hour ahead, and at its moment."""
    core = a_core()
    anna = await core.users.find_or_register(7)
    for wait in ahead:
        await core.tasks.create(
            CreateTask(actor=anna.id, title="Milk", deadline=TimedDeadline(NOW + wait, "UTC"))
        )
    return core


async def test_nothing_is_claimed_before_it_is_due() -> None:
    core = await _core_with_tasks_due_in(2 * HOUR)
    core.clock.advance(HOUR - timedelta(microseconds=1))

    assert await core.dispatch.dispatch_due(limit=10) == 0
    assert core.queue.claims == []


async def test_what_is_due_is_claimed_for_a_lease_and_rung_for() -> None:
    core = await _core_with_tasks_due_in(2 * HOUR)
    core.clock.advance(HOUR)

    assert await core.dispatch.dispatch_due(limit=10) == 1

    (claim,) = core.queue.claims
    assert (claim.state, claim.attempt) == (ReminderState.CLAIMED, 1)
    assert claim.available_at == NOW + HOUR + DeliveryPolicy().lease
    assert core.database.tables.reminders[claim.id] == claim


async def test_the_limit_is_kept_and_the_rest_comes_next() -> None:
    core = await _core_with_tasks_due_in(2 * HOUR, 3 * HOUR, 4 * HOUR)
    core.clock.advance(3 * HOUR)

    counts = [await core.dispatch.dispatch_due(limit=2) for _ in range(4)]

    assert counts == [2, 2, 1, 0]
    assert len({claim.id for claim in core.queue.claims}) == 5


async def test_a_lost_ring_is_made_up_for_when_the_lease_ends() -> None:
    core = await _core_with_tasks_due_in(2 * HOUR)
    core.clock.advance(HOUR)
    await core.dispatch.dispatch_due(limit=10)
    (lost,) = core.queue.claims
    core.queue.claims.clear()

    core.clock.advance(DeliveryPolicy().lease)
    await core.dispatch.dispatch_due(limit=10)

    (claim,) = core.queue.claims
    assert (claim.id, claim.attempt) == (lost.id, 2)


async def test_the_next_moment_is_that_of_the_earliest_reminder() -> None:
    core = await _core_with_tasks_due_in(5 * HOUR, 2 * HOUR)

    assert await core.dispatch.next_due_at() == NOW + HOUR


async def test_without_reminders_there_is_no_next_moment() -> None:
    core = await _core_with_tasks_due_in()

    assert await core.dispatch.next_due_at() is None


class _NobodyToRing:
    async def enqueue(self, claims: Sequence[Reminder]) -> None:
        raise ConnectionError


async def test_claims_that_nobody_could_be_rung_for_are_given_back_at_once() -> None:
    core = a_core()
    anna = await core.users.find_or_register(7)
    due = TimedDeadline(NOW + HOUR, "UTC")
    await core.tasks.create(CreateTask(actor=anna.id, title="Buy milk", deadline=due))
    core.clock.advance(HOUR)
    dispatch = evolve(core.dispatch, queue=_NobodyToRing())

    with pytest.raises(ConnectionError):
        await dispatch.dispatch_due(limit=10)

    assert await core.dispatch.next_due_at() == core.clock.now()
    await core.deliver_due()
    assert len(core.notifier.notifications) == 1
