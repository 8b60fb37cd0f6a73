"""What becomes of text that a person typed, before a rule looks at it."""

import unicodedata
from typing import Final

# Format characters that only change how neighbours are drawn (bidirectional overrides, joiners)
# are legitimate inside a text; a text made of nothing else cannot be read.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def _is_storable(character: str) -> bool:
    """Control characters and lone surrogates cannot be stored or sent everywhere."""
    return unicodedata.category(character) not in {"Cc", "Cs"}


def single_line(raw: str) -> str:
    """*raw* in one line: control characters gone, white space folded."""
    return " ".join("".join(c for c in raw if c.isspace() or _is_storable(c)).split())


def shortened(raw: str, limit: int) -> str:
    """The beginning of *raw* in one line of at most *limit* characters."""
    return single_line(raw)[:limit].rstrip()


def many_lines(raw: str) -> str:
    """*raw* with its lines and tabs kept, other control characters gone, ends trimmed."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or _is_storable(c)).strip()


def is_readable(text: str) -> bool:
    """Whether *text* has at least one character that a person can see."""
    return any(unicodedata.category(character) not in _INVISIBLE for character in text)
