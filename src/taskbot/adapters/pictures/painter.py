"""Painting beside the event loop."""

import asyncio
from typing import Final

from taskbot.application.ports import StatisticsPicture

_AT_ONCE: Final = 2


class PillowPainter:
    """Paints in threads, two pictures at a time: what takes long in Pillow runs beside Python."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def paint(self, picture: StatisticsPicture) -> bytes:
        async with self._turns:
            return await asyncio.to_thread(_paint, picture)


def _paint(picture: StatisticsPicture) -> bytes:
    from taskbot.adapters.pictures.statistics import png  # noqa: PLC0415 - loads Pillow

    return png(picture)
