"""Text in pictures: what can be drawn, how wide it is, and what fits."""

import functools
import unicodedata
from pathlib import Path
from typing import Final

from PIL import ImageFont

_FONTS: Final = Path(__file__).parent / "fonts"
_ELLIPSIS: Final = "…"
_SMALLEST: Final = 20

# What both fonts have: Latin, Greek, Cyrillic, punctuation, currencies, arrows, a few signs.
_DRAWN: Final = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x370, 0x377), (0x37A, 0x37F), (0x384, 0x38A), (0x38C, 0x38C),
    (0x38E, 0x3A1), (0x3A3, 0x525), (0x2010, 0x2027), (0x202F, 0x205E), (0x20A0, 0x20B5),
    (0x20B8, 0x20BA), (0x20BD, 0x20BD), (0x2100, 0x2109), (0x210B, 0x2149), (0x2190, 0x2265),
    (0x25A0, 0x25CF), (0x2600, 0x2606), (0x2713, 0x2717),
)  # fmt: skip


@functools.cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    # The plain layout: what the other one does for other scripts, these fonts have no glyphs for.
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


def is_drawn(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _DRAWN)


def drawable(text: str) -> str:
    """*text* without what the fonts have no glyphs for; empty if nothing of it can be read."""
    composed = unicodedata.normalize("NFC", text)
    kept = " ".join("".join(one for one in composed if is_drawn(one)).split())
    return kept if any(one.isalnum() for one in kept) else ""


def fitted(text: str, width: int, of: ImageFont.FreeTypeFont) -> str:
    """*text*, or its beginning and an ellipsis, in at most *width* pixels."""
    if of.getlength(text) <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if of.getlength(text[:middle].rstrip() + _ELLIPSIS) <= width:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + _ELLIPSIS


def shrunk(text: str, width: int, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The largest font up to *size* in which *text* takes at most *width* pixels."""
    while size > _SMALLEST and font(size, bold=bold).getlength(text) > width:
        size -= 2
    return font(size, bold=bold)
