"""What buttons carry."""

import importlib
import pkgutil
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import Enum
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from zoneinfo import available_timezones

import pytest
from aiogram.filters.callback_data import CallbackData
from hypothesis import given, settings, strategies as st
from ulid import ULID

from support.strategies import ulids
from taskbot.adapters import telegram
from taskbot.adapters.telegram.callbacks import (
    AboutTask,
    CardAction,
    ListPage,
    NewCategory,
)
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


LONGEST: Final = {
    "choice": "20261124T1800",
    "clock": "23:59",
    "ends_at": 10**18 - 1,  # microseconds until the year 9999
    "language": "en",
    "place": "x" * 32,
    "timezone": max(available_timezones(), key=len),
}
"""What a field can hold at most, by its name, where its type does not say so."""
BIGGEST: Final = 2**31 - 1
"""Of a version, a page or a number of things: what a column for it holds."""


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(telegram.__path__, f"{telegram.__name__}."):
        yield importlib.import_module(found.name)


def every_kind() -> list[type[CallbackData]]:
    """Everything that a button of the bot can carry, wherever it is defined."""
    kinds = {
        one
        for module in _modules()
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, CallbackData) and one is not CallbackData
    }
    return sorted(kinds, key=lambda kind: kind.__prefix__)


KINDS: Final = every_kind()


def _values(kind: type[CallbackData], name: str) -> st.SearchStrategy[Any]:
    """What the field may hold, the longest above all."""
    field = kind.model_fields[name]
    return _of_type(kind, name, field.annotation, _bounds(field.metadata))


def _bounds(metadata: Iterable[Any]) -> dict[str, int]:
    """What annotated-types, or pydantic's `Field` in an annotation, say of a value."""
    told = [part for one in metadata for part in getattr(one, "metadata", [one])]
    return {
        name: value
        for one in told
        for name in ("ge", "le", "max_length")
        if (value := getattr(one, name, None)) is not None
    }


def _of_type(
    kind: type[CallbackData], name: str, one: Any, bounds: dict[str, int]
) -> st.SearchStrategy[Any]:
    if get_origin(one) in {Union, UnionType}:
        return st.one_of([_of_type(kind, name, choice, bounds) for choice in get_args(one)])
    if get_origin(one) is Annotated:
        one, *metadata = get_args(one)
        bounds |= _bounds(metadata)
    if one is NoneType:
        return st.none()
    if one is bool or issubclass(one, Enum):
        return st.sampled_from([True, False] if one is bool else list(one))
    if one is ULID:
        return ulids
    if name in LONGEST:
        return st.just(LONGEST[name])
    if one is int:
        least, most = bounds.get("ge", -BIGGEST), bounds.get("le", BIGGEST)
        return st.sampled_from([least, most]) | st.integers(least, most)
    if one is str and "max_length" in bounds:
        letters = st.characters(codec="utf-8", exclude_characters=kind.__separator__)
        return st.text(letters, min_size=1, max_size=bounds["max_length"])
    pytest.fail(f"tell in LONGEST how long {kind.__name__}.{name} ({one}) can be, or in its type")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=50)
@given(data=st.data())
def test_whatever_a_button_carries_fits_and_comes_back(
    kind: type[CallbackData], data: st.DataObject
) -> None:
    fields = {name: data.draw(_values(kind, name)) for name in kind.model_fields}
    carried = kind(**fields)

    packed = carried.pack()

    assert len(packed.encode()) <= 64
    assert kind.unpack(packed) == carried


def test_prefixes_are_told_apart() -> None:
    by_prefix = defaultdict(list)
    for kind in KINDS:
        by_prefix[kind.__prefix__].append(f"{kind.__module__}.{kind.__name__}")

    assert len(KINDS) > 15
    assert {prefix: names for prefix, names in by_prefix.items() if len(names) > 1} == {}


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
