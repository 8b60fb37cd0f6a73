"""The messenger's limits, kept inside one process."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from attrs import define

from taskbot.application.ports import Clock

_TICK: Final = timedelta(microseconds=1)
_IDLE_CHATS: Final = 1000
"""With so many chats remembered, those whose distance is over are forgotten."""


def _distance(per_second: float) -> timedelta:
    """How far apart messages are sent; rounded up, for a limit is a limit."""
    if per_second <= 0:
        raise ValueError("a limit lies above zero")
    return ceil(timedelta(seconds=1) / _TICK / per_second) * _TICK


@define
class _Booking:
    """*waits_for*: the person whose notification has this moment in view; None: it is used."""

    moment: datetime
    waits_for: int | None = None


class LocalSendLimiter:
    """Books moments: at most *per_bot* messages in any second, *per_chat* to one person.

    All of them keep their distance. The limits would allow bursts, but messages are delayed on
    their way, and with that two bursts can end in one second.
    """

    def __init__(self, clock: Clock, *, per_bot: float = 30, per_chat: float = 1) -> None:
        self._clock = clock
        self._bot_distance = _distance(per_bot)
        self._chat_distance = _distance(per_chat)
        self._bookings: list[_Booking] = []
        self._free_for_chat: dict[int, datetime] = {}
        self._paused_until: datetime | None = None

    async def reserve(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        now = self._clock.now()
        self._forget_before(now)
        free = self._free_for_chat.get(telegram_id, now)
        moment = self._free_from(max(now, free, self._paused_until or now), self._bookings)
        if moment - now > patience:
            return None
        self._book(moment, telegram_id, waits=moment > now)
        return moment - now

    async def take_turn(self, telegram_id: int) -> timedelta:
        now = self._clock.now()
        earliest = max(now, self._paused_until or now)
        booking = next((one for one in self._bookings if one.waits_for == telegram_id), None)
        if booking is None or booking.moment < now - self._bot_distance:
            if booking is not None:
                self._bookings.remove(booking)
            moment = self._unused(now) if earliest == now else None
            if moment is None:
                moment = self._free_from(earliest, self._bookings)
            self._book(moment, telegram_id, waits=moment > now)
            return max(moment - now, timedelta(0))
        if max(booking.moment, earliest) <= now:
            booking.waits_for = None
        return max(booking.moment, earliest) - now

    async def reserve_reply(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        now = self._clock.now()
        self._forget_before(now)
        used = [one for one in self._bookings if one.waits_for is None]
        moment = self._free_from(max(now, self._paused_until or now), used)
        if moment - now > patience:
            return None
        self._book(moment, telegram_id, waits=False)
        self._move_from(moment)
        return moment - now

    async def pause(self, duration: timedelta) -> None:
        until = self._clock.now() + duration
        self._paused_until = max(self._paused_until or until, until)

    async def pause_left(self) -> timedelta:
        now = self._clock.now()
        return max((self._paused_until or now) - now, timedelta(0))

    def _unused(self, now: datetime) -> datetime | None:
        """A moment of just now that nobody has come for, for one who comes too late for theirs.

        Whoever has it in view comes too late as well, and gets another's: so nobody's delay lets a
        moment pass while somebody waits.
        """
        moment, begin = now, now - self._bot_distance
        for booking in self._bookings:
            if booking.moment > now:
                moment = min(moment, booking.moment - self._bot_distance)
            elif booking.waits_for is None:
                begin = max(begin, booking.moment + self._bot_distance)
            elif booking.moment >= begin:
                self._bookings.remove(booking)
                return booking.moment
        return moment if moment >= begin else None

    def _free_from(self, moment: datetime, bookings: Iterable[_Booking]) -> datetime:
        """The first moment from *moment* on that is far enough from every one of *bookings*."""
        for booking in bookings:
            if booking.moment - moment >= self._bot_distance:
                break
            if moment - booking.moment < self._bot_distance:
                moment = booking.moment + self._bot_distance
        return moment

    def _book(self, moment: datetime, telegram_id: int, *, waits: bool) -> None:
        self._bookings.append(_Booking(moment, telegram_id if waits else None))
        self._bookings.sort(key=lambda one: one.moment)
        self._keep_away(telegram_id, moment)

    def _keep_away(self, telegram_id: int, moment: datetime) -> datetime:
        free = moment + self._chat_distance
        self._free_for_chat[telegram_id] = max(free, self._free_for_chat.get(telegram_id, free))
        return free

    def _move_from(self, moment: datetime) -> None:
        """Make room around what is used from *moment* on: who waits there waits longer."""
        used = [one for one in self._bookings if one.waits_for is None]
        earliest, free = moment - self._bot_distance, dict[int, datetime]()
        for booking in self._bookings:
            chat = booking.waits_for
            if chat is None or booking.moment <= moment - self._bot_distance:
                continue
            was = booking.moment
            booking.moment = self._free_from(max(was, earliest, free.get(chat, was)), used)
            earliest = booking.moment + self._bot_distance
            if booking.moment > was:
                free[chat] = self._keep_away(chat, booking.moment)
        self._bookings.sort(key=lambda one: one.moment)

    def _forget_before(self, now: datetime) -> None:
        begin = now - 2 * self._bot_distance  # `_unused` keeps its distance from these
        self._bookings = [one for one in self._bookings if one.moment >= begin]
        if len(self._free_for_chat) > _IDLE_CHATS:
            self._free_for_chat = {
                chat: free for chat, free in self._free_for_chat.items() if free > now
            }
