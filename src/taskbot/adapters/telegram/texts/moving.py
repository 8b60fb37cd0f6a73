"""Moving to another time zone: what it comes to, and that it is done."""

from datetime import date, datetime

from taskbot.adapters.telegram.texts.html import Safe, shortened
from taskbot.adapters.telegram.texts.places import place_name
from taskbot.adapters.telegram.texts.settings import now_is
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.moving import Choice, MovePreview
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.timezone import local


def ask(voice: Voice, zone: str, preview: MovePreview) -> str:
    """*voice* still lives where the person comes from; they go to *zone*."""
    there = voice.say(
        "🕒 {place}: it is <b>{clock}</b> there now.",
        place=place_name(zone, voice.language),
        clock=Safe(voice.clock(local(voice.now, zone))),
    )
    many = voice.plural(
        "{n} open task is due at a certain time. What shall stay as it is?",
        "{n} open tasks are due at a certain time. What shall stay as it is?",
        preview.total,
    )
    told = [_choice(voice, zone, choice) for choice in preview.examples]
    if more := preview.total - len(preview.examples):
        told.append(voice.plural("… and {n} more", "… and {n} more", more))
    return "\n\n".join([there, many, *told])


def _choice(voice: Voice, zone: str, choice: Choice) -> str:
    home = voice.timezone
    shown = local(choice.moment_kept.due_at, home)
    day = shown.date()
    return voice.say(
        "📌 {title}: {day} at {time}\n"
        "🕒 clock time: {clock_there} there, which is {clock_here} here\n"
        "⏳ moment: {moment_there} there",
        title=shortened(choice.task.title, 60),
        day=Safe(voice.day(day)),
        time=Safe(voice.clock(shown)),
        clock_there=Safe(_told(voice, choice.clock_kept.due_at, zone, day)),
        clock_here=Safe(_told(voice, choice.clock_kept.due_at, home, day)),
        moment_there=Safe(_told(voice, choice.moment_kept.due_at, zone, day)),
    )


def _told(voice: Voice, moment: datetime, zone: str, day: date) -> str:
    """What the clocks of *zone* show, with the date where it is another than *day*."""
    shown = local(moment, zone)
    clock = voice.clock(shown)
    return clock if shown.date() == day else f"{clock}, {voice.short_day(shown.date())}"


def moved(voice: Voice, timed: TimedDeadlines, *, has_moved: bool) -> str:
    """*voice* lives by the new clocks."""
    if not has_moved:
        return now_is(voice)
    if timed is TimedDeadlines.KEEP_CLOCK:
        then = voice.say("Your tasks are due at the same time as before, by the clocks there.")
    else:
        then = voice.say(
            "Tasks that are due on a whole day follow this clock from now on; "
            "those with a time stay at their moment."
        )
    return f"{now_is(voice)}\n{then}"
