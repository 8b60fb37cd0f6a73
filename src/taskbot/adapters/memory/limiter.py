"""The messenger's limits, kept inside one process."""

from bisect import bisect_left, bisect_right, insort
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from taskbot.application.ports import Clock

_TICK: Final = timedelta(microseconds=1)
_IDLE_CHATS: Final = 1000
"""With so many chats remembered, those whose distance is over are forgotten."""


def _distance(per_second: float) -> timedelta:
    """How far apart messages are sent; rounded up, for a limit is a limit."""
    if per_second <= 0:
        raise ValueError("a limit lies above zero")
    return ceil(timedelta(seconds=1) / _TICK / per_second) * _TICK


class LocalSendLimiter:
    """Books moments: at most *per_bot* messages in any second, *per_chat* to one person.

    All of them keep their distance. The limits would allow bursts, but messages are delayed on
    their way, and with that two bursts can end in one second.
    """

    def __init__(self, clock: Clock, *, per_bot: float = 30, per_chat: float = 1) -> None:
        self._clock = clock
        self._bot_distance = _distance(per_bot)
        self._chat_distance = _distance(per_chat)
        self._booked: list[datetime] = []
        self._free_for_chat: dict[int, datetime] = {}
        self._paused_until: datetime | None = None

    async def reserve(
        self, telegram_id: int, *, patience: timedelta, in_burst: bool = False
    ) -> timedelta | None:
        now = self._clock.now()
        self._forget_before(now)
        free = self._free_for_chat.get(telegram_id, now)
        earliest = max(now, now if in_burst else free, self._paused_until or now)
        moment = self._free_for_bot(earliest)
        if moment - now > patience:
            return None
        insort(self._booked, moment)
        self._free_for_chat[telegram_id] = max(free, moment + self._chat_distance)
        return moment - now

    async def pause(self, duration: timedelta) -> None:
        until = self._clock.now() + duration
        self._paused_until = max(self._paused_until or until, until)

    async def pause_left(self) -> timedelta:
        now = self._clock.now()
        return max((self._paused_until or now) - now, timedelta(0))

    def _free_for_bot(self, moment: datetime) -> datetime:
        """The first moment from *moment* on that is far enough from every booked one."""
        for booked in self._booked[bisect_right(self._booked, moment - self._bot_distance) :]:
            if booked - moment >= self._bot_distance:
                break
            moment = booked + self._bot_distance
        return moment

    def _forget_before(self, now: datetime) -> None:
        del self._booked[: bisect_left(self._booked, now - self._bot_distance)]
        if len(self._free_for_chat) > _IDLE_CHATS:
            self._free_for_chat = {
                chat: free for chat, free in self._free_for_chat.items() if free > now
            }
