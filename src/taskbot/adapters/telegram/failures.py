"""Failures: what the log learns of them, and what the person is told."""

import secrets
import traceback
from collections.abc import Iterator
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


def described(error: BaseException) -> str:
    """What broke and where; never the error's own text, which may hold what people wrote."""
    return "\n".join(_lines(error))


def _lines(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _lines(cause)
        yield "which led to"
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__} at"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"


def words_for(voice: Voice, error: Exception, code: str) -> str:
    """Plain text. *code*: under which the log has *error*, if nobody expected it."""
    match error:
        case DomainError():
            return trouble.refusal(voice, error)
        case StorageUnavailable():
            return voice.label(trouble.STORAGE_AWAY)
        case _:
            return voice.label(trouble.BROKEN, code=Safe(code))
