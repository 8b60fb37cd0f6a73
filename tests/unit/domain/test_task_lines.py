"""Which lines can be tasks of their own."""

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW, a_task
from taskbot.domain.errors import NoSeveralLines
from taskbot.domain.task_lines import LINES_LIMIT, join, split, titles_in


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("a\nb", ("a", "b")),
        ("- a\n* b\n• c\n+ d\n— e", ("a", "b", "c", "d", "e")),
        ("1. a\n2) b\n10. c", ("a", "b", "c")),
        ("[ ] a\n- [x] b\n☐ c\n[] d", ("a", "b", "c", "d")),
        ("\n  a  \n\n\tb\n", ("a", "b")),
        ("-5 degrees\n3.5 kg", ("-5 degrees", "3.5 kg")),
        ("1984\n2001: a space odyssey", ("1984", "2001: a space odyssey")),
        ("купить 🥛\r\nхлеб", ("купить 🥛", "хлеб")),
        ("alone", ()),
        ("alone\n\n", ()),
        ("", ()),
        ("a\n- \nb", ("a", "b")),
        ("a\n[ ] ", ()),
        ("a\n" + "x" * 201, ()),
        ("\n".join("a" * LINES_LIMIT), ("a",) * LINES_LIMIT),
        ("\n".join("a" * (LINES_LIMIT + 1)), ()),
    ],
)
def test_lines_are_titles_without_the_marks_of_lists(text: str, titles: tuple[str, ...]) -> None:
    assert titles_in(text) == titles


@given(st.text())
def test_any_text_is_read_as_lines(text: str) -> None:
    titles = titles_in(text)

    assert len(titles) != 1
    assert len(titles) <= LINES_LIMIT


@given(st.lists(st.from_regex("[a-zа-я]{1,20}", fullmatch=True), min_size=2, max_size=LINES_LIMIT))
def test_any_lines_can_be_split_and_joined_again(lines: list[str]) -> None:
    task = a_task(title=lines[0], description="\n".join(lines[1:]))

    first, parts = split(task, now=NOW)
    joined = join(first, parts, now=NOW)

    assert [one.title for one in (first, *parts)] == lines
    assert len({one.id for one in (first, *parts)}) == len(lines)
    assert (joined.title, joined.description) == (task.title, task.description)


def test_one_line_is_not_several() -> None:
    with pytest.raises(NoSeveralLines):
        split(a_task(), now=NOW)
