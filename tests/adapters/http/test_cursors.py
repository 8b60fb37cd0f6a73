"""A cursor says exactly one place, to the person and in the order that it was made for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st
from ulid import ULID

from support.builders import a_user
from taskbot.adapters.http.cursors import Cursors, SortedList
from taskbot.adapters.http.problems import Refused
from taskbot.adapters.memory import MemoryKeyStore
from taskbot.application.ports import TaskOrder, TaskPosition
from taskbot.application.views import DeadLetterPosition
from taskbot.domain.ids import ReminderId, TaskId

pytestmark = pytest.mark.anyio

moments = st.datetimes(timezones=st.just(UTC))
positions = st.builds(
    TaskPosition,
    st.tuples(moments) | st.tuples(st.integers(1, 4), moments),
    st.binary(min_size=16, max_size=16).map(lambda raw: TaskId(ULID.from_bytes(raw))),
)
lists = st.builds(
    SortedList,
    st.sampled_from([a_user().id, a_user().id]),
    st.sampled_from(TaskOrder),
    descending=st.booleans(),
)
MOMENT = datetime(2100, 1, 1, tzinfo=UTC)
KEYS = MemoryKeyStore()


@given(position=positions, of=lists)
async def test_reading_a_cursor_undoes_writing_it(position: TaskPosition, of: SortedList) -> None:
    cursor = await Cursors(KEYS).write(position, of=of)

    assert await Cursors(KEYS).read(cursor, of=of) == position


@given(position=positions, of=lists)
async def test_a_cursor_needs_no_escaping_in_a_query(
    position: TaskPosition, of: SortedList
) -> None:
    cursor = await Cursors(KEYS).write(position, of=of)

    assert cursor.isascii()
    assert cursor.translate(str.maketrans("", "", "-_.")).isalnum()
    assert len(cursor) <= 200


@given(position=positions, of=lists, place=st.integers(0, 199), bit=st.integers(0, 6))
async def test_a_cursor_with_any_bit_flipped_is_refused(
    position: TaskPosition, of: SortedList, place: int, bit: int
) -> None:
    cursors = Cursors(KEYS)
    cursor = await cursors.write(position, of=of)
    place %= len(cursor)
    forged = cursor[:place] + chr(ord(cursor[place]) ^ 1 << bit) + cursor[place + 1 :]

    with pytest.raises(Refused):
        await cursors.read(forged, of=of)


@given(position=positions, of=lists, other=lists)
async def test_a_cursor_is_good_for_its_own_list_alone(
    position: TaskPosition, of: SortedList, other: SortedList
) -> None:
    cursors = Cursors(KEYS)
    cursor = await cursors.write(position, of=of)

    if other == of:
        assert await cursors.read(cursor, of=other) == position
    else:
        with pytest.raises(Refused):
            await cursors.read(cursor, of=other)


@given(moment=moments, raw=st.binary(min_size=16, max_size=16))
async def test_a_place_among_dead_letters_is_read_as_it_was_written(
    moment: datetime, raw: bytes
) -> None:
    place = DeadLetterPosition(moment, ReminderId(ULID.from_bytes(raw)))
    cursor = await Cursors(KEYS).write_dead_letter(place)

    assert await Cursors(KEYS).read_dead_letter(cursor) == place


@given(position=positions, of=lists)
async def test_a_persons_cursor_is_no_operators_and_the_other_way_round(
    position: TaskPosition, of: SortedList
) -> None:
    cursors = Cursors(KEYS)
    theirs = await cursors.write(position, of=of)
    dead = await cursors.write_dead_letter(DeadLetterPosition(MOMENT, ReminderId(ULID())))

    with pytest.raises(Refused):
        await cursors.read_dead_letter(theirs)
    with pytest.raises(Refused):
        await cursors.read(dead, of=of)


async def test_a_cursor_that_was_signed_with_another_secret_is_refused() -> None:
    of = SortedList(a_user().id, TaskOrder.DEADLINE, descending=False)
    place = TaskPosition((MOMENT,), TaskId(ULID()))
    cursor = await Cursors(MemoryKeyStore()).write(place, of=of)

    with pytest.raises(Refused):
        await Cursors(KEYS).read(cursor, of=of)


@given(text=st.text() | st.text("AZaz09-_.", max_size=60) | st.sampled_from([".", "a.", ".a"]))
async def test_any_made_up_text_is_refused(text: str) -> None:
    of = SortedList(a_user().id, TaskOrder.DEADLINE, descending=False)

    with pytest.raises(Refused):
        await Cursors(KEYS).read(text, of=of)
