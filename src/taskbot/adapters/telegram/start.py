"""First words, help, and a way out."""

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from taskbot.adapters.telegram import deep_links
from taskbot.adapters.telegram.callbacks import ListPage, Step, StepAction
from taskbot.adapters.telegram.create.steps import CreateForm
from taskbot.adapters.telegram.keyboards import NO_KEYBOARD, button, keyboard
from taskbot.adapters.telegram.leaving import say_if_leaving
from taskbot.adapters.telegram.settings import timezone, waiting
from taskbot.adapters.telegram.texts import buttons, create as create_words, start as words
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Categories, Tasks


def build_router() -> Router:
    router = Router(name="start")
    router.message.register(greet, CommandStart())
    router.message.register(show_help, Command("help"))
    router.message.register(cancel, Command("cancel"))
    return router


async def greet(
    _: Message, command: CommandObject, turn: Turn, tasks: Tasks, categories: Categories
) -> None:
    """Until it is known where the person lives, nothing else can be told rightly."""
    payload = (command.args or "").strip()
    if not turn.actor.timezone_chosen:
        await timezone.ask_first(turn, payload)
        return
    if await deep_links.follow(payload, turn, tasks, categories):
        return
    counts = await tasks.counts(actor=turn.actor.id, timezone=turn.actor.timezone)
    new = button(turn.voice.label(buttons.NEW_TASK), Step(action=StepAction.START))
    every = button(turn.voice.label(buttons.ALL_TASKS), ListPage())
    text = words.greeting(turn.voice, turn.actor.name, counts)
    await turn.screen.say(text, keyboard([every, new]))
    await say_if_leaving(turn)


async def show_help(_: Message, turn: Turn) -> None:
    await turn.screen.say(words.help_text(turn.voice))


async def cancel(_: Message, turn: Turn) -> None:
    """End the dialogue, whichever it is; with none there is nothing to end."""
    if turn.step is None:
        await turn.screen.say(turn.voice.say(words.NOTHING_TO_CANCEL))
        return
    has_keyboard = (await turn.answers()).get(waiting.KEYBOARD)
    await turn.leave()
    is_create = turn.step.startswith(f"{CreateForm.__full_group_name__}:")
    said = turn.voice.say(create_words.CANCELLED if is_create else words.CANCELLED)
    await turn.screen.say(said, NO_KEYBOARD if has_keyboard else None)
