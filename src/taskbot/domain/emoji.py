"""Emoji: what is drawn as one picture, however many characters it takes (UTS #51)."""

import re
from typing import Final

# What is a picture by itself.
_PICTURE: Final = (
    "[\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25fb-\u25fe\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55"
    "\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f251\U0001f300-\U0001f3fa"
    "\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7f0\U0001f900-\U0001f9ff"
    "\U0001fa70-\U0001faff]"
)
# What is one only if it is asked for (U+FE0F): else it is a letter or a sign.
_SIGN: Final = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u24c2\u25aa-\u25c0\u2934\u2935\u2b05-\u2b07\u3030"
    "\u303d\u3297\u3299\U0001f170-\U0001f17f]\ufe0f"
)
_ONE: Final = f"(?:{_SIGN}|{_PICTURE}\ufe0f?[\U0001f3fb-\U0001f3ff]?)"
_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|[0-9#*]\ufe0f?\u20e3"  # a key
    "|\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f"  # the flag of a part of a country
    f"|{_ONE}(?:\u200d{_ONE}){{0,3}}"
)


def first_emoji(text: str) -> str | None:
    """The first emoji in *text*, whole: a family is one, and so is a flag."""
    found = _EMOJI.search(text)
    return None if found is None else found.group()
