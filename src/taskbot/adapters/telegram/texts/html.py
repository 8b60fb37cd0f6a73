"""Text for Telegram: fenced, escaped, and short enough.

Lengths are in UTF-16 code units, in which Telegram counts entities (Bot API, MessageEntity);
whoever counts characters instead finds less, never more.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from html import escape as _escape
from typing import Final

from attrs import frozen

MESSAGE_LIMIT: Final = 4096
"""Of a message's text, after parsing (Bot API, sendMessage)."""
ELLIPSIS: Final = "…"
_FIRST_MOMENT: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT: Final = timedelta(days=1000)
"""From now; Telegram takes 1,098 days (MTProto, messageEntityFormattedDate)."""

_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
_ISOLATES: Final = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
_BEYOND: Final = 0xFFFF  # code points above take two units
_JOINER: Final = "\u200d"
_TOKEN: Final = re.compile(r"<[^>]*>|&[^;\s]{1,10};|.", re.DOTALL)


@frozen
class Safe:
    """Text of our own, fit for where it goes: it is neither escaped nor fenced off."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __format__(self, _: str) -> str:
        return self.text


def escaped(text: str) -> str:
    return _escape(text, quote=False)


def isolated(text: str) -> str:
    """*text* fenced off, so that its direction cannot turn the rest of the line (UAX 9)."""
    return f"{_ISOLATE}{text.translate(_ISOLATES)}{_END_OF_ISOLATE}"


def timed(text: str, moment: datetime, *, now: datetime) -> Safe:
    """*text* (HTML), which tells *moment*, as Telegram's own date and time where it may be one.

    Without a format the text is shown as it is; clients that know such dates tell more when it is
    pressed, by their own clocks, the others do nothing (Bot API, date-time entity formatting).
    """
    if not _FIRST_MOMENT <= moment <= now + _LAST_MOMENT:
        return Safe(text)
    return Safe(f'<tg-time unix="{int(moment.timestamp())}">{text}</tg-time>')


def units(text: str) -> int:
    """The length of *text* in UTF-16 code units."""
    return len(text) + sum(ord(character) > _BEYOND for character in text)


def shortened(text: str, limit: int) -> str:
    """*text* in at most *limit* units, never ending in a part of what is drawn as one sign."""
    if units(text) <= limit:
        return text
    cut, left = 0, limit - 1
    while left >= (size := units(text[cut])):
        cut, left = cut + 1, left - size
    whole = cut
    while whole and _is_inside_a_sign(text, whole):
        whole -= 1
    return text[: whole or cut].rstrip() + ELLIPSIS


def _is_inside_a_sign(text: str, place: int) -> bool:
    """Whether the character at *place* is drawn together with the one before it."""
    here, before = text[place], text[place - 1]
    if _JOINER in (here, before) or unicodedata.category(here) in {"Mn", "Me", "Mc"}:
        return True
    if "\U0001f3fb" <= here <= "\U0001f3ff" or "\U000e0020" <= here <= "\U000e007f":
        return True  # skin tones and the tags of regional flags
    flags = 0
    while place - flags and "\U0001f1e6" <= text[place - flags - 1] <= "\U0001f1ff":
        flags += 1
    return "\U0001f1e6" <= here <= "\U0001f1ff" and flags % 2 == 1


def cut(html: str, limit: int = MESSAGE_LIMIT) -> str:
    """*html* with at most *limit* units outside of its tags; what is open is closed."""
    if units(html) <= limit:
        return html
    shown, kept, opened = 0, list[str](), list[str]()
    last_place = 0  # in `kept`, and what was open there: up to here an ellipsis still fits
    last_opened: list[str] = []
    for token in _TOKEN.findall(html):
        if token.startswith("<"):
            _follow(token, opened)
        else:
            shown += 1 if token.startswith("&") else units(token)
        if shown > limit:
            closing = [f"</{name}>" for name in reversed(last_opened)]
            return "".join([*kept[:last_place], ELLIPSIS, *closing])
        kept.append(token)
        if shown < limit:
            last_place, last_opened = len(kept), list(opened)
    return html


def _follow(tag: str, opened: list[str]) -> None:
    if tag.startswith("</"):
        opened.pop()
    else:
        opened.append(tag.strip("<>").partition(" ")[0])
