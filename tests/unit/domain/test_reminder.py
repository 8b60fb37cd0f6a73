"""Reminders: from promise to outcome; and how patient delivery is."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st
from ulid import ULID

from support.builders import NOW, a_reminder
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.ids import ReminderId, TaskId, UserId
from taskbot.domain.reminder import (
    ERROR_LIMIT,
    LATE_AFTER,
    PENDING,
    Reminder,
    ReminderKind,
    ReminderState,
)

LATER = NOW + timedelta(minutes=5)
POLICY = DeliveryPolicy()


def test_a_planned_reminder_is_available_from_its_promised_moment_on() -> None:
    reminder = Reminder.plan(
        id=ReminderId(ULID()),
        task_id=TaskId(ULID()),
        owner_id=UserId(ULID()),
        fire_at=LATER,
        kind=ReminderKind.LEAD,
        now=NOW,
    )

    assert (reminder.state, reminder.available_at, reminder.attempt) == (
        ReminderState.PLANNED,
        LATER,
        0,
    )


def test_a_claim_raises_the_attempt_and_leases_the_reminder() -> None:
    claimed = a_reminder().claim(until=LATER)

    assert (claimed.state, claimed.attempt, claimed.available_at) == (
        ReminderState.CLAIMED,
        1,
        LATER,
    )
    assert claimed.failures == 0


def test_a_claim_of_what_a_dead_process_was_sending_counts_as_a_failure() -> None:
    abandoned = a_reminder().claim(until=LATER).begin(until=LATER)

    assert abandoned.claim(until=LATER).failures == 1
    assert abandoned.claim(until=LATER).attempt == 2


def test_what_was_sent_is_final_and_has_a_receipt() -> None:
    begun = a_reminder(last_error="earlier trouble").claim(until=LATER).begin(until=LATER)

    sent = begun.sent(now=LATER, message_id=7)

    assert (sent.state, sent.sent_at, sent.message_id) == (ReminderState.SENT, LATER, 7)
    assert (sent.available_at, sent.last_error) == (None, None)


def test_putting_off_costs_no_patience() -> None:
    begun = a_reminder().claim(until=LATER).begin(until=LATER)

    put_off = begun.put_off(until=LATER, error="429")

    assert (put_off.state, put_off.failures, put_off.uncertain) == (ReminderState.PLANNED, 0, 0)
    assert (put_off.available_at, put_off.last_error) == (LATER, "429")
    assert put_off.put_off(until=None).available_at is None
    assert put_off.put_off(until=None).last_error == "429"


def test_failing_and_not_knowing_are_counted_apart() -> None:
    begun = a_reminder().claim(until=LATER).begin(until=LATER)

    failed = begun.failed_once(retry_at=LATER, error="no connection")
    uncertain = begun.uncertain_once(retry_at=LATER, error="timeout")

    assert (failed.failures, failed.uncertain) == (1, 0)
    assert (uncertain.failures, uncertain.uncertain) == (0, 1)


def test_giving_up_and_leaving_unknown_are_final() -> None:
    begun = a_reminder().claim(until=LATER).begin(until=LATER)

    assert begun.give_up(error="400").state is ReminderState.FAILED
    assert begun.leave_unknown(error="timeout").state is ReminderState.UNKNOWN
    assert begun.cancel().state is ReminderState.CANCELLED
    for final in (begun.give_up(error="x"), begun.leave_unknown(error="x"), begun.cancel()):
        assert final.state.is_final
        assert final.available_at is None


def test_pending_and_final_states_share_nothing_and_are_all() -> None:
    assert {state for state in ReminderState if not state.is_final} == PENDING


def test_a_long_error_is_cut() -> None:
    assert len(a_reminder().give_up(error="x" * 10_000).last_error or "") == ERROR_LIMIT


@given(st.timedeltas(timedelta(days=-2), timedelta(days=30)))
def test_lateness_is_told_after_a_few_minutes_only(after: timedelta) -> None:
    reminder = a_reminder()

    assert reminder.lateness(now=NOW + after) == max(after, timedelta(0))
    assert reminder.is_late(now=NOW + after) == (after > LATE_AFTER)


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_every_backoff_lies_between_half_of_the_first_and_the_longest(
    failures: int, chance: float
) -> None:
    wait = POLICY.backoff(failures, chance=chance)

    assert POLICY.first_backoff / 2 <= wait <= POLICY.longest_backoff


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_backoffs_never_shrink_with_more_failures(failures: int, chance: float) -> None:
    assert POLICY.backoff(failures, chance=chance) <= POLICY.backoff(failures + 1, chance=chance)


@pytest.mark.parametrize(("failures", "exhausted"), [(0, False), (9, False), (10, True)])
def test_patience_ends_at_the_allowed_number_of_failures(failures: int, exhausted: bool) -> None:  # noqa: FBT001 - a column of the table
    assert POLICY.is_exhausted(a_reminder(failures=failures)) is exhausted


def test_an_unknown_outcome_is_followed_by_one_repeat() -> None:
    assert POLICY.may_repeat(a_reminder(uncertain=0))
    assert not POLICY.may_repeat(a_reminder(uncertain=1))


def test_an_error_is_kept_in_one_line_that_can_be_stored() -> None:
    failed = a_reminder(last_error="a\x00b\r\n  c" + 1000 * "x")

    assert failed.last_error is not None
    assert failed.last_error.startswith("ab c")
    assert len(failed.last_error) == 500
