"""Tasks: what a title may be, and what can be done with a task when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, strategies as st
from ulid import ULID

from support.builders import NOW, a_task
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    BlankTitle,
    DeadlineInPast,
    DeadlineOutOfRange,
    DescriptionTooLong,
    TaskAlreadyCompleted,
    TaskNotCompleted,
    TaskNotFound,
    TitleTooLong,
    UnknownPriority,
    UnknownTimezone,
)
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.moving import Move
from taskbot.domain.task import (
    DESCRIPTION_LIMIT,
    TITLE_LIMIT,
    Priority,
    Task,
    TaskStatus,
    checked_description,
    checked_title,
)

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Buy   milk \n", "Buy milk"),
        ("<b>bold</b> & co", "<b>bold</b> & co"),
        ("👨‍👩‍👧 family 🇷🇺", "👨‍👩‍👧 family 🇷🇺"),
        ("\u202eright to left", "\u202eright to left"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("half a pair \ud83d", "half a pair"),
        ("Купить молоко", "Купить молоко"),
    ],
)
def test_a_title_is_kept_as_it_was_meant(written: str, kept: str) -> None:
    assert checked_title(written) == kept


@pytest.mark.parametrize(
    "written", ["", "   ", "\n\t", "\u200b\u200f\u202e", "\x00", "\u2068\u2069"]
)
def test_a_title_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(BlankTitle):
        checked_title(written)


def test_a_title_of_10_000_characters_is_refused_with_both_lengths() -> None:
    with pytest.raises(TitleTooLong) as refusal:
        checked_title("x" * 10_000)

    assert (refusal.value.length, refusal.value.limit) == (10_000, TITLE_LIMIT)


@given(st.text())
def test_checking_a_title_twice_changes_nothing_more(written: str) -> None:
    try:
        title = checked_title(written)
    except (BlankTitle, TitleTooLong):
        return
    assert checked_title(title) == title
    assert 0 < len(title) <= TITLE_LIMIT
    assert not set(title) & {"\n", "\r", "\x00"}
    title.encode()


@given(st.text(max_size=DESCRIPTION_LIMIT + 10))
def test_checking_a_description_twice_changes_nothing_more(written: str) -> None:
    try:
        description = checked_description(written)
    except DescriptionTooLong:
        return
    assert checked_description(description) == description
    assert len(description) <= DESCRIPTION_LIMIT
    description.encode()


def test_a_description_keeps_its_lines() -> None:
    assert checked_description(" one\r\ntwo\r\tthree ") == "one\ntwo\n\tthree"


@pytest.mark.parametrize("given_priority", [0, 5, -1])
def test_an_unknown_priority_is_refused(given_priority: int) -> None:
    with pytest.raises(UnknownPriority):
        a_task(priority=given_priority)


def test_a_new_task_is_open_and_of_normal_priority() -> None:
    task = Task.create(id=TaskId(ULID()), owner_id=UserId(ULID()), title="Buy milk", now=NOW)

    assert (task.status, task.priority, task.version) == (TaskStatus.OPEN, Priority.NORMAL, 1)
    assert task.created_at == task.updated_at == NOW


@pytest.mark.parametrize(
    "deadline",
    [
        TimedDeadline(NOW, "UTC"),
        TimedDeadline(NOW - timedelta(seconds=1), "UTC"),
        DayDeadline(NOW.date() - timedelta(days=1), "UTC"),
    ],
)
def test_a_deadline_that_is_over_is_not_set(deadline: Any) -> None:
    with pytest.raises(DeadlineInPast):
        Task.create(
            id=TaskId(ULID()), owner_id=UserId(ULID()), title="x", deadline=deadline, now=NOW
        )
    with pytest.raises(DeadlineInPast):
        a_task().reschedule(deadline, now=NOW)


def test_today_is_a_deadline_until_the_day_ends() -> None:
    today = DayDeadline(NOW.date(), "UTC")

    task = a_task().reschedule(today, now=NOW)

    assert not task.is_overdue(now=datetime(2100, 3, 15, 23, 59, 59, tzinfo=UTC))
    assert task.is_overdue(now=datetime(2100, 3, 16, tzinfo=UTC))


def test_an_old_task_may_have_a_deadline_that_is_over() -> None:
    assert a_task(deadline=TimedDeadline(NOW - timedelta(days=9), "UTC")).is_overdue(now=NOW)


@pytest.mark.parametrize("year", [1, 1970, 3000, 9999])
def test_deadlines_at_the_ends_of_the_calendar_are_refused(year: int) -> None:
    with pytest.raises(DeadlineOutOfRange):
        TimedDeadline(datetime(year, 12, 31, 23, 59, tzinfo=UTC), "Europe/Moscow")
    with pytest.raises(DeadlineOutOfRange):
        DayDeadline(date(year, 12, 31), "Europe/Moscow")


def test_a_naive_moment_and_a_moment_for_a_day_are_mistakes() -> None:
    with pytest.raises(ValueError, match="time zone"):
        TimedDeadline(datetime(2100, 1, 1), "UTC")  # noqa: DTZ001 - naive on purpose
    with pytest.raises(TypeError):
        DayDeadline(NOW, "UTC")
    with pytest.raises(ValueError, match="time zone"):
        a_task(created_at=datetime(2100, 1, 1))  # noqa: DTZ001 - as above


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "../etc/passwd", "europe/moscow", "localtime"]
)
def test_a_deadline_in_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UnknownTimezone):
        DayDeadline(NOW.date(), name)


def test_completing_sets_the_moment_and_reopening_takes_it() -> None:
    done = a_task().complete(now=LATER)
    again = done.reopen(now=LATER)

    assert (done.status, done.completed_at, done.updated_at) == (
        TaskStatus.COMPLETED,
        LATER,
        LATER,
    )
    assert (again.status, again.completed_at) == (TaskStatus.OPEN, None)


def test_nothing_is_done_or_opened_twice() -> None:
    done = a_task().complete(now=NOW)

    with pytest.raises(TaskAlreadyCompleted):
        done.complete(now=NOW)
    with pytest.raises(TaskAlreadyCompleted):
        done.reschedule(None, now=NOW)
    with pytest.raises(TaskNotCompleted):
        a_task().reopen(now=NOW)


def test_a_completed_task_is_never_overdue() -> None:
    task = a_task(deadline=TimedDeadline(NOW, "UTC")).complete(now=NOW)

    assert not task.is_overdue(now=LATER)


def test_status_and_moment_of_completion_cannot_disagree() -> None:
    with pytest.raises(ValueError, match="completion"):
        a_task(status=TaskStatus.COMPLETED)
    with pytest.raises(ValueError, match="completion"):
        a_task(completed_at=NOW)


def test_each_verb_changes_its_own_field_and_notes_when() -> None:
    task = a_task()

    assert task.retitle("New", now=LATER).title == "New"
    assert task.describe("More", now=LATER).description == "More"
    assert task.prioritize(1, now=LATER).priority is Priority.URGENT
    assert task.file_under(None, now=LATER).category_id is None
    assert all(
        changed.updated_at == LATER and changed.created_at == NOW and changed.version == 1
        for changed in (
            task.retitle("New", now=LATER),
            task.describe("More", now=LATER),
            task.prioritize(1, now=LATER),
            task.file_under(None, now=LATER),
        )
    )


def test_deadlines_go_along_with_their_owner() -> None:
    move = Move(origin="Europe/Moscow", target="Asia/Tokyo", now=NOW)
    day = a_task(deadline=DayDeadline(date(2100, 4, 1), "Europe/Moscow"))
    moment = a_task(deadline=TimedDeadline(LATER, "Europe/Moscow"))

    assert day.follow(move).deadline == DayDeadline(date(2100, 4, 1), "Asia/Tokyo")
    assert moment.follow(move).deadline == TimedDeadline(LATER, "Asia/Tokyo")
    assert a_task().follow(move).deadline is None


def test_a_stranger_does_not_learn_that_the_task_exists() -> None:
    task = a_task()

    task.require_owner(task.owner_id)
    with pytest.raises(TaskNotFound) as refusal:
        task.require_owner(UserId(ULID()))
    assert refusal.value.task_id == task.id


def test_a_task_never_changes_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        a_task().title = "other"  # type: ignore[misc]
