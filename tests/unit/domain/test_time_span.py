"""Today and this week are those of the person's own calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.time_span import TimeSpan, this_week, today
from taskbot.domain.timezone import local

ZONES = ["UTC", "Europe/Moscow", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"]
moments = st.datetimes(datetime(2000, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(now=moments, zone=st.sampled_from(ZONES))
def test_now_is_always_today_and_in_this_week(now: datetime, zone: str) -> None:
    for span in (today(now, zone), this_week(now, zone)):
        assert span.start is not None
        assert span.end is not None
        assert span.start <= now < span.end


@given(now=moments, zone=st.sampled_from(ZONES))
def test_a_week_is_seven_dates_from_monday_on(now: datetime, zone: str) -> None:
    week = this_week(now, zone)
    assert week.start is not None
    assert week.end is not None
    first = local(week.start, zone)
    last = local(week.end - timedelta(microseconds=1), zone)

    assert first.weekday() == 0
    assert (last.date() - first.date()).days == 6


@given(now=moments, zone=st.sampled_from(ZONES))
def test_the_day_that_it_is_is_due_today(now: datetime, zone: str) -> None:
    day = local(now, zone).date()

    assert DayDeadline(day, zone).is_within(today(now, zone))
    assert not DayDeadline(day + timedelta(days=1), zone).is_within(today(now, zone))
    assert not DayDeadline(day - timedelta(days=1), zone).is_within(today(now, zone))
    assert TimedDeadline(now, zone).is_within(today(now, zone))


def test_a_day_is_as_long_as_its_clocks_say() -> None:
    spring = datetime(2031, 3, 30, 12, tzinfo=UTC)
    day = today(spring, "Europe/Berlin")
    assert day.start is not None
    assert day.end is not None

    assert day.end - day.start == timedelta(hours=23)


def test_a_span_without_bounds_has_everything() -> None:
    assert TimedDeadline(datetime(2031, 3, 30, 12, tzinfo=UTC), "UTC").is_within(TimeSpan())


def test_a_naive_bound_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        TimeSpan(datetime(2031, 3, 30))  # noqa: DTZ001 - meant
