"""Blocking the bot, and coming back (Bot API, ChatMemberUpdated)."""

import contextlib

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberUpdated

from taskbot.adapters.telegram.people import meeting
from taskbot.application.interface import People
from taskbot.domain.errors import AccountBeingDeleted


def build_router() -> Router:
    """In groups nothing happens: tasks are between the bot and one person."""
    router = Router(name="membership")
    router.my_chat_member.filter(F.chat.type == ChatType.PRIVATE)
    blocked = F.new_chat_member.status.in_({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})
    router.my_chat_member.register(lose, blocked)
    router.my_chat_member.register(welcome_back)
    return router


async def lose(event: ChatMemberUpdated, users: People) -> None:
    with contextlib.suppress(AccountBeingDeleted):
        await users.lose(event.from_user.id)


async def welcome_back(event: ChatMemberUpdated, users: People) -> None:
    """What was held back for the person is on its way again."""
    with contextlib.suppress(AccountBeingDeleted):  # they are told so when they write
        await users.meet(meeting(event.from_user))
