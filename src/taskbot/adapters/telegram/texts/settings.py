"""Time zone and language."""

from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, shortened
from taskbot.adapters.telegram.texts.places import place_name
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.timezone import local
from taskbot.domain.user import Language

ASK_LANGUAGE: Final = mark("🌐 Which language shall I speak?")
SPEAKING: Final = mark("🌐 I speak English now.")
UNKNOWN_ZONE: Final = mark("I do not know that time zone.")
# Each in its own words: who is lost in the wrong language must find the way out.
LANGUAGES: Final = {Language.ENGLISH: "🇬🇧 English", Language.RUSSIAN: "🇷🇺 Русский"}


def ask_timezone(voice: Voice, *, may_type: bool) -> str:
    now = voice.say(
        "🕒 Your time is now <b>{clock}</b>: {place}.",
        clock=Safe(_clock(voice, voice.timezone)),
        place=_place(voice),
    )
    if may_type:
        how = voice.say("To change it, tap a place with your time, or write a big city near you.")
    else:
        how = voice.say(
            "To change it, tap a place with your time, or send a city: "
            "<code>/timezone London</code>"
        )
    return f"{now}\n\n{how}"


def zone_button(voice: Voice, zone: str) -> str:
    return f"{place_name(zone, voice.language)} {_clock(voice, zone)}"


def moved(voice: Voice) -> str:
    """*voice* lives by the new zone."""
    return voice.say(
        "🕒 Your time is now <b>{clock}</b>: {place}.\n"
        "Tasks that are due on a whole day follow this clock from now on.",
        clock=Safe(_clock(voice, voice.timezone)),
        place=_place(voice),
    )


def unknown_place(voice: Voice, place: str) -> str:
    return voice.say(
        "🤔 I do not know the place {place}. Please write a bigger city with the same time, "
        "or a time zone such as <code>Europe/Berlin</code>.",
        place=shortened(place, 60),
    )


def which_place(voice: Voice) -> str:
    return voice.say("Several places fit. Which one is it?")


def _place(voice: Voice) -> str:
    name = place_name(voice.timezone, voice.language)
    return name if name == voice.timezone else f"{name} ({voice.timezone})"


def _clock(voice: Voice, zone: str) -> str:
    return voice.clock(local(voice.now, zone))
