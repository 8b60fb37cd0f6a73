"""Anything that may be stored, for Hypothesis."""

from datetime import UTC, time, timedelta
from typing import Final

from hypothesis import strategies as st
from ulid import ULID

from support.builders import NOW, a_category, a_reminder, a_task, a_user
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Priority, Task, TaskStatus
from taskbot.domain.text import is_readable, single_line
from taskbot.domain.user import LONGEST_LEAD_TIME, Language, ReminderPreferences, User

_BIGGEST_TELEGRAM_ID: Final = 2**52

ulids = st.integers(min_value=0, max_value=2**128 - 1).map(ULID.from_int)
telegram_ids = st.integers(min_value=1, max_value=_BIGGEST_TELEGRAM_ID)
timezones = st.sampled_from(
    ["UTC", "Europe/Moscow", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]
)
moments = st.datetimes(
    min_value=NOW.replace(year=1972, tzinfo=None),
    max_value=NOW.replace(year=2998, tzinfo=None),
    timezones=st.just(UTC),
)
lead_times = st.lists(
    st.timedeltas(min_value=timedelta(0), max_value=LONGEST_LEAD_TIME), max_size=10
).map(tuple)
# Whatever a person may type: letters of all scripts, emoji, marks of direction.
_texts = st.text(max_size=60) | st.sampled_from(
    [
        "a \x00 b",
        "cut at its limit " + 200 * "x ",
        "Купить молоко 🥛",
        "\u202eעברית",
        "👩\u200d👩\u200d👧",
        "'; --",
    ]
)


def _readable(limit: int) -> st.SearchStrategy[str]:
    cut = _texts.map(lambda text: text[:limit])
    return cut.filter(lambda text: is_readable(single_line(text)))


deadlines: st.SearchStrategy[Deadline] = st.builds(TimedDeadline, moments, timezones) | st.builds(
    DayDeadline, moments.map(lambda moment: moment.date()), timezones
)


@st.composite
def users(draw: st.DrawFn) -> User:
    return a_user(
        telegram_id=draw(telegram_ids),
        name=draw(_texts),
        language=draw(st.sampled_from(Language)),
        timezone=draw(timezones),
        timezone_chosen=draw(st.booleans()),
        preferences=ReminderPreferences(
            lead_times=draw(lead_times), day_start=draw(st.times(max_value=time(23, 59)))
        ),
        paused=draw(st.booleans()),
        reachable=draw(st.booleans()),
        deletion_at=draw(st.none() | moments),
        created_at=draw(moments),
        version=draw(st.integers(min_value=1, max_value=10**6)),
    )


@st.composite
def categories(draw: st.DrawFn) -> Category:
    return a_category(
        name=draw(_readable(50)),
        emoji=draw(st.none() | st.sampled_from("🏠💼🛒") | _texts),
        created_at=draw(moments),
        version=draw(st.integers(min_value=1, max_value=10**6)),
    )


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    completed_at = draw(st.none() | moments)
    return a_task(
        title=draw(_readable(200)),
        description=draw(_texts),
        priority=draw(st.sampled_from(Priority)),
        status=TaskStatus.OPEN if completed_at is None else TaskStatus.COMPLETED,
        deadline=draw(st.none() | deadlines),
        lead_times=draw(st.none() | lead_times),
        created_at=draw(moments),
        updated_at=draw(moments),
        completed_at=completed_at,
        version=draw(st.integers(min_value=1, max_value=10**6)),
    )


@st.composite
def reminders(draw: st.DrawFn) -> Reminder:
    counts = st.integers(min_value=0, max_value=1000)
    return a_reminder(
        fire_at=draw(moments),
        kind=draw(st.sampled_from(ReminderKind)),
        state=draw(st.sampled_from(ReminderState)),
        available_at=draw(st.none() | moments),
        attempt=draw(counts),
        failures=draw(counts),
        uncertain=draw(counts),
        sent_at=draw(st.none() | moments),
        message_id=draw(st.none() | st.integers(min_value=1, max_value=2**52)),
        last_error=draw(st.none() | _texts),
        created_at=draw(moments),
        trace_id=draw(st.none() | st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)),
    )
