"""What the buttons of the settings carry; see `taskbot.adapters.telegram.callbacks`."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from taskbot.domain.moving import TimedDeadlines


class Page(StrEnum):
    OVERVIEW = "all"
    LANGUAGE = "lang"
    TIMEZONE = "zone"
    LEAD_TIMES = "leads"
    DAY_START = "day"


class OpenSettings(CallbackData, prefix="st"):
    page: Page = Page.OVERVIEW


class Speak(CallbackData, prefix="stl"):
    language: str


class WantReminders(CallbackData, prefix="str"):
    wanted: bool


class StartDay(CallbackData, prefix="std", sep="|"):
    """*clock*: HH:MM."""

    clock: str


class RemindAhead(CallbackData, prefix="sl"):
    """Whether to remind so many *minutes* before a deadline: pressed twice it means the same."""

    minutes: int
    wanted: bool


class MoveTo(CallbackData, prefix="sz", sep="|"):
    """To live in *timezone*, after it was asked what becomes of moments."""

    timezone: str
    timed: TimedDeadlines


class ShareLocation(CallbackData, prefix="szl"):
    """The person would rather show than say where they are."""


class KeepGuess(CallbackData, prefix="szk"):
    """The time zone that was guessed will do."""


class NoPlaceButTask(CallbackData, prefix="szt"):
    """What was written in answer to the question of the place is a task."""
