"""How long before a moment reminders come, unless a task has its own."""

from datetime import timedelta
from typing import Final

from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.keyboards import Button, button, in_rows_of
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.settings.callbacks import RemindAhead
from taskbot.adapters.telegram.settings.screen import to_settings
from taskbot.adapters.telegram.settings.waiting import SettingsForm
from taskbot.adapters.telegram.texts import (
    buttons,
    cards,
    create as create_words,
    lead_times as words,
)
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.duration_text import understand_duration
from taskbot.application.interface import People
from taskbot.application.users import EditUser

_MINUTE: Final = timedelta(minutes=1)
_OFFERED: Final = tuple(
    minutes * _MINUTE for minutes in (0, 5, 10, 30, 60, 3 * 60, 24 * 60, 7 * 24 * 60)
)


async def open_page(_: CallbackQuery, turn: Turn) -> None:
    await _show(turn)


async def _show(turn: Turn, *, before: str = "") -> None:
    rows = in_rows_of(2, _switches(turn))
    text = "\n\n".join(filter(None, [before, words.ask(turn.voice)]))
    back = to_settings(turn.voice, buttons.BACK)
    await waiting.ask(turn, SettingsForm.lead_time, text, [*rows, [back]])


def _switches(turn: Turn) -> list[Button]:
    chosen = turn.actor.preferences.lead_times
    return [
        button(
            buttons.switch(words.before(turn.voice, lead), is_on=lead in chosen),
            RemindAhead(minutes=lead // _MINUTE, wanted=lead not in chosen),
        )
        for lead in sorted({*_OFFERED, *chosen})
    ]


async def switch(_: CallbackQuery, callback_data: RemindAhead, turn: Turn, users: People) -> None:
    await _set(callback_data.minutes * _MINUTE, turn, users, is_wanted=callback_data.wanted)


async def take(message: Message, turn: Turn, users: People) -> None:
    lead = understand_duration(message.text or "")
    if lead is None:
        await _show(turn, before=words.not_understood(turn.voice))
    else:
        said = turn.voice.say(cards.SAVED)
        await _set(lead, turn, users, is_wanted=True, before=said)


async def _set(
    lead: timedelta, turn: Turn, users: People, *, is_wanted: bool, before: str = ""
) -> None:
    others = set(turn.actor.preferences.lead_times) - {lead}
    wanted = [*others, lead] if is_wanted else [*others]
    user = await users.edit(EditUser(actor=turn.actor.id, lead_times=wanted))
    await _show(turn.by(user), before=before)


async def not_text(_: Message, turn: Turn) -> None:
    await _show(turn, before=turn.voice.say(create_words.ONLY_TEXT))
