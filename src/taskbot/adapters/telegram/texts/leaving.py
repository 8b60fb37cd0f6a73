"""Leaving, and staying after all."""

from datetime import datetime
from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.user import GRACE

DELETE_SURELY: Final = mark("🗑 Yes, delete everything")
NO: Final = mark("No, I stay")
KEEP: Final = mark("↩️ Keep my account")
STAYING: Final = mark(
    "👍 Your account stays, and nothing of it is lost.\n\n"
    "I send reminders again; those that fell due meanwhile come now."
)
NOT_DELETED: Final = mark("👍 Nothing was deleted.")


def ask(voice: Voice, tasks: int) -> str:
    days = voice.plural("{n} day", "{n} days", GRACE.days)
    return "\n\n".join(
        [
            voice.say("🗑 <b>Delete your account?</b>"),
            _what_goes(voice, tasks),
            voice.say(
                "• I stop sending reminders at once.\n"
                "• Everything is deleted in {days}; until then you can take it back.\n"
                "• Until then you still see your tasks, and /export gives you all of it as a file.",
                days=Safe(days),
            ),
        ]
    )


def _what_goes(voice: Voice, tasks: int) -> str:
    if not tasks:
        return voice.say(
            "You have no tasks. Your categories, settings and access tokens go for good."
        )
    return voice.plural(
        "{n} task goes for good, and so do your categories, settings and access tokens.",
        "{n} tasks go for good, and so do your categories, settings and access tokens.",
        tasks,
    )


def leaving(voice: Voice, deletion_at: datetime) -> str:
    return voice.say(
        "🗑 <b>Your account is going to be deleted: {when}.</b>\n\n"
        "Until then you can take it back. I send no reminders meanwhile.",
        when=Safe(voice.moment(deletion_at)),
    )
