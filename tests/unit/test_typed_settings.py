"""Durations and times of the day, as people type them."""

from datetime import time, timedelta

import pytest
from hypothesis import example, given, strategies as st

from taskbot.application.clock_text import understand_clock
from taskbot.application.duration_text import understand_duration
from taskbot.domain.user import Language

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("2 hours", 2 * HOUR),
        ("90 минут", 90 * MINUTE),
        ("1,5 часа", 90 * MINUTE),
        ("1.5 h", 90 * MINUTE),
        ("полтора часа", 90 * MINUTE),
        ("Полчаса", 30 * MINUTE),
        ("half an hour", 30 * MINUTE),
        ("час", HOUR),
        ("an hour", HOUR),
        ("1h30m", 90 * MINUTE),
        ("1 час и 15 минут", 75 * MINUTE),
        ("1 day 2 hours", DAY + 2 * HOUR),
        ("за 3 дня", 3 * DAY),
        ("a week before", 7 * DAY),
        ("за неделю до", 7 * DAY),
        ("45мин.", 45 * MINUTE),
        ("at the time", timedelta(0)),
        ("в срок", timedelta(0)),
        ("0", timedelta(0)),
    ],
)
def test_a_duration_is_understood(text: str, duration: timedelta) -> None:
    assert understand_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", " ", "2", "soon", "завтра", "2 hours ago", "3 месяца", "minutely", "-1 hour", "x" * 61],
)
def test_what_is_no_duration_is_not_guessed_at(text: str) -> None:
    assert understand_duration(text) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8", time(8)),
        ("08:30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("0830", time(8, 30)),
        ("0", time(0)),
        ("23:59", time(23, 59)),
        ("7 pm", time(19)),
        ("в 9 утра", time(9)),
        ("noon", time(12)),
    ],
)
def test_a_time_of_the_day_is_understood(text: str, clock: time) -> None:
    assert understand_clock(text, language=Language.ENGLISH) == clock


@pytest.mark.parametrize("text", ["", "24:00", "8:60", "99", "tomorrow", "tomorrow 8:00", "12345"])
def test_what_is_no_time_of_the_day_is_not_guessed_at(text: str) -> None:
    assert understand_clock(text, language=Language.RUSSIAN) is None


@given(st.text(max_size=70))
@example("999999 weeks " * 4)
@example("²")
@example("٣ hours")
def test_no_text_breaks_either(text: str) -> None:
    duration = understand_duration(text)
    understand_clock(text, language=Language.ENGLISH)

    assert duration is None or (duration >= timedelta(0) and not duration % MINUTE)
