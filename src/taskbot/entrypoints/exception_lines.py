"""Exceptions as the log tells them: what broke and where, never in the exception's own words.

Those may hold what people wrote: a database's names the row, a parser's repeats its input.
"""

import traceback
from collections.abc import Iterator

from taskbot.application.ports import StorageUnavailable


def described(error: BaseException) -> str:
    """*error* and what led to it, the first cause first; a line for each place."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and id(cause) not in told:
        yield from _lines(cause, told)
        yield "which led to"
    kind = type(error)
    yield f"{kind.__module__}.{kind.__qualname__}{_safe_words(error)} at"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    if isinstance(error, BaseExceptionGroup):
        for number, one in enumerate(error.exceptions, start=1):
            yield f"of which {number} is"
            yield from (f"  {line}" for line in _lines(one, told))


def _safe_words(error: BaseException) -> str:
    """What is known to be from a fixed list, or written for operators."""
    match error:
        case StorageUnavailable():
            return f" ({error})"
        case OSError(strerror=str(words)):
            return f" ({words})"
        case _:
            code = getattr(error, "sqlstate", None)
            return f" ({code})" if isinstance(code, str) else ""
