"""Messages that are not to stay, as long as the process lives."""

from taskbot.application.ports import GIVEN_UP_AFTER, Clock, VanishingMessage


class MemoryVanishingMessages:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[int, int], VanishingMessage] = {}

    async def add(self, message: VanishingMessage) -> None:
        self._kept[message.chat_id, message.message_id] = message

    async def earliest(self, *, limit: int) -> list[VanishingMessage]:
        return sorted(self._kept.values(), key=lambda one: one.delete_at)[:limit]

    async def drop(self, message: VanishingMessage) -> None:
        self._kept.pop((message.chat_id, message.message_id), None)

    async def forget(self, telegram_id: int) -> None:
        for message in list(self._kept.values()):
            if message.chat_id == telegram_id:
                await self.drop(message)

    async def purge_expired(self) -> int:
        before = self._clock.now() - GIVEN_UP_AFTER
        expired = [one for one in self._kept.values() if one.delete_at <= before]
        for message in expired:
            await self.drop(message)
        return len(expired)
