"""Dates, times and durations in words."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW, a_category, a_reminder, a_task
from taskbot.adapters.telegram.texts import buttons, cards, reminders
from taskbot.adapters.telegram.texts.html import MESSAGE_LIMIT, units
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.views import TaskCard
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.reminder import ReminderState
from taskbot.domain.timezone import timezone_names
from taskbot.domain.user import Language


def moments(first_year: int, last_year: int) -> st.SearchStrategy[datetime]:
    first, last = datetime(first_year, 1, 1), datetime(last_year, 1, 1)  # noqa: DTZ001 - as asked
    return st.datetimes(first, last, timezones=st.just(UTC))


def visible(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


ENGLISH = Voice(language=Language.ENGLISH, timezone="Europe/Moscow", now=NOW)
RUSSIAN = Voice(language=Language.RUSSIAN, timezone="Europe/Moscow", now=NOW)


@pytest.mark.parametrize(
    ("moment", "english", "russian"),
    [
        (datetime(2100, 3, 15, 15, tzinfo=UTC), "today at 18:00", "сегодня в 18:00"),
        (datetime(2100, 3, 15, 21, tzinfo=UTC), "tomorrow at 00:00", "завтра в 00:00"),
        (datetime(2100, 3, 14, 6, tzinfo=UTC), "yesterday at 09:00", "вчера в 09:00"),
        (datetime(2100, 3, 19, 6, tzinfo=UTC), "Fri 19 March at 09:00", "пт, 19 марта в 09:00"),
        (
            datetime(2101, 5, 2, 6, tzinfo=UTC),
            "Mon 2 May 2101 at 09:00",
            "пн, 2 мая 2101 в 09:00",
        ),
    ],
)
def test_moments_in_words(moment: datetime, english: str, russian: str) -> None:
    assert ENGLISH.moment(moment) == english
    assert RUSSIAN.moment(moment) == russian


@pytest.mark.parametrize(
    ("duration", "english", "russian"),
    [
        (timedelta(0), "in 1 minute", "через 1 минуту"),
        (timedelta(seconds=119), "in 2 minutes", "через 2 минуты"),
        (timedelta(minutes=5), "in 5 minutes", "через 5 минут"),
        (timedelta(minutes=21), "in 21 minutes", "через 21 минуту"),
        (timedelta(minutes=59, seconds=59.7), "in 1 hour", "через 1 час"),
        (timedelta(minutes=90), "in 1 hour 30 minutes", "через 1 час 30 минут"),
        (timedelta(hours=11, minutes=5), "in 11 hours", "через 11 часов"),
        (timedelta(hours=22), "in 22 hours", "через 22 часа"),
        (timedelta(days=1, hours=2), "in 1 day 2 hours", "через 1 день 2 часа"),
        (timedelta(days=2, minutes=30), "in 2 days", "через 2 дня"),
        (timedelta(days=25, hours=4), "in 25 days", "через 25 дней"),
    ],
)
def test_durations_in_words(duration: timedelta, english: str, russian: str) -> None:
    assert ENGLISH.ahead(duration) == english
    assert RUSSIAN.ahead(duration) == russian


def test_moments_of_one_day_name_it_once() -> None:
    start = datetime(2100, 3, 15, 14, tzinfo=UTC)
    moments = [start, start + timedelta(hours=1), start + timedelta(days=1)]

    told = re.sub(r"<[^>]*>", "", str(ENGLISH.moments(moments)))

    assert told == "today at 17:00, 18:00, tomorrow at 17:00"


def test_buttons_tell_days_briefly() -> None:
    assert ENGLISH.short_day(date(2100, 3, 19)) == "Fri 19 Mar"
    assert RUSSIAN.short_day(date(2100, 3, 19)) == "пт 19 мар."
    assert ENGLISH.short_day(date(2101, 3, 19)) == "19 Mar 2101"


def test_values_are_escaped_and_fenced_and_our_own_are_not() -> None:
    said = ENGLISH.say("🗑 Deleted: {title}", title="<b>{x}</b> & co")

    assert said == "🗑 Deleted: \u2068&lt;b&gt;{x}&lt;/b&gt; &amp; co\u2069"


@given(
    language=st.sampled_from(Language),
    timezone=st.sampled_from(sorted(timezone_names())),
    now=moments(2000, 2100),
    title=st.text(min_size=1, max_size=200).map(lambda text: f"T{text}"[:200]),
    description=st.text(max_size=4000),
    deadline=st.none()
    | st.builds(
        TimedDeadline,
        moments(1990, 2110),
        st.just("Asia/Tokyo"),
    )
    | st.builds(DayDeadline, st.dates(date(1990, 1, 1), date(2110, 1, 1)), st.just("Asia/Tokyo")),
    state=st.sampled_from(ReminderState),
)
def test_any_task_can_be_told_within_the_limits(
    language: Language,
    timezone: str,
    now: datetime,
    title: str,
    description: str,
    deadline: TimedDeadline | DayDeadline | None,
    state: ReminderState,
) -> None:
    voice = Voice(language=language, timezone=timezone, now=now)
    task = a_task(title=title, description=description, deadline=deadline)
    sent_at = now if state is ReminderState.SENT else None
    reminder = a_reminder(task_id=task.id, state=state, sent_at=sent_at)

    card = cards.card(voice, TaskCard(task, a_category(), (reminder,)))
    told = reminders.reminder(voice, task, late_by=timedelta(minutes=5))

    assert units(visible(card)) <= MESSAGE_LIMIT - 200, "a question below it must fit, too"
    assert units(visible(told)) <= MESSAGE_LIMIT
    assert units(buttons.task(voice, task)) <= 100
