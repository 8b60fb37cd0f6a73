"""What every `OperatorQueries` promises."""

import itertools
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st

from support.backends import Storage
from support.builders import NOW, a_reminder_of, a_task, a_user
from taskbot.application.figures import (
    Delivered,
    Missed,
    PeopleFigures,
    QueueFigures,
    TaskFigures,
    in_steps,
)
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.reminder import LATE_AFTER, Reminder, ReminderState
from taskbot.domain.task import Task

pytestmark = pytest.mark.anyio

MILLISECOND = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOSCOW = "Europe/Moscow"
NOBODY = PeopleFigures(total=0, new=0, lost=0, paused=0, leaving=0)
NOTHING = TaskFigures(open=0, overdue=0, within_hour=0, within_day=0)
EMPTY = QueueFigures(claimable=0, within_hour=0, available=0, held=0)


def _due(offset: timedelta) -> TimedDeadline:
    return TimedDeadline(NOW + offset, MOSCOW)


def _sent(task: Task, *, late: timedelta, at: timedelta = timedelta(0)) -> Reminder:
    return a_reminder_of(task, fire_at=NOW + at - late).sent(now=NOW + at, message_id=1)


async def _a_task_in(storage: Storage) -> Task:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)
    return task


async def test_where_nothing_is_all_figures_are_nought(storage: Storage) -> None:
    assert await storage.figures.people_figures(now=NOW) == NOBODY
    assert await storage.figures.task_figures(now=NOW) == NOTHING
    assert await storage.figures.queue_figures(now=NOW) == EMPTY
    assert await storage.figures.delivered(NOW, hours=2) == [Delivered()] * 2
    assert await storage.figures.missed(NOW, hours=2) == [Missed()] * 2


async def test_people_are_counted_by_what_became_of_them(storage: Storage) -> None:
    await storage.keep(
        a_user(created_at=NOW - DAY),
        a_user(created_at=NOW - DAY + SECOND),
        a_user(created_at=NOW - 9 * DAY).lose(),
        a_user(created_at=NOW - 9 * DAY).pause().lose(),
        a_user(created_at=NOW - 9 * DAY).leave(now=NOW),
    )

    figures = await storage.figures.people_figures(now=NOW)

    assert figures == PeopleFigures(total=5, new=1, lost=2, paused=1, leaving=1)
    assert figures.reachable == 3


async def test_open_tasks_are_counted_by_when_they_are_due(storage: Storage) -> None:
    owner = a_user()
    deadlines = [
        None,
        _due(timedelta(0)),
        _due(SECOND),
        _due(HOUR),
        _due(HOUR + SECOND),
        _due(DAY),
        _due(DAY + SECOND),
        DayDeadline((NOW - 2 * DAY).date(), MOSCOW),
        DayDeadline(NOW.date(), MOSCOW),
    ]
    await storage.keep(
        owner,
        *(a_task(owner_id=owner.id, deadline=deadline) for deadline in deadlines),
        *(a_task(owner_id=owner.id, deadline=one).complete(now=NOW) for one in deadlines),
    )

    figures = await storage.figures.task_figures(now=NOW)

    assert figures == TaskFigures(open=9, overdue=2, within_hour=2, within_day=5)


async def test_what_waits_is_counted_by_when_it_can_be_claimed(storage: Storage) -> None:
    task = await _a_task_in(storage)
    waits = [
        a_reminder_of(task, available_at=NOW),
        a_reminder_of(task, available_at=NOW - HOUR).claim(until=NOW + MINUTE),
        a_reminder_of(task, available_at=NOW - HOUR).claim(until=NOW).begin(until=NOW - MINUTE),
        a_reminder_of(task, available_at=NOW + HOUR),
        a_reminder_of(task, available_at=NOW + HOUR + SECOND),
        a_reminder_of(task, available_at=None),
    ]
    over = [
        a_reminder_of(task).sent(now=NOW, message_id=1),
        a_reminder_of(task).cancel(),
        a_reminder_of(task).give_up(error="refused"),
        a_reminder_of(task).leave_unknown(error="reset"),
    ]
    await storage.keep(*waits, *over)

    figures = await storage.figures.queue_figures(now=NOW)

    assert figures == QueueFigures(claimable=2, within_hour=2, available=5, held=1)
    assert figures.pending == 6


async def test_what_was_sent_is_told_by_span_with_its_lateness(storage: Storage) -> None:
    task = await _a_task_in(storage)
    await storage.keep(
        *(_sent(task, late=number * SECOND / 4) for number in range(1, 20)),
        _sent(task, late=5.678 * SECOND),
        _sent(task, late=LATE_AFTER, at=HOUR),
        _sent(task, late=LATE_AFTER + SECOND, at=2 * HOUR - SECOND),
        _sent(task, late=-SECOND, at=2 * HOUR),
        a_reminder_of(task),
    )

    figures = await storage.figures.delivered(NOW - HOUR, hours=4)

    late = LATE_AFTER + SECOND
    never = timedelta(0)
    assert figures == [
        Delivered(),
        Delivered(sent=20, late=0, median=2.5 * SECOND, p95=4.7 * SECOND, latest=5.678 * SECOND),
        Delivered(sent=2, late=1, median=LATE_AFTER, p95=late, latest=late),
        Delivered(sent=1, late=0, median=never, p95=never, latest=never),
    ]


async def test_an_hour_lasts_until_the_next_one_begins(storage: Storage) -> None:
    task = await _a_task_in(storage)
    just = timedelta(microseconds=1)
    ends = [-just, timedelta(0), HOUR - just, HOUR, 2 * HOUR - just, 2 * HOUR]
    await storage.keep(
        *(_sent(task, late=timedelta(0), at=end) for end in ends),
        *(a_reminder_of(task, fire_at=NOW + end).give_up(error="refused") for end in ends),
    )

    delivered = await storage.figures.delivered(NOW, hours=2)
    missed = await storage.figures.missed(NOW, hours=2)

    assert sum(one.sent for one in delivered) == 4
    assert sum(one.failed for one in missed) == 4
    assert delivered[1].sent >= 2
    assert missed[1].failed >= 2


async def test_what_did_not_arrive_is_told_by_the_span_of_its_promise(storage: Storage) -> None:
    task = await _a_task_in(storage)
    await storage.keep(
        *(a_reminder_of(task, fire_at=NOW).give_up(error="refused") for _ in range(2)),
        a_reminder_of(task, fire_at=NOW + HOUR - SECOND).leave_unknown(error="reset"),
        a_reminder_of(task, fire_at=NOW + HOUR).give_up(error="refused"),
        a_reminder_of(task, fire_at=NOW).cancel(),
        a_reminder_of(task, fire_at=NOW),
    )

    assert await storage.figures.missed(NOW, hours=2) == [
        Missed(failed=2, unknown=1),
        Missed(failed=1, unknown=0),
    ]


# Each example has a day of its own: what one stores, the next one finds.
_days = itertools.count()
_offsets = st.integers(-40 * 60_000, 200 * 60_000).map(
    lambda number: timedelta(milliseconds=number)
)
_ends = st.sampled_from(
    [ReminderState.SENT, ReminderState.FAILED, ReminderState.UNKNOWN, ReminderState.PLANNED]
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(st.tuples(_offsets, _offsets, _ends), max_size=12))
async def test_the_hours_tell_together_what_the_reminders_tell_themselves(
    storage: Storage, fates: list[tuple[timedelta, timedelta, ReminderState]]
) -> None:
    task = await _a_task_in(storage)
    start = NOW + DAY * next(_days)
    reminders = [
        evolve(
            a_reminder_of(task, fire_at=start + promised),
            state=end,
            sent_at=start + sent if end is ReminderState.SENT else None,
        )
        for promised, sent, end in fates
    ]
    await storage.keep(*reminders)

    hours = await storage.figures.delivered(start, hours=3)
    missed = await storage.figures.missed(start, hours=3)

    end = start + 3 * HOUR
    sent = [one for one in reminders if one.sent_at and start <= one.sent_at < end]
    promised = [one.state for one in reminders if start <= one.fire_at < end]
    together = _told_one_by_one(sent)
    known = [one.latest for one in hours if one.latest is not None]
    assert sum(one.sent for one in hours) == together.sent == len(sent)
    assert sum(one.late for one in hours) == together.late
    assert max(known, default=None) == together.latest
    assert sum(one.failed for one in missed) == promised.count(ReminderState.FAILED)
    assert sum(one.unknown for one in missed) == promised.count(ReminderState.UNKNOWN)
    assert hours == [
        _told_one_by_one([one for one in sent if _hour(one.sent_at, start) == hour])
        for hour in range(3)
    ]


def _hour(moment: datetime | None, start: datetime) -> int | None:
    return None if moment is None else (moment - start) // HOUR


def _told_one_by_one(sent: list[Reminder]) -> Delivered:
    """By the values themselves, in their order."""
    if not sent:
        return Delivered()
    exact = sorted(
        round(one.lateness(now=one.sent_at) / MILLISECOND) for one in sent if one.sent_at
    )
    half, most = (in_steps(exact[(len(exact) * percent + 99) // 100 - 1]) for percent in (50, 95))
    return Delivered(
        sent=len(exact),
        late=sum(lateness * MILLISECOND > LATE_AFTER for lateness in exact),
        median=half * MILLISECOND,
        p95=most * MILLISECOND,
        latest=exact[-1] * MILLISECOND,
    )
