"""Everything of a person's as a file."""

import asyncio
import contextlib
import tempfile
from typing import BinaryIO, Final

from aiogram import Router
from aiogram.enums import ChatAction
from aiogram.filters import Command
from aiogram.types import Message

from taskbot.adapters.telegram.texts import exports as words
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Exports
from taskbot.domain.ids import UserId

_MEGABYTE: Final = 1_000_000
_MOST_MEGABYTES: Final = 50  # Bot API, sendDocument
_PATIENCE_SECONDS: Final = 25.0
"""For all of it: less than after what an update is given up, in silence."""


class _TooLarge(Exception):
    """Telegram takes no such file."""


def build_router() -> Router:
    router = Router(name="export")
    router.message.register(send_everything, Command("export"))
    return router


async def send_everything(_: Message, turn: Turn, exports: Exports) -> None:
    """Through a file that has no name: nothing of it stays, however this process ends."""
    await turn.screen.look_busy(ChatAction.UPLOAD_DOCUMENT)
    try:
        with tempfile.TemporaryFile() as file:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await _fill(file, exports, turn.actor.id)
                await turn.screen.look_busy(ChatAction.UPLOAD_DOCUMENT)
                name = f"taskbot-export-{turn.voice.today}.json"
                await turn.screen.hand_over(file, name, turn.voice.say(words.CAPTION))
    except _TooLarge:
        await turn.screen.say(words.too_large(turn.voice, _MOST_MEGABYTES))
    except TimeoutError:
        await turn.screen.say(words.too_slow(turn.voice))


async def _fill(file: BinaryIO, exports: Exports, actor: UserId) -> None:
    size = 0
    async with contextlib.aclosing(await exports.document(actor=actor)) as pieces:
        async for piece in pieces:
            size += len(piece)
            if size > _MOST_MEGABYTES * _MEGABYTE:
                raise _TooLarge
            file.write(piece)
