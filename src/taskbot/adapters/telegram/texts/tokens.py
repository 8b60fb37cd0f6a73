"""Access tokens."""

from collections.abc import Sequence
from typing import Final

from taskbot.adapters.telegram.texts.catalogue import mark
from taskbot.adapters.telegram.texts.html import Safe, isolated, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.sign_in import SIGN_IN
from taskbot.domain.access_token import PERSONAL_SCOPES, AccessToken, Scope
from taskbot.domain.deadline import local_day

READING: Final = frozenset({Scope.TASKS_READ})
WRITING: Final = frozenset({Scope.TASKS_READ, Scope.TASKS_WRITE})
SHOWN: Final = 10
_NAME: Final = 40
_BUTTON: Final = 28

NEW: Final = mark("➕ New token")
REVOKE: Final = mark("🗑 Revoke")
REVOKE_SURELY: Final = mark("🗑 Yes, revoke it")
KEEP: Final = mark("No, keep the token")
HIDE: Final = mark("✅ I have it: remove it now")
READ: Final = mark("👁 Read tasks")
WRITE: Final = mark("✏️ Read and change tasks")
EVERYTHING: Final = mark("🔓 Everything, my account too")
MONTH: Final = mark("30 days")
YEAR: Final = mark("1 year")
FOR_EVER: Final = mark("For ever")
DEFAULT_NAME: Final = mark("My program")
REVOKED: Final = mark("Revoked: it is good for nothing any more.")
NOT_CURRENT: Final = mark("This is no longer current.")
FINISH_FIRST: Final = mark("You are in the middle of something: finish it first, or send /cancel.")
NOT_MADE: Final = mark("🔑 No token was made.")
NOT_SHOWN: Final = mark("The token could not be shown, so I revoked it. Please try again.")
ASK_PURPOSE: Final = mark("<b>What may the program do?</b>")
ASK_EXPIRY: Final = mark("<b>For how long shall the token be good?</b>")
_ABOUT: Final = mark(
    "🔑 <b>Access tokens</b>\n\nWith a token, a program works with your tasks over the API."
)
_GRANTS: Final = {
    READING: mark("reads tasks"),
    WRITING: mark("reads and changes tasks"),
    PERSONAL_SCOPES: mark("everything, your account too"),
}


def name(voice: Voice, token: AccessToken) -> str:
    """What it is called; those of signing in are nobody's own and all called the same."""
    if token.name == SIGN_IN:
        return voice.label("Sign-in with Telegram")
    return shortened(token.name, _NAME) or token.prefix


def button(voice: Voice, token: AccessToken) -> str:
    return f"🔑 {isolated(shortened(name(voice, token), _BUTTON))}"


def listed(voice: Voice, tokens: Sequence[AccessToken]) -> str:
    """*tokens*: all that are good for something."""
    if not tokens:
        none = voice.say("You have none so far.")
        return f"{voice.say(_ABOUT)}\n\n{none}"
    entries = [_entry(voice, token) for token in tokens[:SHOWN]]
    if (more := len(tokens) - SHOWN) > 0:
        entries.append(voice.plural("…and {n} more", "…and {n} more", more))
    return "\n\n".join([voice.say(_ABOUT), *entries])


def _entry(voice: Voice, token: AccessToken) -> str:
    heading = voice.say(
        "<b>{name}</b>: {grants}", name=name(voice, token), grants=Safe(_grants(voice, token))
    )
    return f"{heading}\n{_use(voice, token)} · {_end(voice, token)}"


def card(voice: Voice, token: AccessToken) -> str:
    lines = [
        voice.say("🔑 <b>{name}</b>", name=name(voice, token)),
        "",
        _capitalized(_grants(voice, token)),
        voice.say("Begins with <code>{prefix}</code>", prefix=Safe(token.prefix)),
        voice.say("Made: {day}", day=Safe(voice.day(local_day(token.created_at, voice.timezone)))),
        _capitalized(_use(voice, token)),
        _capitalized(_end(voice, token)),
    ]
    if token.name == SIGN_IN:
        why = voice.say(
            "<i>It was made when you were signed in by Telegram: by a web page, or by this bot "
            "itself. It ends by itself.</i>"
        )
        lines += ["", why]
    return "\n".join(lines)


def _grants(voice: Voice, token: AccessToken) -> str:
    if (known := _GRANTS.get(token.scopes)) is not None:
        return voice.label(known)
    return ", ".join(sorted(token.scopes))


def _use(voice: Voice, token: AccessToken) -> str:
    if token.last_used_at is None:
        return voice.label("not used yet")
    day = voice.day(local_day(token.last_used_at, voice.timezone))
    return voice.label("last used: {day}", day=Safe(day))


def _end(voice: Voice, token: AccessToken) -> str:
    if token.expires_at is None:
        return voice.label("good for ever")
    day = voice.day(local_day(token.expires_at, voice.timezone))
    return voice.label("good until: {day}", day=Safe(day))


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def ask_name(voice: Voice) -> str:
    return voice.say(
        "🔑 <b>What is the token for?</b>\n\n"
        "Write the name of the program or the device, to tell it from others."
    )


def asked(voice: Voice, token_name: str, question: str) -> str:
    heading = voice.say("🔑 <b>{name}</b>", name=shortened(token_name, _NAME))
    return f"{heading}\n\n{voice.say(question)}"


def ask_to_revoke(voice: Voice, token: AccessToken) -> str:
    sure = voice.say(
        "<b>Revoke this token?</b> Whatever uses it stops working at once, and for good."
    )
    return f"{card(voice, token)}\n\n{sure}"


def made(voice: Voice, token: AccessToken, secret: str) -> str:
    """With the *secret*, the one time that it is shown."""
    heading = voice.say(
        "🔑 <b>{name}</b>: {grants}, {end}",
        name=name(voice, token),
        grants=Safe(_grants(voice, token)),
        end=Safe(_end(voice, token)),
    )
    how = voice.say(
        "Tap it to copy it, and keep it safe: who has it acts in your name.\n\n"
        "⏳ This message vanishes in a minute, and the token is never shown again."
    )
    return f"{heading}\n\n<code>{secret}</code>\n\n{how}"
