"""When the person's day starts: then they are reminded of what is due on a whole day."""

from datetime import time
from typing import Final

from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.keyboards import Button, button, in_rows_of
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.settings.callbacks import StartDay
from taskbot.adapters.telegram.settings.screen import show_settings, to_settings
from taskbot.adapters.telegram.settings.waiting import SettingsForm
from taskbot.adapters.telegram.texts import (
    buttons,
    cards,
    create as create_words,
    settings as words,
)
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.clock_text import understand_clock
from taskbot.application.interface import People
from taskbot.application.users import EditUser

_OFFERED: Final = tuple(time(hour) for hour in range(5, 13))


async def open_page(_: CallbackQuery, turn: Turn) -> None:
    await _show(turn)


async def _show(turn: Turn, *, before: str = "") -> None:
    rows = in_rows_of(3, _choices(turn))
    text = "\n\n".join(filter(None, [before, turn.voice.say(words.ASK_DAY_START)]))
    back = to_settings(turn.voice, buttons.BACK)
    await waiting.ask(turn, SettingsForm.day_start, text, [*rows, [back]])


def _choices(turn: Turn) -> list[Button]:
    now = turn.actor.preferences.day_start
    return [
        button(
            buttons.chosen(turn.voice.clock(one), is_on=one == now),
            StartDay(clock=turn.voice.clock(one)),
        )
        for one in sorted({*_OFFERED, now})
    ]


async def choose(
    _: CallbackQuery, callback_data: StartDay, turn: Turn, users: People
) -> Toast | None:
    clock = understand_clock(callback_data.clock, language=turn.voice.language)
    if clock is None:  # only a forged button carries it
        await _show(turn)
        return None
    await _set(clock, turn, users)
    return Toast(turn.voice.label(cards.SAVED))


async def take(message: Message, turn: Turn, users: People) -> None:
    clock = understand_clock(message.text or "", language=turn.voice.language)
    if clock is None:
        await _show(turn, before=turn.voice.say(words.NO_CLOCK))
    else:
        await _set(clock, turn, users)


async def _set(clock: time, turn: Turn, users: People) -> None:
    user = await users.edit(EditUser(actor=turn.actor.id, day_start=clock))
    await show_settings(turn.by(user))


async def not_text(_: Message, turn: Turn) -> None:
    await _show(turn, before=turn.voice.say(create_words.ONLY_TEXT))
