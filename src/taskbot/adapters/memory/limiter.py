"""The messenger's limits, kept inside one process."""

from bisect import bisect_left, bisect_right, insort
from datetime import datetime, timedelta
from math import floor
from typing import Final

from taskbot.application.ports import Clock

_SECOND: Final = timedelta(seconds=1)
_IDLE_CHATS: Final = 1000
"""With so many chats remembered, those whose distance is over are forgotten."""


class LocalSendLimiter:
    """Books moments: at most *per_bot* messages in any second, *per_chat* to one person.

    A chat's messages keep their distance. The bot's may come in a burst, as long as no second
    holds more than *per_bot* of them.
    """

    def __init__(self, clock: Clock, *, per_bot: float = 30, per_chat: float = 1) -> None:
        if per_bot <= 0 or per_chat <= 0:
            raise ValueError("a limit lies above zero")
        self._clock = clock
        self._burst = max(floor(per_bot), 1)
        self._window = self._burst * _SECOND / per_bot
        self._distance = _SECOND / per_chat
        self._booked: list[datetime] = []
        self._free_for_chat: dict[int, datetime] = {}
        self._paused_until: datetime | None = None

    async def reserve(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        now = self._clock.now()
        self._forget_before(now)
        earliest = max(now, self._free_for_chat.get(telegram_id, now), self._paused_until or now)
        moment = self._free_for_bot(earliest)
        if moment - now > patience:
            return None
        insort(self._booked, moment)
        self._free_for_chat[telegram_id] = moment + self._distance
        return moment - now

    async def pause(self, duration: timedelta) -> None:
        until = self._clock.now() + duration
        self._paused_until = max(self._paused_until or until, until)

    async def pause_left(self) -> timedelta:
        now = self._clock.now()
        return max((self._paused_until or now) - now, timedelta(0))

    def _free_for_bot(self, moment: datetime) -> datetime:
        """The first moment from *moment* on that makes no window too full."""
        while (blocking := self._full_window_around(moment)) is not None:
            moment = blocking + self._window
        return moment

    def _full_window_around(self, moment: datetime) -> datetime | None:
        """The first booking of a window that is full already and would have to hold *moment*."""
        place = bisect_right(self._booked, moment)
        last_start = min(place, len(self._booked) - self._burst)
        for start in range(max(place - self._burst, 0), last_start + 1):
            first, last = self._booked[start], self._booked[start + self._burst - 1]
            if max(last, moment) - min(first, moment) < self._window:
                return first
        return None

    def _forget_before(self, now: datetime) -> None:
        del self._booked[: bisect_left(self._booked, now - self._window)]
        if len(self._free_for_chat) > _IDLE_CHATS:
            self._free_for_chat = {
                chat: free for chat, free in self._free_for_chat.items() if free > now
            }
