"""Failures: what the person is told of them."""

import secrets
from typing import Final

from taskbot.adapters.telegram.texts import trouble
from taskbot.adapters.telegram.texts.html import Safe
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import StorageUnavailable
from taskbot.domain.errors import DomainError

_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that looks like another
_LENGTH: Final = 6


def new_code() -> str:
    """A name for one failure, by which operators find in the log what a person tells them of."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def words_for(voice: Voice, error: Exception, code: str) -> str:
    """Plain text. *code*: under which the log has *error*, if nobody expected it."""
    match error:
        case DomainError():
            return trouble.refusal(voice, error)
        case StorageUnavailable():
            return voice.label(trouble.STORAGE_AWAY)
        case _:
            return voice.label(trouble.BROKEN, code=Safe(code))
