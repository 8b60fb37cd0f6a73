"""Having one's account deleted, and keeping it after all."""

from enum import StrEnum

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import ListPage
from taskbot.adapters.telegram.keyboards import Keyboard, button, keyboard
from taskbot.adapters.telegram.texts import buttons, leaving as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Accounts, Progress
from taskbot.domain.errors import NotLeaving
from taskbot.domain.user import User


class LeavingAction(StrEnum):
    LEAVE = "leave"
    NO = "no"
    STAY = "stay"


class Leaving(CallbackData, prefix="a"):
    action: LeavingAction


def build_router() -> Router:
    router = Router(name="leaving")
    router.message.register(ask, Command("delete_me"))
    pressed = router.callback_query.register
    pressed(leave, Leaving.filter(F.action == LeavingAction.LEAVE))
    pressed(keep, Leaving.filter(F.action == LeavingAction.NO))
    pressed(stay, Leaving.filter(F.action == LeavingAction.STAY))
    return router


async def say_if_leaving(turn: Turn) -> None:
    """Remind who is leaving of it, with the way back, below what was said before."""
    if turn.actor.is_leaving:
        await turn.screen.say(*_notice(turn.voice, turn.actor))


def _notice(voice: Voice, user: User) -> tuple[str, Keyboard]:
    if user.deletion_at is None:
        raise AssertionError("who leaves does so at a moment")
    back = button(voice.label(words.KEEP), Leaving(action=LeavingAction.STAY))
    return words.leaving(voice, user.deletion_at), keyboard([back])


async def ask(_: Message, turn: Turn, progress: Progress) -> None:
    if turn.actor.is_leaving:
        await say_if_leaving(turn)
        return
    found = await progress.statistics(
        actor=turn.actor.id, timezone=turn.actor.timezone, days=1, weeks=1
    )
    surely = button(turn.voice.label(words.DELETE_SURELY), Leaving(action=LeavingAction.LEAVE))
    no = button(turn.voice.label(words.NO), Leaving(action=LeavingAction.NO))
    text = words.ask(turn.voice, found.open + found.completed)
    await turn.screen.say(text, keyboard([no], [surely]))


async def leave(_: CallbackQuery, turn: Turn, accounts: Accounts) -> None:
    user = await accounts.leave(actor=turn.actor.id)
    await turn.screen.show(*_notice(turn.voice, user))


async def keep(_: CallbackQuery, turn: Turn) -> None:
    """An old question may be answered with no after another one was answered with yes."""
    if turn.actor.is_leaving:
        await turn.screen.show(*_notice(turn.voice, turn.actor))
    else:
        await _show_that_it_stays(turn, words.NOT_DELETED)


async def stay(_: CallbackQuery, turn: Turn, accounts: Accounts) -> None:
    try:
        await accounts.stay(actor=turn.actor.id)
    except NotLeaving:  # pressed twice, or taken back elsewhere
        await _show_that_it_stays(turn, words.NOT_DELETED)
    else:
        await _show_that_it_stays(turn, words.STAYING)


async def _show_that_it_stays(turn: Turn, text: str) -> None:
    every = button(turn.voice.label(buttons.ALL_TASKS), ListPage())
    await turn.screen.show(turn.voice.say(text), keyboard([every]))
