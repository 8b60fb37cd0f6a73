"""Entering the dialogue, leaving it, and coming back to it."""

from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import Step, StepAction
from taskbot.adapters.telegram.create.steps import (
    KEY,
    CreateForm,
    ask,
    is_open,
    new_key,
    open_step,
)
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.texts import buttons, create as words
from taskbot.adapters.telegram.turn import PROMPT, Toast, Turn
from taskbot.application.interface import Categories


async def start(_: Message, turn: Turn, categories: Categories) -> None:
    await begin(turn, categories)


async def start_by_button(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    await begin(turn, categories)


async def begin(turn: Turn, categories: Categories) -> None:
    """Ask for the title; with a half-filled dialogue at hand, ask what to do with it."""
    answers = await turn.answers()
    if is_open(turn) and open_step(turn) != CreateForm.title:
        go_on = button(turn.voice.label(buttons.GO_ON), Step(action=StepAction.RESUME))
        anew = button(turn.voice.label(buttons.START_OVER), Step(action=StepAction.RESTART))
        text = words.in_the_middle(turn.voice, answers.get("title", ""))
        await turn.screen.say(text, keyboard([go_on], [anew]))
        return
    await ask(turn, CreateForm.title, {PROMPT: answers.get(PROMPT), KEY: new_key()}, categories)


async def restart(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    last = (await turn.answers()).get(PROMPT)
    await ask(turn, CreateForm.title, {PROMPT: last, KEY: new_key()}, categories)


async def resume(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    answers = await turn.answers()
    for half in ("day", "time"):
        answers.pop(half, None)
    await ask(turn, open_step(turn), answers, categories)


async def take_text(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    """Begin with the title that an earlier release offered to make a task of."""
    answers = await turn.answers()
    await ask(turn, CreateForm.description, {**answers, KEY: new_key()}, categories)


async def not_current(_: CallbackQuery, turn: Turn) -> Toast:
    """A question that was answered, or whose dialogue is over."""
    await turn.screen.take_buttons(turn.screen.pressed)
    return Toast(turn.voice.label(words.NOT_CURRENT))


async def cancel(_: CallbackQuery, turn: Turn) -> None:
    await turn.leave()
    await turn.screen.show(turn.voice.say(words.CANCELLED))
