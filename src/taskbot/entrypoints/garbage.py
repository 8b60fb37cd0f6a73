"""What Python's collector of garbage does in a process that is at work for long."""

import gc
from typing import Final

_THRESHOLDS: Final = (10_000, 20, 50)
"""How many new objects it waits for, and how many of its rounds until it looks at older ones. Few
objects here refer to each other in circles: all others go without it."""


def leave_alone_what_stays() -> None:
    """Have it pass over all that is there by now: libraries, tables, handlers stay to the end.

    Some 300,000 objects, which it would look through again and again, for 30 ms at a time: a
    twelfth of what a small request costs. For a process that is just about to be at work.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
