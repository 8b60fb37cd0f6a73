"""The settings at a glance."""

from taskbot.adapters.telegram.callbacks import ListPage
from taskbot.adapters.telegram.keyboards import Button, Keyboard, button, keyboard
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.settings.callbacks import OpenSettings, Page, WantReminders
from taskbot.adapters.telegram.texts import buttons, settings as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn


async def show_settings(turn: Turn) -> None:
    await waiting.leave(turn)
    text = words.overview(turn.voice, turn.actor)
    await turn.screen.show(text, _buttons(turn.voice, is_paused=turn.actor.paused))


def _buttons(voice: Voice, *, is_paused: bool) -> Keyboard:
    def page(label: str, page: Page) -> Button:
        return button(voice.label(label), OpenSettings(page=page))

    pause = buttons.RESUME_REMINDERS if is_paused else buttons.PAUSE_REMINDERS
    return keyboard(
        [page(buttons.LANGUAGE, Page.LANGUAGE), page(buttons.TIMEZONE, Page.TIMEZONE)],
        [page(buttons.LEAD_TIMES, Page.LEAD_TIMES), page(buttons.DAY_START, Page.DAY_START)],
        [button(voice.label(pause), WantReminders(wanted=is_paused))],
        [button(voice.label(buttons.ALL_TASKS), ListPage())],
    )


def to_settings(voice: Voice, label: str = buttons.SETTINGS) -> Button:
    return button(voice.label(label), OpenSettings())
