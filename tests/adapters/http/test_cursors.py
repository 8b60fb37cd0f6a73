"""Cursors say exactly one place."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st
from ulid import ULID

from taskbot.adapters.http.cursors import cursor_of, position_at
from taskbot.adapters.http.problems import Refused
from taskbot.application.ports import TaskPosition
from taskbot.domain.ids import TaskId

positions = st.builds(
    TaskPosition,
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.binary(min_size=16, max_size=16).map(lambda raw: TaskId(ULID.from_bytes(raw))),
)


@given(positions)
def test_reading_a_cursor_undoes_writing_it(position: TaskPosition) -> None:
    assert position_at(cursor_of(position)) == position


@given(positions)
def test_a_cursor_needs_no_escaping_in_a_query(position: TaskPosition) -> None:
    cursor = cursor_of(position)

    assert cursor.isascii()
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text() | st.text("AZaz09-_", max_size=40))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert cursor_of(position_at(text)) == text


def test_moments_are_kept_to_the_microsecond() -> None:
    moment = datetime(2100, 1, 1, 0, 0, 0, 1, tzinfo=UTC)

    position = position_at(cursor_of(TaskPosition(moment, TaskId(ULID()))))

    assert position.ends_at == moment


def test_one_place_has_one_cursor_only() -> None:
    cursor = cursor_of(TaskPosition(None, TaskId(ULID.from_bytes(bytes(16)))))
    same_bytes = cursor[:-1] + "B"  # the last letter has four bits to spare

    assert cursor.endswith("A")
    with pytest.raises(Refused):
        position_at(same_bytes)
