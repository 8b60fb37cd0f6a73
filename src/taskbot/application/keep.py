"""Leaving a field as it is, where None already means "take it away"."""

from enum import Enum
from typing import Final, Literal, TypeAlias


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP
Keep: TypeAlias = Literal[_Keep.KEEP]
