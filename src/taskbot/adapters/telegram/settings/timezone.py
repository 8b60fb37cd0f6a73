"""By which clocks the person lives: likely places, typed ones, and where they are."""

from typing import Final

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import CancelPlace, SetTimezone
from taskbot.adapters.telegram.keyboards import Button, Row, button, in_rows_of, keyboard
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.settings.callbacks import KeepGuess, NoPlaceButTask, ShareLocation
from taskbot.adapters.telegram.settings.moving import choose
from taskbot.adapters.telegram.settings.screen import to_settings
from taskbot.adapters.telegram.settings.waiting import PlaceForm
from taskbot.adapters.telegram.texts import (
    buttons,
    create as create_words,
    places,
    settings as words,
    start,
)
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Categories, People, Tasks
from taskbot.domain.errors import UnknownTimezone

_CHOICES_SHOWN: Final = 12


async def ask_first(turn: Turn, payload: str) -> None:
    """Greet a new person, and ask where they live; *payload* is what they came for."""
    text = start.first_greeting(turn.voice, turn.actor.name)
    zones = _zone_rows(turn.voice, places.likely_zones(turn.voice.language), width=2)
    rows = [*zones, [_location(turn.voice)], [_keep_guess(turn.voice)]]
    await waiting.ask(turn, PlaceForm.first, text, rows, {waiting.PAYLOAD: payload})


async def ask_timezone(
    message: Message,
    command: CommandObject,
    turn: Turn,
    users: People,
    tasks: Tasks,
    categories: Categories,
) -> None:
    """Offer likely zones; `/timezone London` looks for that place at once."""
    if asked_for := (command.args or "").strip():
        await _look_for(asked_for, turn, users, tasks, categories)
    else:
        await _ask(turn, _cancel(turn.voice))


async def open_page(_: CallbackQuery, turn: Turn) -> None:
    await _ask(turn, to_settings(turn.voice, buttons.BACK))


async def _ask(turn: Turn, way_out: Button) -> None:
    text = words.ask_timezone(turn.voice, may_type=waiting.may_type(turn))
    zones = _zone_rows(turn.voice, places.likely_zones(turn.voice.language), width=2)
    await waiting.ask(turn, PlaceForm.place, text, [*zones, [_location(turn.voice)], [way_out]])


def _zone_rows(voice: Voice, zones: tuple[str, ...] | list[str], *, width: int) -> list[Row]:
    return in_rows_of(
        width,
        [
            button(words.zone_button(voice, zone), SetTimezone(timezone=zone))
            for zone in zones[:_CHOICES_SHOWN]
        ],
    )


def _location(voice: Voice) -> Button:
    return button(voice.label(buttons.SEND_LOCATION), ShareLocation())


def _keep_guess(voice: Voice) -> Button:
    return button(voice.label(buttons.SKIP), KeepGuess())


def _cancel(voice: Voice) -> Button:
    return button(voice.label(buttons.CANCEL), CancelPlace())


async def take_place(
    message: Message, turn: Turn, users: People, tasks: Tasks, categories: Categories
) -> None:
    await _look_for(message.text or "", turn, users, tasks, categories)


async def _look_for(
    place: str, turn: Turn, users: People, tasks: Tasks, categories: Categories
) -> None:
    found = places.zones_called(turn.voice, place)
    if len(found) == 1:
        await choose(found[0], turn, users, tasks, categories)
    elif found:
        rows = _zone_rows(turn.voice, found, width=1)
        await _ask_again(turn, words.which_place(turn.voice), rows, place)
    else:
        await _ask_again(turn, words.unknown_place(turn.voice, place), [], place)


async def _ask_again(turn: Turn, text: str, rows: list[Row], place: str = "") -> None:
    """Where nothing was asked there is nothing to wait for."""
    if turn.step == PlaceForm.first.state:
        # Who has just come may not have read the question.
        is_task = button(turn.voice.label(buttons.NO_PLACE_BUT_TASK), NoPlaceButTask())
        ways_out = [*([[is_task]] if place else []), [_keep_guess(turn.voice)]]
        rows = [*rows, [_location(turn.voice)], *ways_out]
        await waiting.ask(turn, PlaceForm.first, text, rows, {waiting.UNPLACED: place})
    elif turn.step == PlaceForm.place.state:
        rows = [*rows, [_location(turn.voice)], [_cancel(turn.voice)]]
        await waiting.ask(turn, PlaceForm.place, text, rows)
    else:
        await turn.screen.show(text, keyboard(*rows))


async def not_text(_: Message, turn: Turn) -> None:
    await _ask_again(turn, turn.voice.say(create_words.ONLY_TEXT), [])


async def set_timezone(
    _: CallbackQuery,
    callback_data: SetTimezone,
    turn: Turn,
    users: People,
    tasks: Tasks,
    categories: Categories,
) -> Toast | None:
    try:
        await choose(callback_data.timezone, turn, users, tasks, categories)
    except UnknownTimezone:
        return Toast(turn.voice.label(words.UNKNOWN_ZONE), alert=True)
    return None


async def keep_guess(
    _: CallbackQuery, turn: Turn, users: People, tasks: Tasks, categories: Categories
) -> None:
    await choose(turn.actor.timezone, turn, users, tasks, categories, is_guess=True)


async def cancel(_: CallbackQuery, turn: Turn) -> None:
    if waiting.is_waiting_for_place(turn):
        await turn.leave()
    await turn.screen.show(turn.voice.say(start.CANCELLED))
