"""Telegram without a server: every call is kept and succeeds."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import EditMessageText, GetMe, SendMessage, TelegramMethod
from aiogram.types import Chat, Message, User

_SOME_TIME = datetime(2100, 3, 15, tzinfo=UTC)


class RecordingSession(BaseSession):
    """With *hang* set, calls signal it and never return."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[TelegramMethod[Any]] = []
        self.hang: asyncio.Event | None = None
        self.last_message_id = 1000

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - the base class has it
    ) -> Any:
        if self.hang is not None:
            self.hang.set()
            await asyncio.Event().wait()
        self.calls.append(method)
        if isinstance(method, SendMessage):
            self.last_message_id += 1
            return self._message(bot, int(method.chat_id), self.last_message_id, method.text)
        if isinstance(method, EditMessageText):
            message_id = method.message_id or 0
            return self._message(bot, int(method.chat_id or 0), message_id, method.text or "")
        if isinstance(method, GetMe):
            return User(id=bot.id, is_bot=True, first_name="taskbot", username="a_taskbot")
        return True

    def _message(self, bot: Bot, chat_id: int, message_id: int, text: str) -> Message:
        chat = Chat(id=chat_id, type="private")
        message = Message(message_id=message_id, date=_SOME_TIME, chat=chat, text=text)
        return message.as_(bot)

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - the base class has it
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002 - the base class has it
    ) -> AsyncGenerator[bytes, None]:
        yield b""
