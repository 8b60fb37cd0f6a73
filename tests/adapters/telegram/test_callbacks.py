"""What buttons carry."""

from datetime import UTC, datetime

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given, strategies as st
from ulid import ULID

from taskbot.adapters.telegram import callbacks, create_dispatcher
from taskbot.adapters.telegram.callbacks import ListPage, NewCategory, NewDeadline, SnoozeFor
from taskbot.application.ports import NEVER, TaskPosition
from taskbot.domain.ids import TaskId

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(ends_at=st.none() | MOMENTS, backwards=st.booleans())
def test_a_place_in_the_list_survives_the_button_to_the_microsecond(
    ends_at: datetime | None,
    backwards: bool,  # noqa: FBT001 - Hypothesis passes it by name
) -> None:
    position = TaskPosition((ends_at or NEVER,), TaskId(ULID()))

    page = ListPage.unpack(ListPage.at(position, backwards=backwards).pack())

    assert page.position == position
    assert page.backwards is backwards


def test_the_longest_data_fit() -> None:
    task_id, category_id = ULID(), ULID()

    NewCategory(id=task_id, category=category_id).pack()
    NewDeadline(id=task_id, choice="20261124T1800").pack()
    SnoozeFor(id=task_id, minutes=999_999, on_reminder=True).pack()
    callbacks.SetTimezone(timezone="America/Argentina/ComodRivadavia").pack()


def test_prefixes_are_told_apart() -> None:
    every = [one for one in CallbackData.__subclasses__() if one.__module__.startswith("taskbot.")]
    prefixes = [one.__prefix__ for one in every]

    assert callable(create_dispatcher), "which imports all of them"
    assert sorted(prefixes) == sorted(set(prefixes))


@pytest.mark.parametrize("category", [None, ULID()])
def test_no_category_is_told_from_a_category(category: ULID | None) -> None:
    packed = NewCategory(id=ULID(), category=category).pack()

    assert NewCategory.unpack(packed).category_id == category
