"""What buttons carry."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st
from ulid import ULID

from taskbot.adapters.telegram import callbacks
from taskbot.adapters.telegram.callbacks import (
    AboutTask,
    CardAction,
    ListPage,
    NewCategory,
    NewDeadline,
    NewPriority,
    SnoozeFor,
)
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

    NewCategory(id=task_id, category=category_id, version=2**31 - 1).pack()
    NewPriority(id=task_id, priority=4, version=2**31 - 1).pack()
    for action in CardAction:
        AboutTask(action=action, id=task_id, version=2**31 - 1).pack()
    NewDeadline(id=task_id, choice="20261124T1800").pack()
    SnoozeFor(id=task_id, minutes=999_999, on_reminder=True).pack()
    callbacks.SetTimezone(timezone="America/Argentina/ComodRivadavia").pack()


def test_prefixes_are_told_apart() -> None:
    every = [one for one in vars(callbacks).values() if hasattr(one, "__prefix__")]
    prefixes = [one.__prefix__ for one in every]

    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("category", [None, ULID()])
def test_no_category_is_told_from_a_category(category: ULID | None) -> None:
    packed = NewCategory(id=ULID(), category=category).pack()

    assert NewCategory.unpack(packed).category_id == category


VERSIONS = st.none() | st.integers(min_value=1, max_value=2**31 - 1)


@given(version=VERSIONS, has_category=st.booleans())
def test_a_version_survives_the_button(
    version: int | None,
    has_category: bool,  # noqa: FBT001 - Hypothesis passes it by name
) -> None:
    task_id, category = ULID(), ULID() if has_category else None

    about = AboutTask(action=CardAction.DONE, id=task_id, version=version)
    filed = NewCategory(id=task_id, category=category, version=version)

    assert AboutTask.unpack(about.pack()) == about
    assert NewCategory.unpack(filed.pack()) == filed


def test_buttons_from_before_there_were_versions_are_read() -> None:
    task_id = ULID()

    about = AboutTask.unpack(f"t:done:{task_id}")
    none = NewCategory.unpack(f"tc:{task_id}:")

    assert (about.id, about.version) == (task_id, None)
    assert (none.id, none.category_id, none.version) == (task_id, None, None)
    assert about.pack() == f"t:done:{task_id}"
    assert none.pack() == f"tc:{task_id}:"
