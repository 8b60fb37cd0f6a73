"""The questions on the way to a deadline, and where each button leads."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from enum import Enum, auto

from attrs import frozen

from taskbot.adapters.telegram.deadline_choice import choices
from taskbot.adapters.telegram.deadline_choice.calendar import month_rows, time_rows
from taskbot.adapters.telegram.deadline_choice.choices import (
    START,
    Carry,
    Chosen,
    Month,
    TimeOf,
    day_choice,
    month_choice,
)
from taskbot.adapters.telegram.deadline_choice.readings import read_chosen, read_text
from taskbot.adapters.telegram.keyboards import Button, Row, button, in_rows_of
from taskbot.adapters.telegram.texts import buttons, deadlines as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.deadline_text import (
    DayMissing,
    HalfMissing,
    NotUnderstood,
    Reading,
    Understood,
)
from taskbot.domain.deadline import DayDeadline
from taskbot.domain.timezone import local


@frozen(kw_only=True)
class Question:
    """*day* (YYYY-MM-DD), *time* (HH:MM): what is known already, for whoever types the rest."""

    text: str
    rows: list[Row]
    back: Button
    day: str | None = None
    time: str | None = None


class Way(Enum):
    START = auto()
    """Back to where the deadline was asked for."""
    NOWHERE = auto()


def start_rows(voice: Voice, carry: Carry) -> list[Row]:
    """Whole days that people mean most, and the way to the calendar."""
    days = []
    for which in buttons.DAYS:
        reading = read_text(voice, which)
        if isinstance(reading, Understood) and isinstance(reading.deadline, DayDeadline):
            day = reading.deadline.due_on
            days.append(button(buttons.quick_day(voice, which, day), carry(day_choice(day))))
    calendar = button(voice.label(words.CALENDAR), carry(month_choice()))
    return [*in_rows_of(2, days), [calendar]]


def near_days(voice: Voice, carry: Carry) -> list[Button]:
    """Today and tomorrow, for where there is little room."""
    days = {"today": voice.today, "tomorrow": voice.today + timedelta(days=1)}
    return [
        button(voice.label(buttons.DAYS[which]), carry(day_choice(day)))
        for which, day in days.items()
    ]


def follow(voice: Voice, choice: str, carry: Carry, *, day_start: time) -> Reading | Question | Way:
    """Where the button with *choice* leads; *day_start*: what the person calls morning."""
    if choice == choices.START:
        return Way.START
    if choice == choices.NOWHERE:
        return Way.NOWHERE
    match choices.read(choice):
        case Chosen() as chosen:
            return read_chosen(voice, chosen)
        case Month(first=first, at=at):
            return _ask_day(voice, first, at, carry)
        case TimeOf(day=day):
            whole = read_chosen(voice, Chosen(day, None))
            if not isinstance(whole, Understood):
                return whole
            return _ask_time(voice, day, carry, day_start)
        case None:
            return NotUnderstood()


def _ask_day(voice: Voice, first: date | None, at: time | None, carry: Carry) -> Question:
    text = words.ask_day(voice) if at is None else words.ask_day_of(voice, at)
    return Question(
        text=text,
        rows=month_rows(voice, first, carry, clock_time=at),
        back=_back(voice, carry, START),
        time=None if at is None else voice.clock(at),
    )


def _ask_time(voice: Voice, day: date, carry: Carry, day_start: time) -> Question:
    return Question(
        text=words.ask_time(voice, day),
        rows=time_rows(voice, day, carry, day_start=day_start),
        back=_back(voice, carry, month_choice(day)),
        day=day.isoformat(),
    )


def question_of(voice: Voice, reading: Reading, carry: Carry) -> Question | None:
    """What has to be asked about what was typed; None if there is nothing to ask."""
    match reading:
        case DayMissing(time=at):
            return Question(
                text=words.ask_day_of(voice, at),
                rows=[
                    _moments(voice, [(day, at) for day in _next_days(voice, at)], carry),
                    [button(voice.label(words.ANOTHER_DAY), carry(month_choice(None, at)))],
                ],
                back=_back(voice, carry, START),
                time=voice.clock(at),
            )
        case HalfMissing(moments=moments):
            return Question(
                text=words.ask_half(voice, [at for _, at in moments]),
                rows=in_rows_of(2, _moments(voice, moments, carry)),
                back=_back(voice, carry, START),
            )
        case _:
            return None


def _next_days(voice: Voice, at: time) -> list[date]:
    """The next two on which *at* is still ahead."""
    is_over = at <= local(voice.now, voice.timezone).time()
    return [voice.today + timedelta(days=ahead) for ahead in ((1, 2) if is_over else (0, 1))]


def _moments(voice: Voice, moments: Iterable[tuple[date, time]], carry: Carry) -> Row:
    return [
        button(buttons.day_and_time(voice, day, at), carry(day_choice(day, at)))
        for day, at in moments
    ]


def _back(voice: Voice, carry: Carry, choice: str) -> Button:
    return button(voice.label(buttons.BACK), carry(choice))
