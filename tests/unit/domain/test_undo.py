"""What comes back when a completion or a deletion is undone."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from support.builders import NOW, a_reminder, a_task
from support.strategies import reminders
from taskbot.domain.errors import NothingToUndo, TaskNotFound
from taskbot.domain.ids import UserId
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.undo import UNDO_KEPT, Undo, UndoableVerb

MINUTE = timedelta(minutes=1)


def an_undo(verb: UndoableVerb, *reminders: Reminder, **changes: object) -> Undo:
    return Undo(verb=verb, task=a_task(**changes), reminders=reminders, made_at=NOW)


@given(was=reminders())
def test_what_was_taken_back_is_given_back_as_it_was(was: Reminder) -> None:
    is_touched = not was.state.is_final or was.state is ReminderState.FAILED
    taken_back = was.take_back() if is_touched else was

    assert taken_back.give_back(was) == was


def _sending() -> Reminder:
    return a_reminder().claim(until=NOW + MINUTE).begin(until=NOW + MINUTE)


def test_what_arrived_meanwhile_is_not_sent_again() -> None:
    was = _sending()
    for delivered in (
        was.take_back().sent(now=NOW, message_id=1),
        was.take_back().leave_unknown(error="reset"),
    ):
        assert delivered.give_back(was) == delivered


def test_what_came_back_unsent_is_planned_again() -> None:
    was = _sending()
    withdrawn = was.take_back().put_off(until=NOW + MINUTE, error="limit")
    assert withdrawn.state is ReminderState.CANCELLED

    again = withdrawn.give_back(was)

    assert (again.state, again.available_at) == (ReminderState.PLANNED, was.fire_at)
    assert not again.withdrawn


def test_what_was_claimed_anew_meanwhile_stays_in_those_hands() -> None:
    was = _sending()
    claimed = was.take_back().claim(until=NOW + 2 * MINUTE)

    assert claimed.give_back(was) == evolve(claimed, withdrawn=False)


@given(kept=st.lists(reminders(), max_size=4, unique_by=lambda one: one.id))
def test_of_a_deleted_task_all_reminders_are_missing(kept: list[Reminder]) -> None:
    undo = an_undo(UndoableVerb.DELETE, *kept)

    assert undo.reminders_back([], may_be_reminded=False) == (list(undo.reminders), [])
    assert set(undo.reminders) == set(kept)


def test_nothing_stays_on_hold_for_who_has_returned() -> None:
    held = a_reminder(available_at=None)
    undo = an_undo(UndoableVerb.COMPLETE, held)

    changed = undo.reminders_back([held.cancel()], may_be_reminded=True)
    unchanged = undo.reminders_back([held.cancel()], may_be_reminded=False)

    assert changed == ([], [evolve(held, available_at=held.fire_at)])
    assert unchanged == ([], [held])


def test_a_task_that_was_changed_since_is_left_as_it_is() -> None:
    done, gone = an_undo(UndoableVerb.COMPLETE, version=3), an_undo(UndoableVerb.DELETE, version=3)
    task = done.task

    done.require_possible(evolve(task, version=4), now=NOW)
    gone.require_possible(None, now=NOW)

    for undo, current in ((done, None), (done, evolve(task, version=5)), (gone, gone.task)):
        with pytest.raises(NothingToUndo):
            undo.require_possible(current, now=NOW)


def test_after_a_week_it_is_too_late() -> None:
    undo = an_undo(UndoableVerb.DELETE)

    undo.require_possible(None, now=NOW + UNDO_KEPT - MINUTE)
    with pytest.raises(NothingToUndo) as refusal:
        undo.require_possible(None, now=NOW + UNDO_KEPT)

    assert str(undo.task.id) in str(refusal.value)


def test_a_stranger_does_not_learn_of_it() -> None:
    undo = an_undo(UndoableVerb.DELETE)

    with pytest.raises(TaskNotFound):
        undo.require_owner(UserId(a_task().id))
