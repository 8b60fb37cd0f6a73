"""What people type as a deadline, and what is understood by it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest
from hypothesis import given, strategies as st

from taskbot.application.deadline_text import (
    AlreadyPast,
    DayMissing,
    HalfMissing,
    ImpossibleDate,
    ImpossibleTime,
    NotUnderstood,
    Reading,
    Understood,
    understand_deadline,
)
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.timezone import local, moment_of, timezone_names
from taskbot.domain.user import Language

ZONE: Final = "Europe/Moscow"
MONDAY: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""15:00 in Moscow."""


def read(text: str, *, language: Language = Language.RUSSIAN, now: datetime = MONDAY) -> Reading:
    return understand_deadline(text, language=language, now=now, timezone=ZONE)


def day(month: int, number: int, year: int = 2026) -> DayDeadline:
    return DayDeadline(date(year, month, number), ZONE)


def moment(month: int, number: int, hour: int, minute: int = 0, year: int = 2026) -> TimedDeadline:
    return TimedDeadline(moment_of(date(year, month, number), time(hour, minute), ZONE), ZONE)


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("сегодня", day(11, 23)),
        ("завтра", day(11, 24)),
        ("Послезавтра", day(11, 25)),
        ("завтра в 18:00", moment(11, 24, 18)),
        ("ЗАВТРА В 18:00!", moment(11, 24, 18)),
        ("18:00 завтра", moment(11, 24, 18)),
        ("завтра к 9", moment(11, 24, 9)),
        ("в 9 завтра", moment(11, 24, 9)),
        ("завтра в 9 утра", moment(11, 24, 9)),
        ("завтра в 6 вечера", moment(11, 24, 18)),
        ("завтра утром", moment(11, 24, 9)),
        ("завтра днём", moment(11, 24, 13)),
        ("завтра вечером", moment(11, 24, 19)),
        ("завтра в полдень", moment(11, 24, 12)),
        ("завтра в 18.30", moment(11, 24, 18, 30)),
        ("в пятницу", day(11, 27)),
        ("до пятницы", day(11, 27)),
        ("в пт 10:00", moment(11, 27, 10)),
        ("в пятницу вечером", moment(11, 27, 19)),
        ("во вторник", day(11, 24)),
        ("в среду", day(11, 25)),
        ("в воскресенье", day(11, 29)),
        ("в следующую среду", day(12, 2)),
        ("на выходных", day(11, 28)),
        ("на следующей неделе", day(11, 30)),
        ("в конце месяца", day(11, 30)),
        ("через день", day(11, 24)),
        ("через 3 дня", day(11, 26)),
        ("через пару дней", day(11, 25)),
        ("через неделю", day(11, 30)),
        ("через две недели", day(12, 7)),
        ("через месяц", day(12, 23)),
        ("через год", day(11, 23, 2027)),
        ("25.12", day(12, 25)),
        ("25.12 10:00", moment(12, 25, 10)),
        ("25.12.26", day(12, 25)),
        ("25.12.2027", day(12, 25, 2027)),
        ("25 декабря", day(12, 25)),
        ("до 25 декабря", day(12, 25)),
        ("25 декабря 2027 года", day(12, 25, 2027)),
        ("5 марта в 10", moment(3, 5, 10, year=2027)),
        ("1 мая", day(5, 1, 2027)),
        ("15-го", day(12, 15)),
        ("29 февраля", day(2, 29, 2028)),
    ],
)
def test_russian_is_understood(text: str, deadline: DayDeadline | TimedDeadline) -> None:
    reading = read(text)

    assert isinstance(reading, Understood)
    assert reading.deadline == deadline


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("today", day(11, 23)),
        ("tonight", moment(11, 23, 19)),
        ("tomorrow", day(11, 24)),
        ("the day after tomorrow", day(11, 25)),
        ("tomorrow 6pm", moment(11, 24, 18)),
        ("tomorrow at 6:30 p.m.", moment(11, 24, 18, 30)),
        ("tomorrow at 18", moment(11, 24, 18)),
        ("noon tomorrow", moment(11, 24, 12)),
        ("tomorrow morning", moment(11, 24, 9)),
        ("12am tomorrow", moment(11, 24, 0)),
        ("fri 18:00", moment(11, 27, 18)),
        ("by Friday", day(11, 27)),
        ("next friday", day(12, 4)),
        ("this weekend", day(11, 28)),
        ("next week", day(11, 30)),
        ("end of the month", day(11, 30)),
        ("in 3 days", day(11, 26)),
        ("in a week", day(11, 30)),
        ("in two months", day(1, 23, 2027)),
        ("25 dec", day(12, 25)),
        ("Dec 25", day(12, 25)),
        ("December 25th, 2027", day(12, 25, 2027)),
        ("the 25th", day(11, 25)),
        ("dec 25 10:00", moment(12, 25, 10)),
        ("2026-12-25", day(12, 25)),
        ("2026-12-25 18:00", moment(12, 25, 18)),
        ("12/25/2026", day(12, 25)),
        ("25/12/2026", day(12, 25)),
        ("12/12", day(12, 12)),
    ],
)
def test_english_is_understood(text: str, deadline: DayDeadline | TimedDeadline) -> None:
    reading = read(text, language=Language.ENGLISH)

    assert isinstance(reading, Understood)
    assert reading.deadline == deadline


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("сегодня в 6", moment(11, 23, 18)),
        ("сегодня вечером в 7", moment(11, 23, 19)),
        ("завтра утром в 6", moment(11, 24, 6)),
        ("завтра днём в 3", moment(11, 24, 15)),
        ("завтра в час дня", moment(11, 24, 13)),
        ("завтра в шесть вечера", moment(11, 24, 18)),
        ("завтра к 18 часам", moment(11, 24, 18)),
        ("завтра в 14-30", moment(11, 24, 14, 30)),
        ("завтра 9", moment(11, 24, 9)),
        ("завтра к обеду", moment(11, 24, 13)),
        ("к вечеру пятницы", moment(11, 27, 19)),
        ("завтра к утру", moment(11, 24, 9)),
        ("завтра к полудню", moment(11, 24, 12)),
        ("завтра в половине девятого утра", moment(11, 24, 8, 30)),
        ("завтра полседьмого вечера", moment(11, 24, 18, 30)),
        ("завтра без четверти семь вечера", moment(11, 24, 18, 45)),
        ("завтра без пятнадцати час дня", moment(11, 24, 12, 45)),
        ("не позднее пятницы", day(11, 27)),
        ("третьего декабря", day(12, 3)),
        ("двадцать пятого декабря в 10", moment(12, 25, 10)),
        ("первого числа", day(12, 1)),
        ("до конца дня", day(11, 23)),
        ("до конца недели", day(11, 29)),
        ("на этой неделе", day(11, 29)),
        ("в конце года", day(12, 31)),
        ("в следующем месяце", day(12, 1)),
        ("в следующем году", day(1, 1, 2027)),
        ("half past six in the evening tomorrow", moment(11, 24, 18, 30)),
        ("tomorrow at half past six pm", moment(11, 24, 18, 30)),
        ("quarter past 9 tomorrow", moment(11, 24, 9, 15)),
        ("a quarter to five pm tomorrow", moment(11, 24, 16, 45)),
        ("tomorrow, 8 o'clock", moment(11, 24, 8)),
        ("today at 5", moment(11, 23, 17)),
        ("tonight at 8", moment(11, 23, 20)),
        ("tonight at 8pm", moment(11, 23, 20)),
        ("tomorrow morning at 6", moment(11, 24, 6)),
        ("friday night at 9", moment(11, 27, 21)),
        ("this evening", moment(11, 23, 19)),
        ("tomorrow at lunch", moment(11, 24, 13)),
        ("tomorrow 18", moment(11, 24, 18)),
        ("next friday at noon", moment(12, 4, 12)),
        ("on 3 december", day(12, 3)),
        ("no later than friday", day(11, 27)),
        ("end of the day", day(11, 23)),
        ("this week", day(11, 29)),
        ("by the end of the week", day(11, 29)),
        ("eom", day(11, 30)),
        ("end of year", day(12, 31)),
        ("next month", day(12, 1)),
        ("next year", day(1, 1, 2027)),
        ("2 days", day(11, 25)),
        ("a week from today", day(11, 30)),
    ],
)
def test_what_else_people_say_is_understood(
    text: str, deadline: DayDeadline | TimedDeadline
) -> None:
    assert read(text, language=Language.ENGLISH) == read(text)
    reading = read(text)

    assert isinstance(reading, Understood)
    assert reading.deadline == deadline


def either(*moments: tuple[int, int, int]) -> HalfMissing:
    """*moments*: day of November 2026, hour, minute."""
    return HalfMissing(
        tuple((date(2026, 11, on), time(hour, minute)) for on, hour, minute in moments)
    )


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("завтра в 7", either((24, 7, 0), (24, 19, 0))),
        ("tomorrow at 6", either((24, 6, 0), (24, 18, 0))),
        ("tomorrow at seven o'clock", either((24, 7, 0), (24, 19, 0))),
        ("в пятницу в 5", either((27, 5, 0), (27, 17, 0))),
        ("в понедельник в 6", either((23, 18, 0), (30, 6, 0), (30, 18, 0))),
        ("half past six", either((23, 18, 30), (24, 6, 30), (24, 18, 30))),
        ("полседьмого", either((23, 18, 30), (24, 6, 30), (24, 18, 30))),
        ("в семь", either((23, 19, 0), (24, 7, 0), (24, 19, 0))),
        ("в час", either((24, 1, 0), (24, 13, 0))),
        ("quarter to five", either((23, 16, 45), (24, 4, 45), (24, 16, 45))),
    ],
)
def test_a_small_hour_of_either_half_of_the_day_is_not_guessed(text: str, reading: Reading) -> None:
    assert read(text) == reading


def test_an_hour_is_over_only_when_both_of_its_halves_are() -> None:
    assert read("сегодня в 3") == AlreadyPast(moment(11, 23, 15))
    assert read("сегодня в 6:00") == AlreadyPast(moment(11, 23, 6))


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("5 минут", timedelta(minutes=5)),
        ("2 часа", timedelta(hours=2)),
        ("через 1 час 30 минут", timedelta(minutes=90)),
        ("через час и 15 минут", timedelta(minutes=75)),
        ("через 1,5 часа", timedelta(minutes=90)),
        ("через сорок минут", timedelta(minutes=40)),
        ("5 minutes", timedelta(minutes=5)),
        ("half an hour", timedelta(minutes=30)),
        ("in fifteen minutes", timedelta(minutes=15)),
        ("in an hour and a half", timedelta(minutes=90)),
        ("in 1.5 hours", timedelta(minutes=90)),
        ("in 1 hour 30 minutes", timedelta(minutes=90)),
        ("an hour from now", timedelta(hours=1)),
        ("in 3h", timedelta(hours=3)),
        ("через час", timedelta(hours=1)),
        ("через 2 часа", timedelta(hours=2)),
        ("через 15 минут", timedelta(minutes=15)),
        ("через полчаса", timedelta(minutes=30)),
        ("через полтора часа", timedelta(minutes=90)),
        ("in 2 hours", timedelta(hours=2)),
        ("in half an hour", timedelta(minutes=30)),
        ("in 90 min", timedelta(minutes=90)),
    ],
)
def test_times_from_now_are_real_durations(text: str, ahead: timedelta) -> None:
    reading = read(text)

    assert isinstance(reading, Understood)
    assert reading.deadline == TimedDeadline(MONDAY + ahead, ZONE)


def test_a_weekday_is_today_only_while_the_time_is_ahead() -> None:
    later, earlier, whole = read("в понедельник в 18"), read("в понедельник в 9"), read("в пн")

    assert isinstance(later, Understood)
    assert later.deadline == moment(11, 23, 18)
    assert isinstance(earlier, Understood)
    assert earlier.deadline == moment(11, 30, 9)
    assert isinstance(whole, Understood)
    assert whole.deadline == day(11, 30)


@pytest.mark.parametrize(
    ("text", "clock_time"),
    [("18:00", time(18)), ("в 9", time(9)), ("7 вечера", time(19)), ("6pm", time(18))],
)
def test_a_time_without_a_day_is_asked_about(text: str, clock_time: time) -> None:
    assert read(text) == DayMissing(clock_time)


@pytest.mark.parametrize("text", ["31.02", "30 февраля", "2026-13-01", "32.01.2027", "0.5"])
def test_a_date_that_does_not_exist_is_named(text: str) -> None:
    assert read(text) == ImpossibleDate(text)


@pytest.mark.parametrize("text", ["25:00", "завтра 24:30", "завтра 12:60", "13pm"])
def test_a_time_that_does_not_exist_is_named(text: str) -> None:
    reading = read(text)

    assert isinstance(reading, ImpossibleTime)
    assert reading.text in text


@pytest.mark.parametrize("text", ["31.12.9999", "через 9999 лет", "25.12.1900"])
def test_a_date_beyond_the_calendar_is_impossible(text: str) -> None:
    assert isinstance(read(text), ImpossibleDate)


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("сегодня в 10:00", moment(11, 23, 10)),
        ("23.11 14:59", moment(11, 23, 14, 59)),
        ("25.12.2020", day(12, 25, 2020)),
        ("2020-12-25 18:00", moment(12, 25, 18, year=2020)),
    ],
)
def test_what_is_over_is_said_to_be_over(text: str, deadline: DayDeadline | TimedDeadline) -> None:
    assert read(text) == AlreadyPast(deadline)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "May the force be with you",
        "купить молоко завтра",
        "завтрашний",
        "завтра послезавтра",
        "завтра в 12 ночи",
        "сегодня через час",
        "вторникз",
        "10h",
        "пт 18",
        "завтра вечером в 12",
        "tomorrow morning at 18:00",
        "завтра утром вечером",
        "in a few days",
        "до",
        "x" * 300,
    ],
)
def test_what_is_not_sure_is_not_guessed(text: str) -> None:
    assert read(text) == NotUnderstood()


def test_an_order_that_depends_on_the_country_is_not_guessed_in_english() -> None:
    assert read("03/04", language=Language.ENGLISH) == NotUnderstood()
    russian = read("03/04", language=Language.RUSSIAN)
    assert isinstance(russian, Understood)
    assert russian.deadline == day(4, 3, 2027)


def test_the_span_is_what_was_used() -> None:
    reading = read("  до завтра в 18:00 ")

    assert isinstance(reading, Understood)
    first, end = reading.span
    assert "  до завтра в 18:00 "[first:end] == "завтра в 18:00"


zones = st.sampled_from(sorted(timezone_names()))
moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    datetime(2400, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
VOCABULARY: Final = """в 6 вечером утром половине седьмого без четверти семь пол конца недели
at half past quarter to o'clock night an hour and a
завтра сегодня в до пятницу 18:00 25.12 31.02 через 2 9999 часа дня утра
tomorrow at fri in days 6pm next dec 25 2027-01-01 29 февраля года месяц weekend . , / -"""
words = st.lists(st.sampled_from(VOCABULARY.split()), max_size=6).map(" ".join)


@given(st.text() | words, st.sampled_from(Language), moments, zones)
def test_any_text_is_read_and_what_is_understood_lies_ahead(
    text: str, language: Language, now: datetime, timezone: str
) -> None:
    reading = understand_deadline(text, language=language, now=now, timezone=timezone)

    if isinstance(reading, Understood):
        assert reading.deadline.ends_at > now
        assert 0 <= reading.span[0] < reading.span[1] <= len(text)
    if isinstance(reading, HalfMissing):
        assert 1 < len(reading.moments) <= 4
        shown = local(now, timezone).replace(tzinfo=None)
        assert all(datetime.combine(on, at) > shown for on, at in reading.moments)


@given(
    st.dates(date(2027, 1, 1), date(2098, 12, 31)),
    st.times(),
    zones,
    st.sampled_from(["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M", "%H:%M %d.%m.%Y"]),
)
def test_any_date_and_time_in_digits_is_that_date_and_time(
    on: date, at: time, timezone: str, form: str
) -> None:
    at = at.replace(second=0, microsecond=0)
    text = datetime.combine(on, at).strftime(form)

    reading = understand_deadline(text, language=Language.RUSSIAN, now=MONDAY, timezone=timezone)

    assert isinstance(reading, Understood)
    assert reading.deadline == TimedDeadline(moment_of(on, at, timezone), timezone)


@given(st.integers(1, 5000), moments.filter(lambda now: now.year < 2300), zones)
def test_any_number_of_days_from_now_is_so_many_days_from_today(
    number: int, now: datetime, timezone: str
) -> None:
    reading = understand_deadline(
        f"in {number} days", language=Language.ENGLISH, now=now, timezone=timezone
    )

    today = local(now, timezone).date()
    assert isinstance(reading, Understood)
    assert reading.deadline == DayDeadline(today + timedelta(days=number), timezone)
