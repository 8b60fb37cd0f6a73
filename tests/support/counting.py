"""Lines are counted where it tells something.

On Python 3.11 a call takes ten times as long while lines are counted, wherever the code is: a test
spends more time on that than on all else.
"""

import contextlib
from collections.abc import Iterator
from typing import Final

from coverage import Coverage

_counted: Final = set[str]()


@contextlib.contextmanager
def uncounted() -> Iterator[None]:
    """Count no lines in the block."""
    counting = Coverage.current()
    if counting is None:
        yield
        return
    counting.stop()
    try:
        yield
    finally:
        counting.start()


@contextlib.contextmanager
def counted_once(what: str) -> Iterator[None]:
    """Count the lines of the block for the first time only; they are the same each time."""
    if what in _counted:
        with uncounted():
            yield
        return
    if Coverage.current() is not None:
        _counted.add(what)
    yield
