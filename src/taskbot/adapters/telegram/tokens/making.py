"""The dialogue in which an access token is made, and its secret shown for a minute."""

import contextlib
from datetime import timedelta
from typing import Final

from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.keyboards import Keyboard, Row, button, keyboard
from taskbot.adapters.telegram.texts import buttons, tokens as words
from taskbot.adapters.telegram.tokens.callbacks import (
    ForPurpose,
    GoodFor,
    Purpose,
    Tokens,
    TokensAction,
)
from taskbot.adapters.telegram.turn import PROMPT, Answers, Toast, Turn
from taskbot.application.interface import AccessTokens
from taskbot.application.ports import StorageUnavailable, VanishingMessage, VanishingMessages
from taskbot.domain.access_token import PERSONAL_SCOPES
from taskbot.domain.text import is_readable

SHOWN_FOR: Final = timedelta(minutes=1)

_SCOPES: Final = {
    Purpose.READ: words.READING,
    Purpose.WRITE: words.WRITING,
    Purpose.EVERYTHING: PERSONAL_SCOPES,
}


class TokenForm(StatesGroup):
    """The answers are `name` and `purpose`."""

    name = State()
    purpose = State()
    expiry = State()


def _step(turn: Turn) -> State | None:
    return next((step for step in TokenForm.__all_states__ if step.state == turn.step), None)


def is_open(turn: Turn) -> bool:
    return _step(turn) is not None


async def begin(_: CallbackQuery, turn: Turn) -> Toast | None:
    if turn.step is not None and not is_open(turn):
        return Toast(turn.voice.label(words.FINISH_FIRST), alert=True)
    await _ask(turn, TokenForm.name, {PROMPT: (await turn.answers()).get(PROMPT)})
    return None


async def _ask(turn: Turn, step: State, answers: Answers) -> None:
    name = answers.get("name", "")
    if step == TokenForm.name:
        default = turn.voice.label(words.DEFAULT_NAME)
        rows = [[button(default, Tokens(action=TokensAction.DEFAULT_NAME))]]
        text = words.ask_name(turn.voice)
    elif step == TokenForm.purpose:
        rows, text = _purposes(turn), words.asked(turn.voice, name, words.ASK_PURPOSE)
    else:
        rows, text = _ends(turn), words.asked(turn.voice, name, words.ASK_EXPIRY)
    cancel = [button(turn.voice.label(buttons.CANCEL), Tokens(action=TokensAction.CANCEL))]
    await turn.ask(step, answers, text, keyboard(*rows, cancel))


def _purposes(turn: Turn) -> list[Row]:
    labels = {
        Purpose.READ: words.READ,
        Purpose.WRITE: words.WRITE,
        Purpose.EVERYTHING: words.EVERYTHING,
    }
    return [
        [button(turn.voice.label(label), ForPurpose(purpose=purpose))]
        for purpose, label in labels.items()
    ]


def _ends(turn: Turn) -> list[Row]:
    labels = {30: words.MONTH, 365: words.YEAR, 0: words.FOR_EVER}
    return [[button(turn.voice.label(label), GoodFor(days=days)) for days, label in labels.items()]]


async def ask_again(turn: Turn) -> None:
    """Put the open question once more, after something else came in between."""
    step = _step(turn)
    if step is not None:
        await _ask(turn, step, await turn.answers())


async def ask_once_more(_: Message, turn: Turn) -> None:
    """What was sent is no answer: the buttons are."""
    await ask_again(turn)


async def take_name(message: Message, turn: Turn) -> None:
    name = message.text or ""
    if not is_readable(name):
        name = turn.voice.label(words.DEFAULT_NAME)
    await _take_name(turn, name)


async def take_default_name(_: CallbackQuery, turn: Turn) -> None:
    await _take_name(turn, turn.voice.label(words.DEFAULT_NAME))


async def _take_name(turn: Turn, name: str) -> None:
    await _ask(turn, TokenForm.purpose, {**await turn.answers(), "name": name})


async def take_purpose(_: CallbackQuery, callback_data: ForPurpose, turn: Turn) -> None:
    answers = {**await turn.answers(), "purpose": callback_data.purpose.value}
    await _ask(turn, TokenForm.expiry, answers)


async def cancel(_: CallbackQuery, turn: Turn) -> None:
    await turn.leave()
    back = button(turn.voice.label(buttons.BACK), Tokens(action=TokensAction.LIST))
    await turn.screen.show(turn.voice.say(words.NOT_MADE), keyboard([back]))


async def answered_already(_: CallbackQuery, turn: Turn) -> None:
    """The button was pressed twice: what it asked was answered, and the next question stands."""
    await ask_again(turn)


async def not_current(_: CallbackQuery, turn: Turn) -> Toast:
    await turn.screen.take_buttons(turn.screen.pressed)
    return Toast(turn.voice.label(words.NOT_CURRENT))


async def make(
    _: CallbackQuery,
    callback_data: GoodFor,
    turn: Turn,
    access_tokens: AccessTokens,
    vanishing: VanishingMessages,
) -> Toast | None:
    """Show the secret in place of the last question, which is known to vanish by then.

    So it goes whatever becomes of this process, from the first moment on.
    """
    answers, now = await turn.answers(), turn.voice.now
    if turn.screen.pressed is None:  # the message is too old for Telegram to say which it was
        return await not_current(_, turn)
    shown = VanishingMessage(turn.screen.chat_id, turn.screen.pressed, now + SHOWN_FOR)
    await vanishing.add(shown)
    try:
        new = await access_tokens.create(
            answers.get("name", ""),
            scopes=_SCOPES[Purpose(answers.get("purpose", Purpose.READ))],
            expires_at=now + timedelta(days=callback_data.days) if callback_data.days else None,
            actor=turn.actor.id,
        )
    except Exception:  # the question stays, to be answered once more
        await _drop(vanishing, shown)
        raise
    hide = button(turn.voice.label(words.HIDE), Tokens(action=TokensAction.HIDE))
    text = words.made(turn.voice, new.token, new.secret)
    if await _is_shown(turn, text, keyboard([hide])):
        await turn.forget()
        return None
    await access_tokens.revoke(new.token.id, actor=turn.actor.id)
    await turn.forget()
    return Toast(turn.voice.label(words.NOT_SHOWN), alert=True)


async def _is_shown(turn: Turn, text: str, buttons: Keyboard) -> bool:
    try:
        return await turn.screen.replace(text, buttons)
    except TelegramAPIError:
        return False  # it may be there all the same: then it is good for nothing, and vanishes


async def _drop(vanishing: VanishingMessages, message: VanishingMessage) -> None:
    with contextlib.suppress(StorageUnavailable):
        await vanishing.drop(message)
