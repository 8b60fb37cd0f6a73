"""What is one emoji, and what is none."""

import pytest
from hypothesis import given, strategies as st

from taskbot.domain.category import EMOJI_LIMIT
from taskbot.domain.emoji import first_emoji

WHOLE = [
    "🏠",
    "❤️",
    "👍🏽",
    "👨‍👩‍👧‍👦",
    "🧑🏻‍❤️‍💋‍🧑🏼",
    "🏴‍☠️",
    "🏳️‍🌈",
    "🇷🇺",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "1️⃣",
    "#️⃣",
    "⭐",
    "✈️",
    "🟠",
    "↔️",
    "🅰️",
    "🫠",
]


@pytest.mark.parametrize("emoji", WHOLE)
def test_an_emoji_is_taken_whole_and_alone(emoji: str) -> None:
    assert first_emoji(emoji) == emoji
    assert first_emoji(f"my {emoji} and 🛒") == emoji
    assert first_emoji(emoji + emoji) == emoji
    assert len(emoji) <= EMOJI_LIMIT


@pytest.mark.parametrize("text", ["", "home", "дом", "12 #", ":)", "→", "©", "\ufe0f\u200d", "中"])
def test_what_is_no_picture_is_no_emoji(text: str) -> None:
    assert first_emoji(text) is None


@given(st.text() | st.text(alphabet="👩🏽❤\ufe0f\u200d🇷🇺🏴\U000e0067\U000e007f1#\u20e3🏠"))
def test_whatever_is_found_is_in_the_text_and_fits_a_category(text: str) -> None:
    emoji = first_emoji(text)

    if emoji is not None:
        assert emoji in text
        assert 1 <= len(emoji) <= EMOJI_LIMIT
        assert first_emoji(emoji) == emoji
