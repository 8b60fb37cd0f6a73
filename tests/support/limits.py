"""A messenger without limits, for tests that are about something else."""

from datetime import timedelta


class NoLimits:
    """Everybody's turn is now."""

    async def reserve(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        return timedelta(0)

    async def take_turn(self, telegram_id: int) -> timedelta:
        return timedelta(0)

    async def reserve_reply(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        return timedelta(0)

    async def pause(self, duration: timedelta) -> None: ...

    async def pause_left(self) -> timedelta:
        return timedelta(0)
