"""By which clocks the person lives."""

from typing import Final

from aiogram import Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import CancelPlace, SetTimezone
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.keyboards import Row, button, in_rows_of, keyboard
from taskbot.adapters.telegram.texts import (
    buttons,
    create as create_words,
    places,
    settings as words,
    start,
)
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import PROMPT, Toast, Turn
from taskbot.application.interface import People
from taskbot.domain.errors import UnknownTimezone

_CHOICES_SHOWN: Final = 12


class PlaceForm(StatesGroup):
    place = State()


def build_router() -> Router:
    router = Router(name="timezone")
    router.message.register(ask_timezone, Command("timezone"))
    router.callback_query.register(set_timezone, SetTimezone.filter())
    router.callback_query.register(cancel, CancelPlace.filter())
    router.message.register(take_place, StateFilter(PlaceForm.place), PlainText())
    router.message.register(not_text, StateFilter(PlaceForm.place), NoText())
    return router


def is_waiting(turn: Turn) -> bool:
    return turn.step == PlaceForm.place.state


async def ask_timezone(message: Message, command: CommandObject, turn: Turn, users: People) -> None:
    """Offer likely zones; `/timezone London` looks for that place at once."""
    if asked_for := (command.args or "").strip():
        await _look_for(asked_for, turn, users)
        return
    may_type = turn.step is None or is_waiting(turn)
    text = words.ask_timezone(turn.voice, may_type=may_type)
    rows = _zone_rows(turn.voice, places.likely_zones(turn.voice.language), width=2)
    if may_type:
        await _ask(turn, text, rows)
    else:  # another dialogue is open and shall not be lost
        await turn.screen.say(text, keyboard(*rows))


async def _ask(turn: Turn, text: str, rows: list[Row]) -> None:
    way_out = [button(turn.voice.label(buttons.CANCEL), CancelPlace())]
    last = {PROMPT: (await turn.answers()).get(PROMPT)}
    await turn.ask(PlaceForm.place, last, text, keyboard(*rows, way_out))


def _zone_rows(voice: Voice, zones: tuple[str, ...] | list[str], *, width: int) -> list[Row]:
    return in_rows_of(
        width,
        [
            button(words.zone_button(voice, zone), SetTimezone(timezone=zone))
            for zone in zones[:_CHOICES_SHOWN]
        ],
    )


async def take_place(message: Message, turn: Turn, users: People) -> None:
    await _look_for(message.text or "", turn, users)


async def _look_for(place: str, turn: Turn, users: People) -> None:
    found = places.zones_called(turn.voice, place)
    if len(found) == 1:
        await _move(found[0], turn, users)
        return
    if found:
        text, rows = words.which_place(turn.voice), _zone_rows(turn.voice, found, width=1)
    else:
        text, rows = words.unknown_place(turn.voice, place), []
    if is_waiting(turn):
        await _ask(turn, text, rows)
    else:
        await turn.screen.say(text, keyboard(*rows))


async def _move(zone: str, turn: Turn, users: People) -> None:
    user = await users.move_to(zone, actor=turn.actor.id)
    if is_waiting(turn):
        await turn.leave()
    await turn.screen.show(words.moved(Voice.for_user(user, turn.voice.now)))


async def set_timezone(
    _: CallbackQuery, callback_data: SetTimezone, turn: Turn, users: People
) -> Toast | None:
    try:
        await _move(callback_data.timezone, turn, users)
    except UnknownTimezone:
        return Toast(turn.voice.label(words.UNKNOWN_ZONE), alert=True)
    return None


async def cancel(_: CallbackQuery, turn: Turn) -> None:
    if is_waiting(turn):
        await turn.leave()
    await turn.screen.show(turn.voice.say(start.CANCELLED))


async def not_text(_: Message, turn: Turn) -> None:
    await _ask(turn, turn.voice.say(create_words.ONLY_TEXT), [])
