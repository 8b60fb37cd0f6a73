"""Days, weeks and streaks of what got done, in every zone and across every change of clocks."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, strategies as st

from taskbot.domain.completions import CompletionHistory, day_before, start_of
from taskbot.domain.timezone import local, timezone_names

DAY = timedelta(days=1)
STEP = timedelta(minutes=15)

# Clocks that change at midnight, by half an hour, by a whole day, just after midnight.
ODD = [
    ("Pacific/Apia", datetime(2012, 1, 3, 9, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1993, 8, 24, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1969, 10, 4, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 6, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 20, tzinfo=UTC)),
    ("America/St_Johns", datetime(2010, 11, 9, tzinfo=UTC)),
    ("America/St_Johns", datetime(2011, 3, 15, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2022, 3, 29, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2023, 10, 28, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2031, 4, 9, tzinfo=UTC)),
    ("Antarctica/Troll", datetime(2031, 4, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2031, 3, 31, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2031, 10, 27, 1, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2031, 1, 2, tzinfo=UTC)),
]
any_zone = st.tuples(
    st.sampled_from(sorted(timezone_names())),
    st.datetimes(datetime(1972, 1, 1), datetime(2990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
)
zones_and_moments = st.sampled_from(ODD) | any_zone
ages = st.lists(st.timedeltas(timedelta(0), 12 * DAY), max_size=30)


def _days_of(timezone: str, now: datetime, *, back: int) -> list[date]:
    """The dates that calendars showed until *now*, found by looking at them all the time."""
    shown: list[date] = []
    moment = now - back * DAY
    while moment <= now:
        day = local(moment, timezone).date()
        if day not in shown:
            shown.append(day)
        moment += STEP
    return sorted(shown)


def _history(timezone: str, now: datetime, moments: list[datetime]) -> CompletionHistory:
    return CompletionHistory.until(now, timezone=timezone).add(moments)


@given(zones_and_moments)
def test_days_are_those_that_the_calendar_showed(place: tuple[str, datetime]) -> None:
    timezone, now = place

    per_day = _history(timezone, now, []).per_day(7)

    assert [one.day for one in per_day] == _days_of(timezone, now, back=10)[-7:]
    assert {one.completed for one in per_day} == {0}


@given(zones_and_moments, ages)
def test_every_completion_is_counted_on_the_day_that_the_calendar_showed(
    place: tuple[str, datetime], ages: list[timedelta]
) -> None:
    timezone, now = place
    moments = [now - age for age in ages]

    per_day = _history(timezone, now, moments).per_day(20)

    shown = Counter(local(moment, timezone).date() for moment in moments)
    assert {one.day: one.completed for one in per_day if one.completed} == shown


@given(zones_and_moments, ages)
def test_every_completion_is_in_one_week_and_weeks_begin_on_mondays(
    place: tuple[str, datetime], ages: list[timedelta]
) -> None:
    timezone, now = place
    moments = [now - age for age in ages]

    per_week = _history(timezone, now, moments).per_week(4)

    iso = Counter(local(moment, timezone).date().isocalendar()[:2] for moment in moments)
    assert {one.monday.isocalendar()[:2]: one.completed for one in per_week} == {
        one.monday.isocalendar()[:2]: iso[one.monday.isocalendar()[:2]] for one in per_week
    }
    assert sum(one.completed for one in per_week) == len(moments)
    assert [one.monday.weekday() for one in per_week] == [0] * 4
    assert per_week[-1].monday <= local(now, timezone).date() < per_week[-1].monday + 7 * DAY


@given(zones_and_moments, st.sets(st.integers(0, 6)), st.floats(0, 0.999))
def test_a_streak_is_the_run_of_days_that_ends_today_or_yesterday(
    place: tuple[str, datetime], missed: set[int], part: float
) -> None:
    timezone, now = place
    shown = _days_of(timezone, now, back=10)[-7:]
    busy = [day for back, day in enumerate(reversed(shown)) if back not in missed]
    moments = [
        moment
        for day in busy
        if (moment := _some_moment(day, timezone, part)) <= now
        and local(moment, timezone).date() == day
    ]
    done = {local(moment, timezone).date() for moment in moments}

    streak = _history(timezone, now, moments).streak

    rest = list(reversed(shown))
    if rest[0] not in done:
        rest = rest[1:]
    run: list[date] = []
    for day in rest:
        if day not in done:
            break
        run.append(day)
    assert (streak.days, streak.began_on) == (len(run), run[-1] if run else None)


def _some_moment(day: date, timezone: str, part: float) -> datetime:
    begin = start_of(day, timezone)
    return begin + part * (start_of(day + DAY, timezone) - begin)


@given(zones_and_moments)
def test_going_back_day_by_day_always_comes_further_back(place: tuple[str, datetime]) -> None:
    timezone, now = place
    today = local(now, timezone).date()

    assert day_before(today, timezone) < today
    assert local(start_of(today, timezone), timezone).date() >= today


@given(zones_and_moments, st.timedeltas(timedelta(0), 12 * DAY))
def test_no_completion_of_a_day_lies_before_its_start(
    place: tuple[str, datetime], age: timedelta
) -> None:
    timezone, now = place
    moment = now - age

    assert start_of(local(moment, timezone).date(), timezone) <= moment


def test_a_day_that_never_was_does_not_end_a_streak() -> None:
    # Samoa went from the 29th to the 31st of December 2011.
    zone, now = "Pacific/Apia", datetime(2012, 1, 1, 9, tzinfo=UTC)
    noons = [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]
    moments = [start_of(day, zone) + timedelta(hours=12) for day in noons]

    history = _history(zone, now, moments)

    assert (history.streak.days, history.streak.began_on) == (4, date(2011, 12, 28))
    assert [one.day for one in history.per_day(4)] == noons


@pytest.mark.parametrize(
    ("back", "days"), [([0, 1, 2], 3), ([1, 2], 2), ([0], 1), ([2, 3], 0), ([], 0), ([0, 2], 1)]
)
def test_today_may_still_be_empty(back: list[int], days: int) -> None:
    now = datetime(2031, 5, 17, 12, tzinfo=UTC)
    moments = [now - number * DAY for number in back]

    assert _history("UTC", now, moments).streak.days == days


def test_what_is_needed_reaches_back_to_the_first_monday_and_the_first_day() -> None:
    history = _history("UTC", datetime(2031, 5, 17, 12, tzinfo=UTC), [])  # a Saturday

    assert history.begin_of(days=1, weeks=1) == date(2031, 5, 12)
    assert history.begin_of(days=30, weeks=1) == date(2031, 4, 18)
    assert history.begin_of(days=1, weeks=3) == date(2031, 4, 28)
    assert start_of(date(2031, 5, 12), "UTC").time() == time()
