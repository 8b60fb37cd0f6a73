"""The settings: how a person is spoken to and reminded."""

from typing import Final

from taskbot.adapters.telegram.texts import lead_times
from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, shortened
from taskbot.adapters.telegram.texts.languages import MANNERS
from taskbot.adapters.telegram.texts.places import place_name
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.timezone import local
from taskbot.domain.user import User

ASK_LANGUAGE: Final = mark("🌐 Which language shall I speak?")
SPEAKING: Final = mark("🌐 I speak English now.")
UNKNOWN_ZONE: Final = mark("I do not know that time zone.")
PAUSED: Final = mark("🔕 Paused: I send nothing until you resume.")
RESUMED: Final = mark("🔔 Reminders are on. What was held back is on its way.")
ASK_DAY_START: Final = mark(
    "🌅 <b>When does your day start?</b>\n"
    "At this time I remind you of what is due on a whole day. "
    "Tap a time, or write one, such as <i>08:30</i>."
)
NO_CLOCK: Final = mark("🤔 I cannot make out what time that is.")
ASK_LOCATION: Final = mark(
    "📍 Tap the button below, and I take the time zone from where you are. "
    "The place itself is not kept."
)
NO_LOCATION: Final = mark("👌 Then tap a place above, or write a city.")
NOWHERE: Final = mark("🤔 I cannot tell what time it is there. Please write a city instead.")


def overview(voice: Voice, user: User) -> str:
    leads = lead_times.every(voice, user.preferences.lead_times)
    day_start = Safe(voice.clock(user.preferences.day_start))
    facts = [
        voice.say("🌐 Language: {name}", name=Safe(MANNERS[voice.language].name)),
        voice.say(
            "🕒 Time: <b>{clock}</b>, {place}",
            clock=Safe(_clock(voice, voice.timezone)),
            place=_place(voice, voice.timezone),
        ),
        voice.say("⏰ Reminders: {leads}", leads=Safe(leads)),
        voice.say("🌅 Start of the day: {time}", time=day_start),
    ]
    if user.paused:
        facts.append(
            voice.say("🔕 <b>Reminders are paused.</b> What falls due is kept until you resume.")
        )
    title, told = voice.say("⚙️ <b>Settings</b>"), "\n".join(facts)
    return f"{title}\n\n{told}"


def ask_timezone(voice: Voice, *, may_type: bool) -> str:
    if may_type:
        how = voice.say("To change it, tap a place with your time, or write a big city near you.")
    else:
        how = voice.say(
            "To change it, tap a place with your time, or send a city: "
            "<code>/timezone London</code>"
        )
    return f"{now_is(voice)}\n\n{how}"


def zone_button(voice: Voice, zone: str) -> str:
    return f"{place_name(zone, voice.language)} {_clock(voice, zone)}"


def now_is(voice: Voice) -> str:
    return voice.say(
        "🕒 Your time is now <b>{clock}</b>: {place}.",
        clock=Safe(_clock(voice, voice.timezone)),
        place=_place(voice, voice.timezone),
    )


def at_home(voice: Voice) -> str:
    """The phone is where the person lives."""
    return voice.say(
        "📍 At this place it is <b>{clock}</b>, {place}: that is your time already.",
        clock=Safe(_clock(voice, voice.timezone)),
        place=_place(voice, voice.timezone),
    )


def elsewhere(voice: Voice, zone: str) -> str:
    """The phone is in *zone*, where the person does not live, as far as we know."""
    return voice.say(
        "📍 At this place it is <b>{there}</b>, {place}. By your settings it is {here}, {home}.\n"
        "Shall I go by the time there?",
        there=Safe(_clock(voice, zone)),
        place=_place(voice, zone),
        here=Safe(_clock(voice, voice.timezone)),
        home=_place(voice, voice.timezone),
    )


def unknown_place(voice: Voice, place: str) -> str:
    return voice.say(
        "🤔 I do not know the place {place}. Please write a bigger city with the same time, "
        "or a time zone such as <code>Europe/Berlin</code>.",
        place=shortened(place, 60),
    )


def which_place(voice: Voice) -> str:
    return voice.say("Several places fit. Which one is it?")


def _place(voice: Voice, zone: str) -> str:
    name = place_name(zone, voice.language)
    return name if name == zone else f"{name} ({zone})"


def _clock(voice: Voice, zone: str) -> str:
    return voice.clock(local(voice.now, zone))
