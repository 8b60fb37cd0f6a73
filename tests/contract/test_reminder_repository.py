"""What every `ReminderRepository` promises."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from support.backends import Storage
from support.builders import NOW, a_reminder_of, a_task, a_user
from support.core import a_core
from support.strategies import reminders
from taskbot.domain.deadline_policy import MOMENTS_LIMIT
from taskbot.domain.errors import ReminderNotFound, TooManyReminders
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task

pytestmark = pytest.mark.anyio

UNTIL = NOW + timedelta(seconds=90)
SECOND = timedelta(seconds=1)


async def _a_stored_task(storage: Storage) -> Task:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)
    return task


async def _claim(
    storage: Storage, *, now: datetime = NOW, until: datetime = UNTIL, limit: int = 100
) -> list[Reminder]:
    async with storage.unit_of_work() as uow:
        claimed = await uow.reminders.claim_due(now=now, until=until, limit=limit)
        await uow.commit()
    return claimed


async def _save(storage: Storage, reminder: Reminder, *, was: ReminderState) -> bool:
    async with storage.unit_of_work() as uow:
        saved = await uow.reminders.save(reminder, was=was)
        await uow.commit()
    return saved


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reminder=reminders())
async def test_any_reminder_comes_back_as_it_was(storage: Storage, reminder: Reminder) -> None:
    await storage.keep(
        a_user(id=reminder.owner_id),
        a_task(id=reminder.task_id, owner_id=reminder.owner_id),
        reminder,
    )

    assert await storage.reminder(reminder.id) == reminder


async def test_several_are_added_at_once_and_none_is_fine(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    first, second = a_reminder_of(task), a_reminder_of(task, kind=ReminderKind.LEAD)

    async with storage.unit_of_work() as uow:
        await uow.reminders.add([])
        await uow.reminders.add(reminder for reminder in (first, second))
        await uow.commit()

    assert await storage.reminder(first.id) == first
    assert await storage.reminder(second.id) == second


async def test_a_claim_returns_and_stores_what_the_domain_makes_of_it(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    planned = a_reminder_of(task, attempt=2, failures=1, uncertain=1, last_error="no route")
    await storage.keep(planned)

    claimed = await _claim(storage)

    assert claimed == [planned.claim(until=UNTIL)]
    assert await storage.reminder(planned.id) == claimed[0]


async def test_one_that_its_sender_left_behind_counts_a_failure(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    left = a_reminder_of(task, attempt=1).begin(until=NOW)
    await storage.keep(left)

    claimed = await _claim(storage)

    assert claimed == [left.claim(until=UNTIL)]
    assert claimed[0].failures == 1


async def test_a_reminder_is_due_from_its_moment_on(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    due, early = a_reminder_of(task), a_reminder_of(task, fire_at=NOW + SECOND / 1_000_000)
    await storage.keep(due, early)

    claimed = await _claim(storage)

    assert [reminder.id for reminder in claimed] == [due.id]


@pytest.mark.parametrize("state", [state for state in ReminderState if state.is_final])
async def test_what_is_settled_is_never_claimed(storage: Storage, state: ReminderState) -> None:
    task = await _a_stored_task(storage)
    await storage.keep(a_reminder_of(task, state=state, available_at=NOW))

    assert await _claim(storage) == []


async def test_what_is_on_hold_is_not_claimed(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    await storage.keep(a_reminder_of(task, available_at=None))

    assert await _claim(storage) == []


async def test_the_limit_takes_those_available_longest(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    recent, oldest, old = (
        a_reminder_of(task, available_at=NOW - age * SECOND) for age in (1, 3, 2)
    )
    await storage.keep(recent, oldest, old)

    claimed = await _claim(storage, limit=2)

    assert {reminder.id for reminder in claimed} == {oldest.id, old.id}


async def test_claims_come_with_the_earliest_promise_first(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    promised = [a_reminder_of(task, fire_at=NOW - age * SECOND) for age in (2, 4, 1, 3)]
    put_off = a_reminder_of(task, fire_at=NOW - 5 * SECOND, available_at=NOW)
    await storage.keep(*promised, put_off)

    claimed = await _claim(storage)

    assert [NOW - reminder.fire_at for reminder in claimed] == [n * SECOND for n in (5, 4, 3, 2, 1)]


async def test_nobody_gets_a_claimed_reminder_before_the_lease_ends(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    await storage.keep(a_reminder_of(task))
    (first,) = await _claim(storage)

    early = await _claim(storage, now=UNTIL - SECOND)
    later = await _claim(storage, now=UNTIL, until=UNTIL + SECOND)

    assert early == []
    assert later == [first.claim(until=UNTIL + SECOND)]


async def test_however_many_claim_at_once_no_two_get_the_same(
    storage: Storage, rival: Storage
) -> None:
    task = await _a_stored_task(storage)
    due = [a_reminder_of(task, fire_at=NOW - age * SECOND) for age in range(60)]
    await storage.keep(*due)

    batches = await asyncio.gather(*(_claim(process, limit=7) for process in (storage, rival) * 6))

    claimed = [reminder.id for batch in batches for reminder in batch]
    assert sorted(claimed) == sorted(reminder.id for reminder in due)
    assert {reminder.attempt for batch in batches for reminder in batch} == {1}


async def test_the_next_state_of_a_claim_is_stored(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    await storage.keep(a_reminder_of(task))
    (claimed,) = await _claim(storage)
    begun = claimed.begin(until=UNTIL)
    sent = begun.sent(now=NOW, message_id=2**40)

    assert await _save(storage, begun, was=ReminderState.CLAIMED)
    assert await storage.reminder(claimed.id) == begun
    assert await _save(storage, sent, was=ReminderState.SENDING)
    assert await storage.reminder(claimed.id) == sent


async def test_a_claim_that_was_overtaken_changes_nothing(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    await storage.keep(a_reminder_of(task))
    (lost,) = await _claim(storage)
    (newer,) = await _claim(storage, now=UNTIL, until=UNTIL + SECOND)

    saved = await _save(storage, lost.begin(until=UNTIL), was=ReminderState.CLAIMED)

    assert not saved
    assert await storage.reminder(lost.id) == newer


async def test_a_claim_that_was_cancelled_changes_nothing(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    await storage.keep(a_reminder_of(task))
    (claimed,) = await _claim(storage)
    async with storage.unit_of_work() as uow:
        await uow.reminders.cancel_pending(task.id)
        await uow.commit()

    saved = await _save(storage, claimed.begin(until=UNTIL), was=ReminderState.CLAIMED)

    assert not saved
    assert await storage.reminder(claimed.id) == claimed.cancel()


async def test_a_reminder_that_is_gone_cannot_be_saved(storage: Storage) -> None:
    reminder = a_reminder_of(a_task(), state=ReminderState.CLAIMED)

    assert not await _save(storage, reminder.begin(until=UNTIL), was=ReminderState.CLAIMED)


def _planned(task: Task) -> Reminder:
    return a_reminder_of(task)


def _claimed(task: Task) -> Reminder:
    return a_reminder_of(task).claim(until=UNTIL)


def _on_hold(task: Task) -> Reminder:
    return a_reminder_of(task).put_off(until=None, error="blocked")


@pytest.mark.parametrize("make", [_planned, _claimed, _on_hold])
async def test_what_is_not_yet_being_sent_is_cancelled(
    storage: Storage, make: Callable[[Task], Reminder]
) -> None:
    task = await _a_stored_task(storage)
    reminder = make(task)
    await storage.keep(reminder)

    async with storage.unit_of_work() as uow:
        await uow.reminders.cancel_pending(task.id)
        await uow.commit()

    assert await storage.reminder(reminder.id) == reminder.cancel()


@pytest.mark.parametrize(
    "state", [one for one in ReminderState if one.is_final and one is not ReminderState.FAILED]
)
async def test_what_is_settled_is_left_alone(storage: Storage, state: ReminderState) -> None:
    task = await _a_stored_task(storage)
    reminder = a_reminder_of(task, state=state)
    await storage.keep(reminder)

    async with storage.unit_of_work() as uow:
        await uow.reminders.cancel_pending(task.id)
        await uow.commit()

    assert await storage.reminder(reminder.id) == reminder


def _sending(task: Task) -> Reminder:
    return a_reminder_of(task).claim(until=UNTIL).begin(until=UNTIL)


def _dead(task: Task) -> Reminder:
    return a_reminder_of(task).give_up(error="no route")


@pytest.mark.parametrize("make", [_sending, _dead])
async def test_what_is_being_sent_or_was_given_up_is_withdrawn(
    storage: Storage, make: Callable[[Task], Reminder]
) -> None:
    task = await _a_stored_task(storage)
    reminder = make(task)
    await storage.keep(reminder)

    async with storage.unit_of_work() as uow:
        await uow.reminders.cancel_pending(task.id)
        await uow.commit()

    assert await storage.reminder(reminder.id) == reminder.take_back()


async def test_a_snooze_is_told_from_a_moment_of_ones_own(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    snooze = a_reminder_of(task, kind=ReminderKind.SNOOZE)
    moment = a_reminder_of(task, kind=ReminderKind.MOMENT)
    await storage.keep(snooze, moment)

    async with storage.unit_of_work() as uow:
        assert await uow.reminders.get(moment.id) == moment
        await uow.reminders.cancel_pending(task.id, kinds=(ReminderKind.SNOOZE,))
        await uow.commit()

    assert (await storage.reminder(snooze.id)).state is ReminderState.CANCELLED
    assert await storage.reminder(moment.id) == moment
    async with storage.unit_of_work() as uow:
        await uow.reminders.cancel_pending(task.id, kinds=(ReminderKind.MOMENT,))
        await uow.commit()
    assert (await storage.reminder(moment.id)).state is ReminderState.CANCELLED


async def test_what_is_pending_or_dead_is_found_the_earliest_promise_first(
    storage: Storage,
) -> None:
    task, other = await _a_stored_task(storage), await _a_stored_task(storage)
    planned = a_reminder_of(task, fire_at=NOW + SECOND, kind=ReminderKind.MOMENT)
    sending = _sending(task)
    claimed = a_reminder_of(task, fire_at=NOW - SECOND).claim(until=UNTIL)
    dead = evolve(_dead(task), fire_at=NOW - 2 * SECOND)
    settled = [
        a_reminder_of(task).sent(now=NOW, message_id=1),
        a_reminder_of(task).leave_unknown(error="timed out"),
        a_reminder_of(task).cancel(),
        a_reminder_of(other),
    ]
    await storage.keep(planned, sending, claimed, dead, *settled)

    async with storage.unit_of_work() as uow:
        found = await uow.reminders.find_unsettled(task.id)

    assert found == [dead, claimed, sending, planned]


async def test_cancelling_touches_one_task_and_the_given_kinds(storage: Storage) -> None:
    task, other = await _a_stored_task(storage), await _a_stored_task(storage)
    snooze = a_reminder_of(task, kind=ReminderKind.SNOOZE)
    due = a_reminder_of(task, kind=ReminderKind.DUE)
    foreign = a_reminder_of(other, kind=ReminderKind.SNOOZE)
    await storage.keep(snooze, due, foreign)

    async with storage.unit_of_work() as uow:
        await uow.reminders.cancel_pending(task.id, kinds=(ReminderKind.SNOOZE,))
        await uow.commit()

    assert (await storage.reminder(snooze.id)).state is ReminderState.CANCELLED
    assert await storage.reminder(due.id) == due
    assert await storage.reminder(foreign.id) == foreign


async def test_however_many_are_added_at_once_a_task_gets_no_more_than_fit(
    storage: Storage, rival: Storage
) -> None:
    task = await _a_stored_task(storage)
    cores = [a_core(transactions=one.transactions, queries=one.queries) for one in (storage, rival)]

    async def add(number: int) -> bool:
        at = NOW + number * SECOND
        try:
            await cores[number % 2].tasks.add_reminder(task.id, at=at, actor=task.owner_id)
        except TooManyReminders:
            return False
        return True

    added = await asyncio.gather(*(add(number) for number in range(1, 15)))

    assert sum(added) == MOMENTS_LIMIT
    (card,) = await storage.queries.task_cards([task.id], owner_id=task.owner_id)
    assert len(card.reminders) == MOMENTS_LIMIT


async def test_resuming_makes_the_owners_held_reminders_available_again(storage: Storage) -> None:
    task, foreign_task = await _a_stored_task(storage), await _a_stored_task(storage)
    held = a_reminder_of(task, attempt=3).put_off(until=None, error="blocked")
    foreign = a_reminder_of(foreign_task).put_off(until=None)
    backing_off = a_reminder_of(task).put_off(until=UNTIL)
    settled = a_reminder_of(task, state=ReminderState.SENT, available_at=None)
    await storage.keep(held, foreign, backing_off, settled)

    async with storage.unit_of_work() as uow:
        await uow.reminders.resume(task.owner_id)
        await uow.commit()

    assert await storage.reminder(held.id) == held.put_off(until=held.fire_at)
    for untouched in (foreign, backing_off, settled):
        assert await storage.reminder(untouched.id) == untouched


async def test_a_reminder_can_be_had_by_its_id(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    reminder = a_reminder_of(task, withdrawn=True, alone=True)
    await storage.keep(reminder)

    async with storage.unit_of_work() as uow:
        assert await uow.reminders.get(reminder.id) == reminder
        with pytest.raises(ReminderNotFound):
            await uow.reminders.get(a_reminder_of(task).id)


async def _begin(storage: Storage, claimed: Reminder, others: int = 9) -> list[Reminder]:
    return await storage.transactions.once(
        lambda stored: stored.reminders.begin(claimed, now=NOW, until=UNTIL, others=others)
    )


async def test_a_claim_is_begun_and_nothing_else_without_company(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    claimed, due = a_reminder_of(task).claim(until=NOW), a_reminder_of(task)
    await storage.keep(claimed, due)

    begun = await _begin(storage, claimed, others=0)

    assert begun == [claimed.begin(until=UNTIL)]
    assert await storage.reminder(claimed.id) == begun[0]
    assert await storage.reminder(due.id) == due


@pytest.mark.parametrize("overtaken", ["claimed again", "begun", "cancelled", "put off", "gone"])
async def test_of_a_claim_that_was_overtaken_nothing_is_begun(
    storage: Storage, overtaken: str
) -> None:
    task = await _a_stored_task(storage)
    claimed, due = a_reminder_of(task).claim(until=NOW), a_reminder_of(task)
    stored = {
        "claimed again": claimed.claim(until=UNTIL),
        "begun": claimed.begin(until=UNTIL),
        "cancelled": claimed.cancel(),
        "put off": claimed.put_off(until=NOW),
    }
    kept = [due] if overtaken == "gone" else [due, stored[overtaken]]
    await storage.keep(*kept)

    assert await _begin(storage, claimed) == []

    for untouched in kept:
        assert await storage.reminder(untouched.id) == untouched


async def test_what_is_due_to_the_same_person_is_begun_together(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    other = a_task(owner_id=task.owner_id)
    foreign = await _a_stored_task(storage)
    first = a_reminder_of(task).claim(until=NOW)
    planned = a_reminder_of(other, fire_at=NOW - SECOND)
    claimed = a_reminder_of(other, fire_at=NOW).claim(until=UNTIL)
    put_off = a_reminder_of(task, fire_at=NOW - 2 * SECOND).put_off(until=UNTIL)
    after_trouble = a_reminder_of(task, fire_at=NOW - 3 * SECOND).failed_once(
        retry_at=NOW, error="no route"
    )
    not_these = [
        a_reminder_of(task, fire_at=NOW + SECOND),
        a_reminder_of(task, alone=True),
        a_reminder_of(task, withdrawn=True).claim(until=UNTIL),
        a_reminder_of(task).put_off(until=None),
        a_reminder_of(task).failed_once(retry_at=UNTIL, error="no route"),
        a_reminder_of(task).uncertain_once(retry_at=UNTIL, error="timed out"),
        a_reminder_of(task).cancel(),
        a_reminder_of(task).sent(now=NOW, message_id=1),
        a_reminder_of(foreign),
    ]
    await storage.keep(other, first, planned, claimed, put_off, after_trouble, *not_these)

    begun = await _begin(storage, first)

    assert begun == [
        first.begin(until=UNTIL),
        *(one.join(until=UNTIL) for one in (after_trouble, put_off, planned, claimed)),
    ]
    for reminder in begun:
        assert await storage.reminder(reminder.id) == reminder
    for untouched in not_these:
        assert await storage.reminder(untouched.id) == untouched


async def test_no_more_are_begun_than_asked_for_and_the_earliest_first(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    due = [a_reminder_of(task, fire_at=NOW - n * SECOND) for n in range(5)]
    first = a_reminder_of(task).claim(until=NOW)
    await storage.keep(first, *due)

    begun = await _begin(storage, first, others=2)

    assert [reminder.id for reminder in begun] == [first.id, due[4].id, due[3].id]


async def test_two_who_begin_what_the_other_would_take_along_send_each_once(
    storage: Storage, rival: Storage
) -> None:
    for _ in range(10):
        task = await _a_stored_task(storage)
        claims = [a_reminder_of(task).claim(until=NOW) for _ in range(4)]
        await storage.keep(*claims)

        begun = await asyncio.gather(
            *(
                _begin(process, claimed)
                for process, claimed in zip((storage, rival) * 2, claims, strict=True)
            )
        )

        ids = [reminder.id for together in begun for reminder in together]
        assert sorted(ids) == sorted(claimed.id for claimed in claims)


async def test_old_cancelled_reminders_are_purged_some_at_a_time(storage: Storage) -> None:
    task = await _a_stored_task(storage)
    old = [a_reminder_of(task, fire_at=NOW - n * SECOND).cancel() for n in range(1, 4)]
    kept = [
        a_reminder_of(task, fire_at=NOW).cancel(),
        a_reminder_of(task, fire_at=NOW - SECOND),
        a_reminder_of(task, fire_at=NOW - SECOND).sent(now=NOW, message_id=1),
    ]
    await storage.keep(*old, *kept)

    async def purge() -> int:
        return await storage.transactions.run(
            lambda uow: uow.reminders.purge_cancelled(before=NOW, limit=2)
        )

    assert [await purge() for _ in range(3)] == [2, 1, 0]
    (card,) = await storage.queries.task_cards([task.id], owner_id=task.owner_id)
    assert {one.id for one in card.reminders} == {one.id for one in kept}
