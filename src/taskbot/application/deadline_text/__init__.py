"""Deadlines as people type them, in Russian and English.

`understand_deadline` is the one way in. It is pure, linear in the length of the text, and never
raises: what it cannot be sure of it says, so that the person is asked instead of guessed at.
"""

from taskbot.application.deadline_text.grammar import understand_deadline
from taskbot.application.deadline_text.readings import (
    AlreadyPast,
    DayMissing,
    HalfMissing,
    ImpossibleDate,
    ImpossibleTime,
    NotUnderstood,
    Reading,
    Understood,
)

__all__ = [
    "AlreadyPast",
    "DayMissing",
    "HalfMissing",
    "ImpossibleDate",
    "ImpossibleTime",
    "NotUnderstood",
    "Reading",
    "Understood",
    "understand_deadline",
]
