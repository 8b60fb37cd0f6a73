"""Failures: what the log learns of them, and what the person is told."""

import traceback
from collections.abc import Iterator

from taskbot.adapters.telegram.texts import trouble
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import StorageUnavailable
from taskbot.domain.errors import DomainError


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


def words_for(voice: Voice, error: Exception) -> str:
    """Plain text."""
    match error:
        case DomainError():
            return trouble.refusal(voice, error)
        case StorageUnavailable():
            return voice.label(trouble.STORAGE_AWAY)
        case _:
            return voice.label(trouble.BROKEN)
