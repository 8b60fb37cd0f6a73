"""Ids as text, by a library that is quick about it: the same texts as by the ids' own."""

import string

import pytest
from hypothesis import given, strategies as st
from ulid import ULID

from taskbot.adapters.id_text import id_in, new_text, text_of

_IDS = st.binary(min_size=16, max_size=16).map(ULID)
_NEARLY = st.text(string.ascii_letters + string.digits, min_size=25, max_size=27)


@given(_IDS)
def test_any_id_has_the_text_that_its_own_library_gives_it(some_id: ULID) -> None:
    assert text_of(some_id) == str(some_id)
    assert id_in(text_of(some_id)) == some_id
    assert id_in(text_of(some_id).lower()) == some_id


@given(_NEARLY | st.text(max_size=30))
def test_any_text_is_an_id_if_it_is_one_to_its_own_library(text: str) -> None:
    try:
        expected = ULID.from_str(text)
    except ValueError:
        with pytest.raises(ValueError, match="no ULID"):
            id_in(text)
    else:
        assert id_in(text) == expected


def test_a_new_text_is_an_id_like_no_other() -> None:
    one, another = new_text(), new_text()

    assert one != another
    assert str(ULID.from_str(one)) == one
