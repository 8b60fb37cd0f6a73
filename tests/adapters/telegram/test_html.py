"""Cutting and fencing text."""

import re
from datetime import UTC, datetime, timedelta
from html import escape, unescape

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW
from taskbot.adapters.simulator.html_parsing import parse_html
from taskbot.adapters.telegram.texts.html import cut, isolated, shortened, timed, units

_TAGS = re.compile(r"<(/?)([\w-]+)[^>]*>")
_SIGNS = st.sampled_from(
    [
        "a",
        "é",
        "e\u0301",
        "👍",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "🇷🇺",
        "🇬🇧",
        "❤️",
        "1️⃣",
        "ש",
        "م",
        " ",
        "\n",
        "&",
        "<",
    ]
)
_TEXTS = st.lists(_SIGNS, max_size=60).map("".join)


@st.composite
def html(draw: st.DrawFn, depth: int = 0) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        if depth < 3 and draw(st.booleans()):
            tag = draw(st.sampled_from(["b", "i", "s", "u", 'tg-time unix="4000000000"']))
            inner = draw(html(depth + 1))
            parts.append(f"<{tag}>{inner}</{tag.split()[0]}>")
        else:
            parts.append(escape(draw(_TEXTS), quote=False))
    return "".join(parts)


def visible(text: str) -> str:
    return unescape(_TAGS.sub("", text))


@given(text=html(), limit=st.integers(1, 80))
def test_what_was_cut_fits_and_closes_its_tags(text: str, limit: int) -> None:
    result = cut(text, limit)

    opened: list[str] = []
    for closing, name in _TAGS.findall(result):
        if closing:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert not opened
    assert units(visible(result)) <= limit
    if units(visible(text)) <= limit:
        assert result == text
    else:
        assert visible(result).endswith("…")
        assert visible(text).startswith(visible(result)[:-1])
    parsed = parse_html(result)  # as Telegram does: no entity, tag or pair of surrogates is torn
    assert parsed.text == visible(result)
    assert parsed.length <= limit or result == text


@given(text=st.text(), limit=st.integers(1, 40))
def test_what_was_shortened_fits_and_can_be_encoded(text: str, limit: int) -> None:
    result = shortened(text, limit)

    assert units(result) <= limit
    assert result == text or result.endswith("…")
    assert text.startswith(result.removesuffix("…"))


@given(signs=st.lists(_SIGNS.filter(str.strip), min_size=1, max_size=30), limit=st.integers(12, 40))
def test_no_sign_is_shortened_to_a_part_of_it(signs: list[str], limit: int) -> None:
    text = "".join(signs)
    ends = {len("".join(signs[:count])) for count in range(len(signs) + 1)}

    result = shortened(text, limit)

    assert len(result.removesuffix("…")) in ends


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 20, "👨‍👩‍👧‍👦…"),
        ("🇷🇺🇬🇧", 7, "🇷🇺…"),
        ("e\u0301e\u0301e\u0301", 5, "e\u0301e\u0301…"),
        ("👍🏽👍🏽", 7, "👍🏽…"),
        ("one two", 5, "one…"),
        ("fits", 4, "fits"),
    ],
)
def test_examples_of_shortening(text: str, limit: int, expected: str) -> None:
    assert shortened(text, limit) == expected


def test_one_giant_sign_is_cut_all_the_same() -> None:
    assert units(shortened("a" + "\u0301" * 100, 10)) <= 10


@given(
    moment=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
)
def test_a_moment_is_told_as_telegrams_own_where_it_may_be_one(moment: datetime) -> None:
    shown = parse_html(str(timed("завтра в 18:00", moment, now=NOW)))

    assert shown.text == "завтра в 18:00"
    found = [(one.type, one.unix_time, one.date_time_format) for one in shown.entities]
    may_be = datetime(1970, 1, 1, tzinfo=UTC) <= moment <= NOW + timedelta(days=1000)
    assert found == ([("date_time", int(moment.timestamp()), None)] if may_be else [])


@given(text=st.text())
def test_nothing_gets_out_of_the_fence(text: str) -> None:
    fenced = isolated(text)

    assert fenced[0] == "\u2068"
    assert fenced[-1] == "\u2069"
    assert not set(fenced[1:-1]) & set("\u2066\u2067\u2068\u2069")


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2
