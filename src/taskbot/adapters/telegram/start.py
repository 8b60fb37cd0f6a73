"""First words, help, and a way out."""

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import Message

from taskbot.adapters.telegram.create.steps import CreateForm
from taskbot.adapters.telegram.leaving import say_if_leaving
from taskbot.adapters.telegram.texts import create as create_words, start as words
from taskbot.adapters.telegram.turn import Turn


def build_router() -> Router:
    router = Router(name="start")
    router.message.register(greet, CommandStart())
    router.message.register(show_help, Command("help"))
    router.message.register(cancel, Command("cancel"))
    return router


async def greet(_: Message, turn: Turn) -> None:
    day_start = turn.actor.preferences.day_start
    await turn.screen.say(words.greeting(turn.voice, turn.actor.name, day_start))
    await say_if_leaving(turn)


async def show_help(_: Message, turn: Turn) -> None:
    await turn.screen.say(words.help_text(turn.voice, turn.actor.preferences.day_start))


async def cancel(_: Message, turn: Turn) -> None:
    """End the dialogue, whichever it is; with none there is nothing to end."""
    if turn.step is None:
        await turn.screen.say(turn.voice.say(words.NOTHING_TO_CANCEL))
        return
    await turn.leave()
    is_create = turn.step.startswith(f"{CreateForm.__full_group_name__}:")
    await turn.screen.say(turn.voice.say(create_words.CANCELLED if is_create else words.CANCELLED))
