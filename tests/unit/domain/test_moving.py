"""Moving to other clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW
from support.strategies import deadlines, timezones
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.errors import UnknownTimezone
from taskbot.domain.moving import Move, TimedDeadlines, both_ways
from taskbot.domain.timezone import local

MOSCOW, BERLIN, LONDON = "Europe/Moscow", "Europe/Berlin", "Europe/London"
HOUR = timedelta(hours=1)


def keeping_clock(origin: str = MOSCOW, target: str = BERLIN, now: datetime = NOW) -> Move:
    return Move(origin=origin, target=target, timed=TimedDeadlines.KEEP_CLOCK, now=now)


def test_by_itself_a_moment_stays_the_moment() -> None:
    deadline = TimedDeadline(NOW + HOUR, MOSCOW)

    moved = Move(origin=MOSCOW, target=BERLIN, now=NOW).take_along(deadline)

    assert moved == TimedDeadline(NOW + HOUR, BERLIN)


def test_what_the_clock_shows_can_be_kept() -> None:
    six_in_moscow = TimedDeadline(datetime(2100, 3, 16, 15, tzinfo=UTC), MOSCOW)

    moved = keeping_clock().take_along(six_in_moscow)

    assert moved == TimedDeadline(datetime(2100, 3, 16, 17, tzinfo=UTC), BERLIN)


def test_a_time_that_the_new_clocks_skip_comes_after_the_gap() -> None:
    half_past_two = TimedDeadline(datetime(2100, 3, 27, 23, 30, tzinfo=UTC), MOSCOW)

    moved = keeping_clock().take_along(half_past_two)

    assert isinstance(moved, TimedDeadline)
    assert moved == TimedDeadline(datetime(2100, 3, 28, 1, 30, tzinfo=UTC), BERLIN)
    assert f"{local(moved.due_at, BERLIN):%H:%M}" == "03:30"


@pytest.mark.parametrize("ahead", [timedelta(), -HOUR, -2 * HOUR])
def test_what_is_over_keeps_its_moment(ahead: timedelta) -> None:
    moved = keeping_clock().take_along(TimedDeadline(NOW + ahead, MOSCOW))

    assert moved == TimedDeadline(NOW + ahead, BERLIN)


def test_nothing_becomes_overdue_by_travelling() -> None:
    in_an_hour = TimedDeadline(NOW + HOUR, MOSCOW)  # 16:00, which Tokyo has seen already

    assert keeping_clock(target="Asia/Tokyo").take_along(in_an_hour) == TimedDeadline(
        NOW + HOUR, "Asia/Tokyo"
    )


def test_a_moment_that_was_said_by_clocks_elsewhere_keeps_its_moment() -> None:
    flight = TimedDeadline(NOW + 24 * HOUR, "America/New_York")

    moved = keeping_clock().take_along(flight)

    assert moved == TimedDeadline(NOW + 24 * HOUR, BERLIN)


def test_at_the_end_of_the_calendar_a_moment_stays() -> None:
    last = TimedDeadline(datetime(2999, 12, 31, 20, tzinfo=UTC), MOSCOW)

    moved = keeping_clock(target="America/New_York").take_along(last)

    assert moved == TimedDeadline(last.due_at, "America/New_York")


def test_a_whole_day_goes_along() -> None:
    day = DayDeadline(date(2100, 3, 20), MOSCOW)

    assert keeping_clock().take_along(day) == DayDeadline(date(2100, 3, 20), BERLIN)


def test_there_is_a_choice_only_where_it_matters() -> None:
    ahead = TimedDeadline(NOW + 24 * HOUR, MOSCOW)

    def ways(deadline: Deadline | None, target: str = BERLIN) -> object:
        return both_ways(deadline, origin=MOSCOW, target=target, now=NOW)

    assert ways(ahead) == (
        TimedDeadline(ahead.due_at, BERLIN),
        TimedDeadline(ahead.due_at + 2 * HOUR, BERLIN),
    )
    assert ways(ahead, "Europe/Minsk") is None
    assert ways(TimedDeadline(NOW, MOSCOW)) is None
    assert ways(DayDeadline(date(2100, 3, 20), MOSCOW)) is None
    assert ways(None) is None


def test_nobody_moves_to_where_there_are_no_clocks() -> None:
    with pytest.raises(UnknownTimezone):
        keeping_clock(target="Europe/Atlantis")


@given(
    deadline=deadlines,
    origin=timezones,
    target=timezones,
    timed=st.sampled_from(TimedDeadlines),
    ahead=st.timedeltas(timedelta(days=-400), timedelta(days=400)),
)
def test_whatever_moves_arrives_and_is_overdue_only_if_it_was(
    deadline: Deadline, origin: str, target: str, timed: TimedDeadlines, ahead: timedelta
) -> None:
    now = deadline.ends_at - ahead
    move = Move(origin=origin, target=target, timed=timed, now=now)

    moved = move.take_along(deadline)

    assert moved.timezone == target
    assert type(moved) is type(deadline)
    if isinstance(moved, TimedDeadline):
        assert (moved.ends_at <= now) == (deadline.ends_at <= now)
