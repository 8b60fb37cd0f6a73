"""What to say about a typed deadline that cannot be taken."""

from collections.abc import Iterable
from datetime import date, time
from typing import Final, assert_never

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.deadline_text import (
    AlreadyPast,
    ImpossibleDate,
    ImpossibleTime,
    NotUnderstood,
)

CALENDAR: Final = mark("📆 Day and time…")
ANOTHER_DAY: Final = mark("📆 Another day…")
WHOLE_DAY: Final = mark("The whole day")
NO_SUCH_DAY: Final = mark("Please tap a day that is still ahead.")


def examples(voice: Voice) -> str:
    return voice.say(
        "For example: <i>tomorrow 18:00</i>, <i>friday</i>, <i>in 2 hours</i>, <i>25.12 10:00</i>"
    )


def explain(
    voice: Voice,
    reading: AlreadyPast | ImpossibleDate | ImpossibleTime | NotUnderstood,
) -> str:
    """Why *reading* is no deadline, and how one is written."""
    match reading:
        case ImpossibleDate(text):
            said = voice.say("🤔 There is no such date: {text}.", text=shortened(text, 50))
        case ImpossibleTime(text):
            said = voice.say("🤔 There is no such time: {text}.", text=shortened(text, 50))
        case AlreadyPast(deadline):
            when = voice.shown_deadline(deadline)
            said = voice.say("🤔 That is over already: {when}.", when=when)
        case NotUnderstood():
            said = voice.say("🤔 I cannot make out when that is.")
        case _:
            assert_never(reading)
    return said


def ask_day(voice: Voice) -> str:
    return voice.say("<b>Which day?</b>\nTap it, or write it your own way.")


def ask_day_of(voice: Voice, clock_time: time) -> str:
    return voice.say("<b>{time} on which day?</b>", time=Safe(voice.clock(clock_time)))


def ask_time(voice: Voice, day: date) -> str:
    return voice.say(
        "📅 {day}\n<b>At what time?</b>\nTap it, or write it: <i>14:30</i>.",
        day=Safe(voice.day(day)),
    )


def ask_half(voice: Voice, times: Iterable[time]) -> str:
    shown = " / ".join(dict.fromkeys(map(voice.clock, sorted(times))))
    return voice.say("<b>In the morning or in the evening?</b> {times}", times=Safe(shown))
