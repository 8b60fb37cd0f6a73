"""What a text can turn out to say."""

from datetime import date, time
from typing import TypeAlias

from attrs import frozen

from taskbot.domain.deadline import Deadline


@frozen
class Understood:
    """*span*: the first and the last but one character of the text that were used."""

    deadline: Deadline
    span: tuple[int, int]


@frozen
class DayMissing:
    """A time was given and no day."""

    time: time


@frozen
class HalfMissing:
    """An hour was given that may be one of the morning or of the evening.

    *moments*: a day and a time on it for each thing that it may mean and that is still ahead.
    """

    moments: tuple[tuple[date, time], ...]


@frozen
class ImpossibleDate:
    """Like the 31st of February; *text* is how it was written."""

    text: str


@frozen
class ImpossibleTime:
    """Like 25:00; *text* is how it was written."""

    text: str


@frozen
class AlreadyPast:
    deadline: Deadline


@frozen
class NotUnderstood:
    pass


Reading: TypeAlias = (
    Understood
    | DayMissing
    | HalfMissing
    | ImpossibleDate
    | ImpossibleTime
    | AlreadyPast
    | NotUnderstood
)
