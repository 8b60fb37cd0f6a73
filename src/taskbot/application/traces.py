"""Traces: by which ids the lines of the log are found that came of one thing.

Whoever begins something, a request, an update, a delivery, says which ids are its own; each line
that is written meanwhile has them, in whatever module. The trace is the id of what set it all
going, and goes along with what is promised: see `Reminder.trace_id`.
"""

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

TRACE: Final = "trace_id"
_ids: ContextVar[Mapping[str, str | None]] = ContextVar("taskbot_ids", default=MappingProxyType({}))


@contextlib.contextmanager
def traced(**ids: str | None) -> Iterator[None]:
    """Have lines carry *ids* as long as the block lasts, besides those of the blocks around it.

    None takes away what a block around it said. `trace_id`: what set going what is done here.
    """
    token = _ids.set({**_ids.get(), **ids})
    try:
        yield
    finally:
        _ids.reset(token)


def ids_of_this() -> dict[str, str]:
    """The ids of what is being done here and now."""
    return {name: value for name, value in _ids.get().items() if value is not None}


def trace_of_this() -> str | None:
    """What set going what is being done here and now, if anybody said so."""
    return _ids.get().get(TRACE)
