"""Taking everything along."""

from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.voice import Voice

CAPTION: Final = mark(
    "📦 Everything that I keep of you, for other programs to read: profile, settings, categories, "
    "tasks with their reminders. Secrets of access tokens are not in it."
)


def too_large(voice: Voice, megabytes: int) -> str:
    return voice.say(
        "📦 Your data take more than {limit} MB: Telegram does not let me send a file of that "
        "size.\n\nThe API gives all of it: make an access token for everything with /token "
        "and fetch {path}.",
        limit=megabytes,
        path=Safe("<code>GET /api/v1/me/export</code>"),
    )


def too_slow(voice: Voice) -> str:
    return voice.say(
        "📦 This takes too long just now. Please try again later.\n\n"
        "Or fetch everything from the API: make an access token for everything with /token "
        "and ask for {path}.",
        path=Safe("<code>GET /api/v1/me/export</code>"),
    )
