"""Text that people typed, before a rule looks at it."""

import sys
import unicodedata

import pytest
from hypothesis import given, strategies as st

from taskbot.domain.text import many_lines, shortened, single_line

texts = st.text() | st.text("a \t\n\x00\x1f\u200b\u2028")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Купить \t молоко\n", "Купить молоко"),
        ("a \x00 b", "a b"),
        ("a\x00b", "ab"),
        ("lone \ud800 surrogate", "lone surrogate"),
    ],
)
def test_one_line_has_single_spaces_and_nothing_that_cannot_be_stored(raw: str, clean: str) -> None:
    assert single_line(raw) == clean


def test_of_all_characters_only_controls_and_surrogates_cannot_be_stored() -> None:
    every = [chr(number) for number in range(sys.maxunicode + 1)]
    unfit = {one for one in every if unicodedata.category(one) in {"Cc", "Cs"}}

    assert {one for one in every if single_line(f"a{one}b") == "ab"} == {
        one for one in unfit if not one.isspace()
    }
    assert {one for one in every if many_lines(f"a{one}b") == "ab"} == unfit - set("\r\n\t")


def test_several_lines_stay_several() -> None:
    assert many_lines(" a\r\nb\rc\x00\td \n") == "a\nb\nc\td"


@given(raw=texts)
def test_what_was_cleaned_once_stays_as_it_is(raw: str) -> None:
    # What is stored is cleaned again when it is read: it must come back as it was.
    assert single_line(single_line(raw)) == single_line(raw)
    assert many_lines(many_lines(raw)) == many_lines(raw)


@given(raw=texts, limit=st.integers(1, 20))
def test_what_was_shortened_once_stays_as_it_is(raw: str, limit: int) -> None:
    short = shortened(raw, limit)

    assert shortened(short, limit) == short
    assert len(short) <= limit
    assert single_line(raw).startswith(short)
