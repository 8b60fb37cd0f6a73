"""Deadlines by buttons: quick days, the calendar, the times of a day; and typed in between."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given, strategies as st
from ulid import ULID

from support.telegram import Person, Stage
from taskbot.adapters.telegram import deadline_choice
from taskbot.adapters.telegram.callbacks import NewDeadline, StepDeadline
from taskbot.adapters.telegram.deadline_choice import Question, Way
from taskbot.adapters.telegram.deadline_choice.calendar import BLANK, OVER
from taskbot.adapters.telegram.deadline_choice.choices import (
    Chosen,
    Month,
    TimeOf,
    day_choice,
    month_choice,
    read,
    time_choice,
)
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.deadline_text import AlreadyPast, NotUnderstood, Understood
from taskbot.domain.timezone import local, timezone_names
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio

Begin: TypeAlias = Callable[..., Awaitable[Person]]
DAYS = st.dates(date(1971, 1, 2), date(2999, 12, 30))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def carried(choice: str) -> CallbackData:
    return NewDeadline(id=ULID(), choice=choice)


async def in_create(stage: Stage, language: str = "en") -> Person:
    somebody = await stage.started(language=language)
    await somebody.send("/create")
    await somebody.send("Buy milk")
    await somebody.press("▶")
    await somebody.press("No category" if language == "en" else "Без категории")
    return somebody


async def on_a_card(stage: Stage, language: str = "en") -> Person:
    somebody = await stage.started(language=language)
    await somebody.send("Buy milk")
    await somebody.press("📅")
    return somebody


everywhere = pytest.mark.parametrize("begin", [in_create, on_a_card])


@everywhere
async def test_a_day_of_the_calendar_and_then_a_time(stage: Stage, begin: Begin) -> None:
    ada = await begin(stage)
    question = ada.shown["message_id"]

    await ada.press("📆 Day and time…")
    assert ada.text.startswith("📌 Buy milk\n\nWhich day?")
    assert ada.labels[1] == "March 2100"
    assert ada.labels[3:10] == ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    assert ada.labels[10:12] == ["•15", "16"], "it is a Monday, and two weeks are over"
    await ada.press("▶")
    assert ada.labels[1] == "April 2100"
    assert ada.labels[10:14] == [BLANK, BLANK, BLANK, "1"]
    await ada.press("20")
    assert "📅 Tue 20 April\nAt what time?" in ada.text
    assert ada.labels[:-2] == ["The whole day", "🌅 09:00", "12:00", "15:00", "18:00", "21:00"]
    await ada.press("18:00")

    assert "📅 Tue 20 April at 18:00" in ada.text
    assert ada.shown["message_id"] == question, "all of it in one message"


@everywhere
async def test_the_whole_way_back(stage: Stage, begin: Begin) -> None:
    ada = await begin(stage)
    first = ada.text
    await ada.press("📆")
    await ada.press("▶")
    await ada.press("20")

    await ada.press("Back")
    assert ada.labels[1] == "April 2100"
    await ada.press("◀")
    assert ada.labels[1] == "March 2100"
    assert ada.labels[0] == BLANK, "there is no way into the past"
    await ada.press("◀ Back")

    assert ada.text == first


@everywhere
async def test_a_time_is_typed_for_the_day_that_was_tapped(stage: Stage, begin: Begin) -> None:
    anna = await begin(stage, "ru")
    await anna.press("📆 День и время…")
    assert anna.labels[1] == "Март 2100"
    assert anna.labels[3:5] == ["пн", "вт"]
    await anna.press("20")
    assert "📅 сб, 20 марта\nВо сколько?" in anna.text

    await stage.restart()
    await anna.send("в 14:30")

    assert "📅 сб, 20 марта в 14:30" in anna.text


@everywhere
async def test_another_deadline_may_be_typed_over_the_calendar(stage: Stage, begin: Begin) -> None:
    ada = await begin(stage)
    await ada.press("📆")
    await ada.press("20")

    assert "📅 Fri 19 March\n" in await ada.send("friday")


@everywhere
async def test_today_offers_the_times_that_are_still_ahead(stage: Stage, begin: Begin) -> None:
    ada = await begin(stage)  # it is 15:00
    await ada.press("📆")
    await ada.press("•15")

    assert ada.labels[:-2] == ["The whole day", "18:00", "21:00"]
    await ada.press("The whole day")
    assert "📅 today\n" in ada.text


@everywhere
async def test_a_cell_that_is_no_day_ahead_says_so(stage: Stage, begin: Begin) -> None:
    ada = await begin(stage)
    await ada.press("📆")

    for cell in ("Mo", BLANK):
        answer = await ada.press(cell)
        assert answer["text"] == "Please tap a day that is still ahead."


@everywhere
async def test_another_day_for_a_time_comes_from_the_calendar(stage: Stage, begin: Begin) -> None:
    ada = await begin(stage)
    await ada.send("9:00")
    assert ada.labels[:2] == ["Tomorrow 09:00", "Wed 17 Mar 09:00"]

    await ada.press("📆 Another day…")
    assert "09:00 on which day?" in ada.text
    assert "15" not in "".join(ada.labels[:26]), "9:00 is over today"
    await ada.press("20")

    assert "📅 Sat 20 March at 09:00" in ada.text


@everywhere
async def test_an_hour_of_either_half_of_the_day_is_asked_about(stage: Stage, begin: Begin) -> None:
    ada = await begin(stage)

    assert "In the morning or in the evening? 06:00 / 18:00" in await ada.send("tomorrow at 6")
    assert ada.labels == ["Tomorrow 06:00", "Tomorrow 18:00", "◀ Back", "✖ Cancel"]
    await ada.press("Tomorrow 18:00")

    assert "📅 tomorrow at 18:00" in ada.text


async def test_an_old_calendar_shows_no_month_that_is_over(stage: Stage) -> None:
    ada = await on_a_card(stage)
    await ada.press("📆")
    await ada.press("▶")
    await ada.press("◀")
    stage.core.clock.advance(timedelta(days=60))

    await ada.press("▶")
    assert ada.labels[1] == "May 2100"
    assert (await ada.press(OVER))["text"] == "Please tap a day that is still ahead."
    await ada.press("•14")
    stage.core.clock.advance(timedelta(days=2))
    await ada.press("Back")
    await ada.press("20")
    stage.core.clock.advance(timedelta(days=10))
    await ada.press("18:00")

    assert "That is over already: Thu 20 May at 18:00." in ada.text


async def test_the_calendar_of_a_completed_task_shows_that_it_is_done(stage: Stage) -> None:
    ada = await on_a_card(stage)
    await ada.press("📆")
    user = await stage.core.users.find_or_register(ada.id)
    task_id = NewDeadline.unpack(ada.shown["buttons"][0][1]["data"]).task_id
    await stage.core.tasks.complete(task_id, actor=user.id)

    answer = await ada.press("20")

    assert answer["text"] == "It is done already."
    assert "A new task" in await ada.send("friday"), "the question is over"


async def test_the_calendar_waits_while_a_new_task_is_begun(stage: Stage) -> None:
    ada = await on_a_card(stage)
    await ada.press("📆")
    day = next(b["data"] for row in ada.shown["buttons"] for b in row if b["text"] == "20")
    await ada.press("Cancel")
    await ada.send("/create")
    await ada.send("Buy bread")

    answer = await ada.press_data(day)

    assert answer["text"] == "Please finish the new task first, or cancel it: /cancel"


@pytest.mark.parametrize("month", ["m30001", "m300001T0000", "m999912"])
def test_a_month_after_the_last_year_leads_to_the_last_month(month: str) -> None:
    voice = Voice(language=Language.ENGLISH, timezone="UTC", now=datetime(2026, 11, 28, tzinfo=UTC))

    question = deadline_choice.follow(voice, month, carried, day_start=time(9))

    assert isinstance(question, Question)
    texts = [one.text for row in question.rows for one in row]
    assert "December 2999" in texts
    assert "31" in texts


@given(day=DAYS, at=TIMES)
def test_any_choice_is_read_as_it_was_written_and_fits(day: date, at: time) -> None:
    first = day.replace(day=1)
    written: list[tuple[str, object]] = [
        (day_choice(day), Chosen(day, None)),
        (day_choice(day, at), Chosen(day, at)),
        (time_choice(day), TimeOf(day)),
        (month_choice(), Month(None, None)),
        (month_choice(first), Month(first, None)),
        (month_choice(first, at), Month(first, at)),
        (month_choice(None, at), Month(None, at)),
    ]
    for choice, read_as in written:
        assert read(choice) == read_as
        assert len(carried(choice).pack().encode()) <= 64
        assert len(StepDeadline(choice=choice).pack().encode()) <= 64


@given(
    st.text(max_size=20) | st.from_regex("[dm]?[0-9]{0,8}(T[0-9]{0,4})?", fullmatch=True),
    st.datetimes(datetime(1990, 1, 1), datetime(2998, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(sorted(timezone_names())),
    st.sampled_from(Language),
    TIMES,
)
def test_any_button_leads_somewhere_and_never_into_the_past(
    choice: str, now: datetime, timezone: str, language: Language, day_start: time
) -> None:
    voice = Voice(language=language, timezone=timezone, now=now)

    followed = deadline_choice.follow(voice, choice, carried, day_start=day_start)

    match followed:
        case Question(rows=rows, back=back):
            every = [one for row in [*rows, [back]] for one in row]
            assert len(every) <= 90
            assert all(one.text.strip() for one in every)
            for one in every:
                led = NewDeadline.unpack(one.callback_data or "").choice
                assert led in {"x", "b"} or read(led) is not None
                if isinstance(chosen := read(led), Chosen):
                    reading = deadline_choice.follow(voice, led, carried, day_start=day_start)
                    assert isinstance(reading, Understood), chosen
        case Way() | Understood() | AlreadyPast() | NotUnderstood():
            pass
        case _:
            pytest.fail(f"{choice!r} leads to {followed!r}")


@pytest.mark.parametrize("language", Language)
def test_a_week_begins_on_monday_here(language: Language) -> None:
    now = datetime(2100, 3, 15, 12, tzinfo=UTC)
    voice = Voice(language=language, timezone="UTC", now=now)

    assert voice.first_weekday == 0
    assert local(now, "UTC").date() == voice.today
    assert len(voice.weekdays) == 7
