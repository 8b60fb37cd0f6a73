"""Letting in as many at a time as get on quicker together than one after another.

What comes beyond that waits its turn in a short queue, and what the queue has no room for is
refused at once: whoever is let in does not wait long, however many come.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

from attrs import define, field, frozen

PATIENCE: Final = timedelta(seconds=2)
"""Longer than a database may stand still for a moment: that is no overload yet."""

Going: TypeAlias = Callable[[], Awaitable[Any]]


class Reason(StrEnum):
    """Why somebody was not let in."""

    FULL = "full"
    """As many wait already as may."""

    WAITED = "waited"
    """They waited as long as one may."""

    GONE = "gone"
    """They went away while they waited."""


@frozen
class NotAdmitted(Exception):
    reason: Reason


Shed: TypeAlias = Callable[[Reason], None]
"""Is told of each that was not let in."""


def tell_nobody(reason: Reason) -> None:
    """Count nothing: where there are no metrics."""


@define
class Admission:
    """*places* at a time; *queue* more wait, the first come first, for *patience* at most.

    It belongs to one event loop.
    """

    places: int
    queue: int
    patience: timedelta = PATIENCE
    inside: int = field(default=0, init=False)
    _turns: deque[asyncio.Future[None]] = field(factory=deque, init=False)

    @property
    def waiting(self) -> int:
        return len(self._turns)

    def require_room(self) -> None:
        """Raise `NotAdmitted` for who would find neither a place nor room to wait."""
        if self.inside >= self.places and self.waiting >= self.queue:
            raise NotAdmitted(Reason.FULL)

    def enter_at_once(self) -> bool:
        """Take a place if there is one for whoever comes now."""
        # Where somebody waits no place is free: whoever leaves hands it on.
        if self.inside >= self.places:
            return False
        self.inside += 1
        return True

    async def enter(self, going: Going | None = None) -> None:
        """Take a place, as soon as it is one's turn. Raise `NotAdmitted` if that cannot be.

        *going* is called where one has to wait: when it ends, they have gone away.
        """
        self.require_room()
        if not self.enter_at_once():
            await self._turn(self.patience, going)

    async def come_back(self) -> None:
        """As `enter`, for who was let in before: they are never refused, however long it takes."""
        if not self.enter_at_once():
            await self._turn(None, None)

    def leave(self) -> None:
        """Give up one's place, to who has waited longest."""
        while self._turns:
            turn = self._turns.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.inside -= 1

    async def _turn(self, patience: timedelta | None, going: Going | None) -> None:
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._turns.append(turn)
        with contextlib.ExitStack() as ending:
            if patience is not None:
                seconds = patience.total_seconds()
                ending.callback(loop.call_later(seconds, _refuse, turn, Reason.WAITED).cancel)
            if going is not None:
                watch = asyncio.ensure_future(going())
                watch.add_done_callback(lambda _: _refuse(turn, Reason.GONE))
                ending.callback(watch.cancel)
            try:
                await turn
            except BaseException:
                if turn in self._turns:
                    self._turns.remove(turn)
                elif _was_given(turn):  # a place that nobody is there to take any more
                    self.leave()
                raise


def _refuse(turn: asyncio.Future[None], reason: Reason) -> None:
    if not turn.done():
        turn.set_exception(NotAdmitted(reason))


def _was_given(turn: asyncio.Future[None]) -> bool:
    return turn.done() and not turn.cancelled() and turn.exception() is None
