"""Looking for tasks by words, among those that are done as well.

What was looked for stands in the message with the results, and is read there when a button under
it is pressed: so it is known after any restart, and for as long as Telegram knows the message.
"""

from aiogram.enums import MessageEntityType
from aiogram.filters import CommandObject
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from attrs import evolve

from taskbot.adapters.telegram import create
from taskbot.adapters.telegram.callbacks import ListPage
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.listing.callbacks import (
    AskWords,
    CancelWords,
    FoundPage,
    unpacked,
)
from taskbot.adapters.telegram.listing.pages import every_task, page_at, task_rows, turns
from taskbot.adapters.telegram.listing.tabs import show_tab
from taskbot.adapters.telegram.texts import buttons, create as create_words, finding as words
from taskbot.adapters.telegram.texts.lists import Tab
from taskbot.adapters.telegram.turn import PROMPT, Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.application.ports import TaskOrder, TaskPosition
from taskbot.application.search_words import LONGEST_SEARCH


class FindForm(StatesGroup):
    words = State()


def is_waiting(turn: Turn) -> bool:
    return turn.step == FindForm.words.state


async def find(message: Message, command: CommandObject, turn: Turn, tasks: Tasks) -> None:
    """`/find milk` looks at once, `/find` alone asks; not into another dialogue, to be lost."""
    if asked_for := (command.args or "").strip():
        await _show_found(turn, asked_for, tasks)
    elif turn.step is None or is_waiting(turn):
        await ask_words(turn)
    else:
        await turn.screen.say(turn.voice.say(words.HOW_TO_FIND))


async def ask_words(turn: Turn, *, before: str = "") -> None:
    """Ask what to look for, after *before* (HTML) if there is something to say first."""
    last = {PROMPT: (await turn.answers()).get(PROMPT)}
    text = turn.voice.say(words.ASK_WORDS)
    cancel = button(turn.voice.label(buttons.CANCEL), CancelWords())
    await turn.ask(
        FindForm.words, last, f"{before}\n\n{text}" if before else text, keyboard([cancel])
    )


async def forget_question(turn: Turn, command: Message) -> None:
    """Something else was asked for by *command*; unless that put the question anew."""
    prompt = (await turn.answers()).get(PROMPT)
    if not isinstance(prompt, int) or prompt < command.message_id:
        await turn.leave()


async def begin(_: CallbackQuery, turn: Turn) -> Toast | None:
    if create.is_open(turn):
        return Toast(turn.voice.label(create_words.FINISH_FIRST), alert=True)
    await ask_words(turn)
    return None


async def cancel(_: CallbackQuery, turn: Turn, tasks: Tasks) -> None:
    if is_waiting(turn):
        await turn.leave()
    await show_tab(turn, Tab.ALL, tasks)


async def take_words(message: Message, turn: Turn, tasks: Tasks) -> None:
    await _show_found(turn, (message.text or "").strip(), tasks)
    await turn.leave()


async def not_text(_: Message, turn: Turn) -> None:
    await ask_words(turn, before=turn.voice.say(create_words.ONLY_TEXT))


async def turn_page(
    query: CallbackQuery, callback_data: FoundPage, turn: Turn, tasks: Tasks
) -> Toast | None:
    asked_for = _looked_for(query)
    if asked_for:
        place, backwards = unpacked(callback_data.place), callback_data.backwards
        await _show_found(turn, asked_for, tasks, place=place, backwards=backwards)
        return None
    forgotten = Toast(turn.voice.label(words.FORGOTTEN), alert=True)
    return await begin(query, turn) or forgotten


def _looked_for(query: CallbackQuery) -> str:
    """The words in the message that was pressed; none if Telegram no longer shows it to us."""
    message = query.message
    if not isinstance(message, Message) or message.text is None:
        return ""
    for entity in message.entities or []:
        if entity.type == MessageEntityType.BOLD:
            return entity.extract_from(message.text).strip("\u2068\u2069")
    return ""


async def _show_found(
    turn: Turn,
    asked_for: str,
    tasks: Tasks,
    *,
    place: TaskPosition | None = None,
    backwards: bool = False,
) -> None:
    voice, asked_for = turn.voice, asked_for[:LONGEST_SEARCH]
    wanted = evolve(every_task(turn), text=asked_for, order=TaskOrder.CREATED, descending=True)
    page = await page_at(wanted, place, backwards=backwards, tasks=tasks)
    around = turns(voice, page, lambda back, at: FoundPage(backwards=back, place=at))
    ways = [
        [button(voice.label(words.FIND_AGAIN), AskWords())],
        [button(voice.label(buttons.ALL_TASKS), ListPage())],
    ]
    told = words.found if page.items else words.nothing_found
    rows = keyboard(*task_rows(voice, page), around, *ways)
    await turn.screen.show(told(voice, asked_for), rows)
