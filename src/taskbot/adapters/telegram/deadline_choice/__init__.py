"""Choosing a deadline: by quick buttons, by a calendar and then a time, or by typing it.

A button carries the very day that it shows: pressed tomorrow, it still means what the person read.
"""

from taskbot.adapters.telegram.deadline_choice.choices import NONE, Carry
from taskbot.adapters.telegram.deadline_choice.questions import (
    Question,
    Way,
    follow,
    near_days,
    question_of,
    start_rows,
)
from taskbot.adapters.telegram.deadline_choice.readings import read_text

__all__ = [
    "NONE",
    "Carry",
    "Question",
    "Way",
    "follow",
    "near_days",
    "question_of",
    "read_text",
    "start_rows",
]
