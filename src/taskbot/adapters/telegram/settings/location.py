"""Where the person is, as their phone says it."""

import asyncio
from typing import Any

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.callbacks import CancelPlace, SetTimezone
from taskbot.adapters.telegram.keyboards import NO_KEYBOARD, button, keyboard, location_keyboard
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.settings.moving import choose
from taskbot.adapters.telegram.settings.screen import to_settings
from taskbot.adapters.telegram.settings.waiting import PlaceForm
from taskbot.adapters.telegram.texts import buttons, settings as words, start
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Categories, People, Tasks
from taskbot.domain.timezone import timezone_names


class Whereabouts(Filter):
    """A location, one that moves or the place of something included."""

    async def __call__(self, message: Message) -> bool:
        return message.location is not None


class KeyboardCancelled(Filter):
    """The text with which our keyboard is given up, in whatever language it was shown."""

    async def __call__(self, message: Message) -> bool:
        return message.text in buttons.in_every_language(buttons.CANCEL)


async def ask_location(_: CallbackQuery, turn: Turn) -> None:
    share = turn.voice.label(buttons.SEND_LOCATION)
    cancel = turn.voice.label(buttons.CANCEL)
    if waiting.may_type(turn):
        step = PlaceForm.place
        if turn.step == PlaceForm.first.state or not turn.actor.timezone_chosen:
            step = PlaceForm.first
        await turn.keep(step, {**await turn.answers(), waiting.KEYBOARD: True})
    text = turn.voice.say(words.ASK_LOCATION)
    await turn.screen.say(text, location_keyboard(share, cancel))


async def give_up(_: Message, turn: Turn) -> None:
    """The question stays where it is, with its other answers."""
    if waiting.is_waiting_for_place(turn):
        answers = await turn.answers()
        answers.pop(waiting.KEYBOARD, None)
        step = PlaceForm.first if turn.step == PlaceForm.first.state else PlaceForm.place
        await turn.keep(step, answers)
        await turn.screen.say(turn.voice.say(words.NO_LOCATION), NO_KEYBOARD)
    else:
        await turn.screen.say(turn.voice.say(start.CANCELLED), NO_KEYBOARD)


async def take_location(
    message: Message, turn: Turn, users: People, tasks: Tasks, categories: Categories
) -> None:
    """An answer where the place was asked for, or has never been said; else an offer."""
    if message.location is None:
        raise AssertionError("the filter lets locations through")
    zone = await _zone_at(message.location.latitude, message.location.longitude)
    if zone is None:
        await turn.screen.say(turn.voice.say(words.NOWHERE))
    elif waiting.is_waiting_for_place(turn) or not turn.actor.timezone_chosen:
        await choose(zone, turn, users, tasks, categories)
    elif zone == turn.actor.timezone:
        await turn.screen.say(words.at_home(turn.voice), keyboard([to_settings(turn.voice)]))
    else:
        go = button(buttons.move_to(turn.voice, zone), SetTimezone(timezone=zone))
        stay = button(turn.voice.label(buttons.STAY), CancelPlace())
        await turn.screen.say(words.elsewhere(turn.voice, zone), keyboard([go], [stay]))


async def _zone_at(latitude: float, longitude: float) -> str | None:
    """The time zone of a place; at sea one of a whole number of hours."""
    # The map is unpacked by the first question: a start must not wait for that, nor a person.
    zone = await asyncio.to_thread(_look_up, latitude, longitude)
    return zone if zone in timezone_names() else None


def _look_up(latitude: float, longitude: float) -> str:
    from tzfpy import get_tz  # noqa: PLC0415 - as above

    zone: Any = get_tz(longitude, latitude)
    return str(zone)
