"""What buttons carry."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given, strategies as st
from ulid import ULID

import taskbot.adapters.telegram.dispatcher  # noqa: F401 - with it every button there is
from taskbot.adapters.telegram import callbacks
from taskbot.adapters.telegram.callbacks import ListPage, NewCategory, NewDeadline, SnoozeFor
from taskbot.adapters.telegram.listing import CategoryList, Tab, TabPage
from taskbot.adapters.telegram.listing.callbacks import FoundPage, packed, unpacked
from taskbot.application.ports import NEVER, TaskPosition
from taskbot.domain.ids import TaskId

ULIDS = st.binary(min_size=16, max_size=16).map(ULID.from_bytes)
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


@given(moment=st.just(NEVER) | MOMENTS, task_id=ULIDS)
def test_a_place_survives_being_packed(moment: datetime, task_id: ULID) -> None:
    place = TaskPosition((moment,), TaskId(task_id))

    assert unpacked(packed(place)) == place


@given(
    moment=st.just(NEVER) | MOMENTS,
    task_id=ULIDS,
    category=st.none() | ULIDS,
    tab=st.sampled_from(Tab),
    backwards=st.booleans(),
)
def test_every_page_of_every_list_fits_into_a_button(
    moment: datetime,
    task_id: ULID,
    category: ULID | None,
    tab: Tab,
    backwards: bool,  # noqa: FBT001 - Hypothesis passes it by name
) -> None:
    place = packed(TaskPosition((moment,), TaskId(task_id)))

    for page in (
        TabPage(tab=tab, backwards=backwards, place=place),
        CategoryList(id=category, backwards=backwards, place=place),
        FoundPage(backwards=backwards, place=place),
    ):
        assert type(page).unpack(page.pack()) == page


@given(
    st.text(max_size=40) | st.binary(max_size=30).map(lambda raw: urlsafe_b64encode(raw).decode())
)
def test_a_forged_place_is_none_or_one(text: str) -> None:
    place = unpacked(text)

    assert place is None or unpacked(packed(place)) == place


def test_the_longest_data_fit() -> None:
    task_id, category_id = ULID(), ULID()

    NewCategory(id=task_id, category=category_id).pack()
    NewDeadline(id=task_id, choice="20261124T1800").pack()
    SnoozeFor(id=task_id, minutes=999_999, on_reminder=True).pack()
    callbacks.SetTimezone(timezone="America/Argentina/ComodRivadavia").pack()


def test_prefixes_are_told_apart() -> None:
    prefixes = [
        one.__prefix__
        for one in CallbackData.__subclasses__()
        if one.__module__.startswith("taskbot")
    ]

    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("category", [None, ULID()])
def test_no_category_is_told_from_a_category(category: ULID | None) -> None:
    packed = NewCategory(id=ULID(), category=category).pack()

    assert NewCategory.unpack(packed).category_id == category
