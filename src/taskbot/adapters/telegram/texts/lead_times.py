"""How long before a deadline reminders come."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.user import LEAD_TIMES_LIMIT

_MINUTES_OF_AN_HOUR: Final = 60
_HOURS_OF_A_DAY: Final = 24
_WEEK: Final = timedelta(weeks=1)


def ask(voice: Voice) -> str:
    return voice.say(
        "⏰ <b>How long before a deadline shall I remind you?</b>\n"
        "Tap to switch on or off, or write your own: <i>2 hours</i>, <i>3 days</i>; "
        "{limit} at most. Tasks with reminders of their own keep those.",
        limit=LEAD_TIMES_LIMIT,
    )


def not_understood(voice: Voice) -> str:
    return voice.say(
        "🤔 I cannot make out how long that is. For example: <i>90 minutes</i>, <i>1 day</i>."
    )


def every(voice: Voice, leads: Iterable[timedelta]) -> str:
    """Tell *leads*, which are in order: 1 day before, 1 hour before, at the time."""
    told = [before(voice, lead) for lead in leads]
    return ", ".join(told) if told else voice.label("none before a deadline")


def before(voice: Voice, lead: timedelta) -> str:
    """Tell when before a deadline that is, to the minute: 1 hour before."""
    if not lead:
        return voice.label("at the time")
    return voice.label("{duration} before", duration=Safe(_exactly(voice, lead)))


def _exactly(voice: Voice, duration: timedelta) -> str:
    """In languages with cases it is the accusative."""
    if not duration % _WEEK:
        return voice.plural("{n} week", "{n} weeks", duration // _WEEK)
    hours, minutes = divmod(duration // timedelta(minutes=1), _MINUTES_OF_AN_HOUR)
    days, hours = divmod(hours, _HOURS_OF_A_DAY)
    parts = [
        voice.plural("{n} day", "{n} days", days) if days else "",
        voice.plural("{n} hour", "{n} hours", hours) if hours else "",
        voice.plural("{n} minute", "{n} minutes", minutes) if minutes else "",
    ]
    return " ".join(filter(None, parts))
