"""Entering the dialogue, leaving it, and coming back to it."""

from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import Step, StepAction
from taskbot.adapters.telegram.create.steps import CreateForm, ask, is_open, open_step
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.texts import buttons, create as words
from taskbot.adapters.telegram.turn import PROMPT, Answers, Toast, Turn
from taskbot.application.interface import Categories
from taskbot.domain.errors import TitleTooLong
from taskbot.domain.task import checked_description, checked_title


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
    await ask(turn, CreateForm.title, {PROMPT: answers.get(PROMPT)}, categories)


async def restart(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    last = (await turn.answers()).get(PROMPT)
    await ask(turn, CreateForm.title, {PROMPT: last}, categories)


async def resume(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    answers = await turn.answers()
    answers.pop("time", None)
    await ask(turn, open_step(turn), answers, categories)


async def offer(turn: Turn, text: str) -> None:
    """A text outside of any dialogue may be meant as a task: keep it, and ask."""
    suggested = _suggestion(text)
    take = Step(action=StepAction.TAKE_TEXT)
    await turn.ask(
        None,
        {**suggested, PROMPT: (await turn.answers()).get(PROMPT)},
        words.offer(turn.voice, suggested["title"]),
        keyboard([button(buttons.create_from(turn.voice, suggested["title"]), take)]),
    )


def _suggestion(text: str) -> Answers:
    """The first line as the title and the rest as the description; raise what the domain says.

    A text too long for a title goes into the description as a whole.
    """
    first, _, rest = text.strip().partition("\n")
    try:
        return {"title": checked_title(first), "description": checked_description(rest)}
    except TitleTooLong:
        title = words.title_from(first)
        return {"title": checked_title(title), "description": checked_description(text)}


async def take_text(_: CallbackQuery, turn: Turn, categories: Categories) -> None:
    """Begin with the title that was written before there was a dialogue."""
    await ask(turn, CreateForm.description, await turn.answers(), categories)


async def not_current(_: CallbackQuery, turn: Turn) -> Toast:
    """A question that was answered, or whose dialogue is over."""
    await turn.screen.take_buttons(turn.screen.pressed)
    return Toast(turn.voice.label(words.NOT_CURRENT))


async def cancel(_: CallbackQuery, turn: Turn) -> None:
    await turn.leave()
    await turn.screen.show(turn.voice.say(words.CANCELLED))
