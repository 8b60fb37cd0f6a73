"""What stands in a form can be read again, in every language and by all clocks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from starlette_admin import i18n

from support.strategies import moments, timezones
from taskbot.adapters.admin.changing.form_fields import (
    TypedClockTime,
    TypedDay,
    TypedDurations,
    TypedMoment,
)
from taskbot.domain.user import LEAD_TIMES_LIMIT, LONGEST_LEAD_TIME, Language

DURATIONS = TypedDurations("new_lead_times")
MOMENT = TypedMoment("new_due_at")

in_minutes = st.integers(0, LONGEST_LEAD_TIME // timedelta(minutes=1)).map(
    lambda number: timedelta(minutes=number)
)


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    locale, timezone = i18n.get_locale(), i18n.get_timezone()
    yield
    i18n.set_locale(locale)
    i18n.set_timezone(timezone)


@given(st.lists(in_minutes, max_size=LEAD_TIMES_LIMIT), st.sampled_from(Language))
def test_durations_are_read_as_they_are_written(leads: list[timedelta], language: Language) -> None:
    i18n.set_locale(language.value)

    assert list(DURATIONS.read(DURATIONS.written(leads))) == leads


@given(moments, timezones)
def test_moments_are_read_as_they_are_written_but_for_an_hour_that_is_shown_twice(
    moment: datetime, timezone: str
) -> None:
    i18n.set_timezone(timezone)
    moment = moment.replace(microsecond=0)
    shown = moment.astimezone(i18n.get_tzinfo())

    written = MOMENT.written(moment)

    assert MOMENT.is_same(written, written)
    assert shown.fold or MOMENT.read(written) == moment


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        (MOMENT, "2100-03-16T10:00:00", "2100-03-16T10:00"),
        (MOMENT, "2100-03-16T10:00:00.000", "2100-03-16T10:00"),
        (TypedClockTime("new_day_start"), "09:00:00", "09:00"),
    ],
)
def test_browsers_may_spell_the_same_otherwise(
    field: TypedMoment | TypedClockTime, typed: str, shown: str
) -> None:
    assert field.is_same(typed, shown)
    assert not field.is_same(typed, "x")
    assert not field.is_same("x", shown)


@given(st.text(max_size=30))
def test_what_cannot_be_read_is_refused_and_never_taken_for_nothing(typed: str) -> None:
    for field in (DURATIONS, MOMENT, TypedDay("new_due_on"), TypedClockTime("new_day_start")):
        told = ""
        try:
            read = field.read(typed)
        except ValueError as refusal:
            read, told = None, str(refusal)
        assert read is not None or told.startswith(("This is not", "These are not"))
