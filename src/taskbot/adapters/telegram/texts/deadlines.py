"""What to say about a typed deadline that cannot be taken."""

from typing import assert_never

from taskbot.adapters.telegram.texts.html import Safe, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.deadline_text import (
    AlreadyPast,
    DayMissing,
    ImpossibleDate,
    ImpossibleTime,
    NotUnderstood,
)


def examples(voice: Voice) -> str:
    return voice.say(
        "For example: <i>tomorrow 18:00</i>, <i>friday</i>, <i>in 2 hours</i>, <i>25.12 10:00</i>"
    )


def explain(
    voice: Voice,
    reading: AlreadyPast | DayMissing | ImpossibleDate | ImpossibleTime | NotUnderstood,
) -> str:
    """Why *reading* is no deadline, and how one is written."""
    match reading:
        case DayMissing(time):
            return voice.say("<b>{time} on which day?</b>", time=Safe(voice.clock(time)))
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
