"""The deadline policy: which reminders a task gets, in every zone, on every day."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, strategies as st

from support.builders import NOW, a_reminder_of, a_task
from taskbot.domain.deadline import LAST_YEAR, DayDeadline, TimedDeadline
from taskbot.domain.deadline_policy import MOMENTS_LIMIT, DeadlinePolicy, PlannedReminder
from taskbot.domain.errors import (
    ReminderInPast,
    ReminderNotFound,
    ReminderOutOfRange,
    ReminderOver,
    SnoozeOutOfRange,
    TaskAlreadyCompleted,
    TooManyReminders,
)
from taskbot.domain.reminder import Reminder, ReminderKind
from taskbot.domain.task import Task
from taskbot.domain.timezone import moment_of, timezone_names, zone
from taskbot.domain.user import ReminderPreferences

POLICY = DeadlinePolicy()
HOUR = timedelta(hours=1)

zones = st.sampled_from(sorted(timezone_names()))
moments = st.datetimes(
    datetime(1972, 1, 2),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2200, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
days = st.dates(date(1972, 1, 2), date(2200, 1, 1))
leads = st.lists(st.timedeltas(timedelta(0), timedelta(days=365)), max_size=10, unique=True).map(
    lambda times: ReminderPreferences(lead_times=tuple(times))
)
day_starts = st.times().map(lambda start: ReminderPreferences(day_start=start))


def transitions(name: str, first: int, last: int) -> list[datetime]:
    """The moments at which clocks in the zone are moved, to the second, found by halving."""
    found = []
    step = timedelta(days=20)
    here = datetime(first, 1, 1, tzinfo=UTC)
    while here.year <= last:
        before, after = here, here + step
        if _offset(before, name) != _offset(after, name):
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) / 2
                if _offset(middle, name) == _offset(before, name):
                    before = middle
                else:
                    after = middle
            found.append(after.replace(microsecond=0))
        here += step
    return found


def _offset(moment: datetime, name: str) -> timedelta | None:
    return moment.astimezone(ZoneInfo(name)).utcoffset()


@given(moments, zones, leads, st.timedeltas(timedelta(days=-800), timedelta(days=800)))
def test_all_reminders_lie_ahead_in_order_and_none_twice(
    due_at: datetime, timezone: str, preferences: ReminderPreferences, distance: timedelta
) -> None:
    now = due_at - distance
    task = a_task(deadline=TimedDeadline(due_at, timezone))

    planned = [reminder.fire_at for reminder in POLICY.plan(task, preferences, now=now)]

    assert all(fire_at > now for fire_at in planned)
    assert planned == sorted(set(planned))


@given(moments, zones, leads, st.timedeltas(timedelta(days=-800), timedelta(days=800)))
def test_a_moment_is_reminded_of_at_every_lead_time_that_has_not_passed(
    due_at: datetime, timezone: str, preferences: ReminderPreferences, distance: timedelta
) -> None:
    now = due_at - distance
    task = a_task(deadline=TimedDeadline(due_at, timezone))

    planned = POLICY.plan(task, preferences, now=now)

    expected = {due_at - lead for lead in preferences.lead_times if due_at - lead > now}
    assert {reminder.fire_at for reminder in planned} == expected
    for reminder in planned:
        is_at_the_deadline = reminder.fire_at == due_at
        assert reminder.kind is (ReminderKind.DUE if is_at_the_deadline else ReminderKind.LEAD)


def test_a_tasks_own_lead_times_go_before_its_owners() -> None:
    due_at = NOW + timedelta(days=1)
    task = a_task(deadline=TimedDeadline(due_at, "UTC"), lead_times=(timedelta(minutes=5),))

    planned = POLICY.plan(task, ReminderPreferences(), now=NOW)

    assert [reminder.fire_at for reminder in planned] == [due_at - timedelta(minutes=5)]


def test_no_lead_times_mean_no_reminders() -> None:
    task = a_task(deadline=TimedDeadline(NOW + HOUR, "UTC"), lead_times=())

    assert POLICY.plan(task, ReminderPreferences(), now=NOW) == ()


leads_of_tasks = st.none() | st.lists(
    st.timedeltas(timedelta(0), timedelta(days=365)), max_size=10, unique=True
).map(tuple)


@given(days, zones, day_starts, leads_of_tasks)
def test_a_day_is_not_reminded_of_only_if_the_task_has_no_lead_times_at_all(
    day: date,
    timezone: str,
    preferences: ReminderPreferences,
    own: tuple[timedelta, ...] | None,
) -> None:
    task = a_task(deadline=DayDeadline(day, timezone), lead_times=own)
    long_before = moment_of(day - timedelta(days=3), time(), timezone)

    planned = POLICY.plan(task, preferences, now=long_before)

    assert len(planned) == (0 if own == () else 1)


def _promised(task: Task, planned: PlannedReminder) -> Reminder:
    return a_reminder_of(task, fire_at=planned.fire_at, kind=planned.kind)


@given(moments, zones, leads, leads_of_tasks, st.data())
def test_a_reminder_that_is_not_wanted_is_the_only_one_that_does_not_come(
    due_at: datetime,
    timezone: str,
    preferences: ReminderPreferences,
    own: tuple[timedelta, ...] | None,
    data: st.DataObject,
) -> None:
    task = a_task(deadline=TimedDeadline(due_at, timezone), lead_times=own)
    now = due_at - timedelta(days=400)
    planned = POLICY.plan(task, preferences, now=now)
    assume(planned)
    unwanted = data.draw(st.sampled_from(planned))

    spared = POLICY.spare(task, _promised(task, unwanted), preferences, now=now)

    assert POLICY.plan(spared, preferences, now=now) == tuple(
        one for one in planned if one != unwanted
    )
    assert not POLICY.is_wanted(_promised(task, unwanted), spared, preferences)
    for other in planned:
        if other != unwanted:
            assert POLICY.is_wanted(_promised(task, other), spared, preferences)
    # From now on the task goes its own way, whatever its owner prefers later.
    assert POLICY.plan(spared, ReminderPreferences(lead_times=()), now=now) == POLICY.plan(
        spared, preferences, now=now
    )


@given(days, zones, day_starts)
def test_a_day_whose_reminder_is_not_wanted_has_none(
    day: date, timezone: str, preferences: ReminderPreferences
) -> None:
    task = a_task(deadline=DayDeadline(day, timezone))
    now = moment_of(day - timedelta(days=3), time(), timezone)
    (planned,) = POLICY.plan(task, preferences, now=now)

    spared = POLICY.spare(task, _promised(task, planned), preferences, now=now)

    assert POLICY.plan(spared, preferences, now=now) == ()
    assert POLICY.plan(spared.remind(None, now=now), preferences, now=now) == (planned,)


@pytest.mark.parametrize("kind", [ReminderKind.SNOOZE, ReminderKind.MOMENT])
def test_what_the_person_asked_for_is_taken_back_without_a_trace_in_the_task(
    kind: ReminderKind,
) -> None:
    task = a_task(deadline=TimedDeadline(NOW + HOUR, "UTC"))
    reminder = a_reminder_of(task, kind=kind, fire_at=NOW + HOUR)

    assert POLICY.is_wanted(reminder, task, ReminderPreferences())
    assert POLICY.spare(task, reminder, ReminderPreferences(), now=NOW) is task


def test_a_reminder_of_a_deadline_that_is_gone_is_taken_back_alone() -> None:
    task = a_task()
    reminder = a_reminder_of(task, kind=ReminderKind.DAY)

    assert POLICY.spare(task, reminder, ReminderPreferences(), now=NOW) is task


def test_what_is_settled_cannot_be_taken_back() -> None:
    task, preferences = a_task(), ReminderPreferences()
    planned = a_reminder_of(task, kind=ReminderKind.MOMENT)
    sending = planned.claim(until=NOW).begin(until=NOW)
    over = [
        sending.sent(now=NOW, message_id=1),
        sending.leave_unknown(error="timed out"),
        sending.give_up(error="no route"),
    ]
    gone = [planned.cancel(), sending.take_back()]

    for reminder in over:
        with pytest.raises(ReminderOver):
            POLICY.spare(task, reminder, preferences, now=NOW)
    for reminder in gone:
        with pytest.raises(ReminderNotFound):
            POLICY.spare(task, reminder, preferences, now=NOW)
    with pytest.raises(TaskAlreadyCompleted):
        POLICY.spare(task.complete(now=NOW), planned, preferences, now=NOW)


@given(
    ahead=st.timedeltas(timedelta(days=-400), timedelta(days=400_000)),
    known=st.lists(st.integers(1, 30), max_size=12, unique=True),
    others=st.sampled_from(sorted(set(ReminderKind) - {ReminderKind.MOMENT})),
)
def test_a_moment_of_ones_own_lies_ahead_once_and_among_few(
    ahead: timedelta, known: list[int], others: ReminderKind
) -> None:
    task, moment = a_task(), NOW + ahead
    moments = [
        a_reminder_of(task, kind=ReminderKind.MOMENT, fire_at=NOW + days * timedelta(days=1))
        for days in known
    ]
    not_these = [
        a_reminder_of(task, kind=others, fire_at=moment),
        a_reminder_of(task, kind=ReminderKind.MOMENT, fire_at=moment).cancel(),
    ]

    def planned() -> PlannedReminder | None:
        return POLICY.remind_at(task, moment, known=[*moments, *not_these], now=NOW)

    if ahead <= timedelta(0):
        with pytest.raises(ReminderInPast):
            planned()
    elif moment.year > LAST_YEAR:
        with pytest.raises(ReminderOutOfRange):
            planned()
    elif moment in [one.fire_at for one in moments]:
        assert planned() is None
    elif len(moments) >= MOMENTS_LIMIT:
        with pytest.raises(TooManyReminders):
            planned()
    else:
        assert planned() == PlannedReminder(moment, ReminderKind.MOMENT)


def test_a_completed_task_gets_no_reminder_and_no_lead_times() -> None:
    done = a_task().complete(now=NOW)

    with pytest.raises(TaskAlreadyCompleted):
        POLICY.remind_at(done, NOW + HOUR, known=[], now=NOW)
    with pytest.raises(TaskAlreadyCompleted):
        done.remind((HOUR,), now=NOW)


def test_the_ends_of_the_calendar_are_refused_in_any_zone() -> None:
    for moment in (
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=12))),
    ):
        with pytest.raises((ReminderInPast, ReminderOutOfRange)):
            POLICY.remind_at(a_task(), moment, known=[], now=NOW)


@given(days, zones, day_starts)
def test_a_day_has_one_reminder_between_its_start_and_its_end(
    day: date, timezone: str, preferences: ReminderPreferences
) -> None:
    deadline = DayDeadline(day, timezone)
    long_before = moment_of(day - timedelta(days=3), time(), timezone)

    (planned,) = POLICY.plan(a_task(deadline=deadline), preferences, now=long_before)

    assert planned.kind is ReminderKind.DAY
    assert moment_of(day, time(), timezone) <= planned.fire_at <= deadline.ends_at


@pytest.mark.parametrize("timezone", sorted(timezone_names()))
def test_around_every_change_of_the_clocks_days_are_whole_and_reminded_at_their_start(
    timezone: str,
) -> None:
    preferences = ReminderPreferences()
    for moment in transitions(timezone, 2024, 2026):
        around = moment.astimezone(zone(timezone)).date()
        for day in (around + timedelta(days=n) for n in (-1, 0, 1)):
            deadline = DayDeadline(day, timezone)
            long_before = datetime(2023, 1, 1, tzinfo=UTC)
            (planned,) = POLICY.plan(a_task(deadline=deadline), preferences, now=long_before)

            last, first_after = deadline.ends_at - timedelta(seconds=1), deadline.ends_at
            assert last.astimezone(zone(timezone)).date() == day
            assert first_after.astimezone(zone(timezone)).date() == day + timedelta(days=1)
            shown = planned.fire_at.astimezone(zone(timezone))
            assert (shown.date(), shown.time()) == (day, preferences.day_start)


@pytest.mark.parametrize("timezone", sorted(timezone_names()))
def test_around_every_change_of_the_clocks_lead_times_are_real_durations(timezone: str) -> None:
    for moment in transitions(timezone, 2024, 2026):
        for due_at in (moment - timedelta(minutes=30), moment, moment + timedelta(minutes=90)):
            task = a_task(deadline=TimedDeadline(due_at, timezone))

            planned = POLICY.plan(task, ReminderPreferences(), now=due_at - timedelta(days=2))

            assert [reminder.fire_at for reminder in planned] == [due_at - HOUR, due_at]


@given(moments, zones)
def test_a_task_that_is_completed_or_has_no_deadline_is_not_reminded_of(
    now: datetime, timezone: str
) -> None:
    deadline = TimedDeadline(now + HOUR, timezone)
    completed = a_task(deadline=deadline).complete(now=now)

    assert POLICY.plan(completed, ReminderPreferences(), now=now) == ()
    assert POLICY.plan(a_task(), ReminderPreferences(), now=now) == ()


def test_a_day_whose_start_is_over_is_not_reminded_of() -> None:
    task = a_task(deadline=DayDeadline(NOW.date(), "UTC"))

    assert POLICY.plan(task, ReminderPreferences(day_start=time(11)), now=NOW) == ()
    assert len(POLICY.plan(task, ReminderPreferences(day_start=time(13)), now=NOW)) == 1


@given(moments, zones, st.timedeltas(timedelta(days=-3), timedelta(days=3)))
def test_a_task_is_never_overdue_and_due_soon_at_once(
    due_at: datetime, timezone: str, distance: timedelta
) -> None:
    task, now = a_task(deadline=TimedDeadline(due_at, timezone)), due_at - distance

    assert task.is_overdue(now=now) == (distance <= timedelta(0))
    assert POLICY.is_due_soon(task, now=now) == (timedelta(0) < distance <= POLICY.due_soon_within)


@given(st.timedeltas(timedelta(days=-400), timedelta(days=800)))
def test_a_snooze_lies_ahead_and_within_a_year(ahead: timedelta) -> None:
    task, until = a_task(), NOW + ahead

    if timedelta(0) < ahead <= timedelta(days=365):
        planned = POLICY.snooze(task, until=until, now=NOW)
        assert (planned.fire_at, planned.kind) == (until, ReminderKind.SNOOZE)
    else:
        with pytest.raises(SnoozeOutOfRange):
            POLICY.snooze(task, until=until, now=NOW)


def test_a_completed_task_is_not_snoozed() -> None:
    with pytest.raises(TaskAlreadyCompleted):
        POLICY.snooze(a_task().complete(now=NOW), until=NOW + HOUR, now=NOW)


@given(zones, moments)
def test_a_local_time_that_is_shown_once_is_that_time(timezone: str, moment: datetime) -> None:
    shown = moment.astimezone(zone(timezone))
    later = shown.replace(fold=1 - shown.fold)
    assume(shown.utcoffset() == later.utcoffset())  # neither skipped nor doubled

    assert moment_of(shown.date(), shown.time(), timezone) == moment


def test_a_skipped_time_is_read_with_the_offset_before_the_gap() -> None:
    # Berlin, 29 March 2026: 02:00 becomes 03:00 (RFC 5545, 3.3.5).
    moment = moment_of(date(2026, 3, 29), time(2, 30), "Europe/Berlin")

    assert moment == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_doubled_time_is_the_first_of_the_two() -> None:
    # Berlin, 25 October 2026: 03:00 becomes 02:00.
    moment = moment_of(date(2026, 10, 25), time(2, 30), "Europe/Berlin")

    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_ends_where_it_began() -> None:
    # Apia went from 29 to 31 December 2011.
    deadline = DayDeadline(date(2011, 12, 30), "Pacific/Apia")
    long_before = datetime(2011, 1, 1, tzinfo=UTC)

    (planned,) = POLICY.plan(a_task(deadline=deadline), ReminderPreferences(), now=long_before)

    assert planned.fire_at == deadline.ends_at
