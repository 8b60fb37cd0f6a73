"""What becomes of text that a person typed, before a rule looks at it."""

import re
import unicodedata
from typing import Final

# Format characters that only change how neighbours are drawn (bidirectional overrides, joiners)
# are legitimate inside a text; a text made of nothing else cannot be read.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


# Control characters and lone surrogates (Cc and Cs of Unicode, which never change) cannot be
# stored or sent everywhere. Each leaves out what its function has a use for.
_UNFIT_FOR_A_LINE: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_UNFIT_FOR_LINES: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def single_line(raw: str) -> str:
    """*raw* in one line: control characters gone, white space folded."""
    return " ".join(_UNFIT_FOR_A_LINE.sub("", raw).split())


def shortened(raw: str, limit: int) -> str:
    """The beginning of *raw* in one line of at most *limit* characters."""
    return single_line(raw)[:limit].rstrip()


def many_lines(raw: str) -> str:
    """*raw* with its lines and tabs kept, other control characters gone, ends trimmed."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT_FOR_LINES.sub("", lines).strip()


def is_readable(text: str) -> bool:
    """Whether *text* has at least one character that a person can see."""
    return any(unicodedata.category(character) not in _INVISIBLE for character in text)
