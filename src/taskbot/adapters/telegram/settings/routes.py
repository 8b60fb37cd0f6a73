"""The settings' table of contents."""

from aiogram import F, Router
from aiogram.filters import Command, StateFilter, or_f
from aiogram.filters.callback_data import CallbackQueryFilter

from taskbot.adapters.telegram.callbacks import CancelPlace, SetLanguage, SetTimezone
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.settings import (
    day_start,
    first_task,
    language,
    lead_times,
    location,
    moving,
    overview,
    timezone,
)
from taskbot.adapters.telegram.settings.callbacks import (
    KeepGuess,
    MoveTo,
    NoPlaceButTask,
    OpenSettings,
    Page,
    RemindAhead,
    ShareLocation,
    Speak,
    StartDay,
    WantReminders,
)
from taskbot.adapters.telegram.settings.location import KeyboardCancelled, Whereabouts
from taskbot.adapters.telegram.settings.waiting import PlaceForm, SettingsForm
from taskbot.domain.user import Language


def build_router() -> Router:
    router = Router(name="settings")
    said, pressed = router.message.register, router.callback_query.register
    said(overview.open_settings, Command("settings"))
    said(language.ask_language, Command("language"))
    said(timezone.ask_timezone, Command("timezone"))

    pressed(overview.open_settings, _page(Page.OVERVIEW))
    pressed(overview.want_reminders, WantReminders.filter())
    pressed(language.ask_language, _page(Page.LANGUAGE))
    known = F.language.in_({one.value for one in Language})
    pressed(language.set_language, or_f(SetLanguage.filter(known), Speak.filter(known)))
    pressed(lead_times.open_page, _page(Page.LEAD_TIMES))
    pressed(lead_times.switch, RemindAhead.filter())
    pressed(day_start.open_page, _page(Page.DAY_START))
    pressed(day_start.choose, StartDay.filter())
    pressed(timezone.open_page, _page(Page.TIMEZONE))
    pressed(timezone.set_timezone, SetTimezone.filter())
    pressed(timezone.keep_guess, KeepGuess.filter())
    pressed(timezone.cancel, CancelPlace.filter())
    pressed(moving.move, MoveTo.filter())
    pressed(location.ask_location, ShareLocation.filter())
    pressed(first_task.take_as_task, NoPlaceButTask.filter())

    place = StateFilter(PlaceForm)
    said(location.give_up, KeyboardCancelled(), StateFilter(None, PlaceForm))
    said(location.take_location, Whereabouts(), StateFilter(None, PlaceForm))
    said(timezone.take_place, place, PlainText())
    said(timezone.not_text, place, NoText())
    for state, page in (
        (SettingsForm.lead_time, lead_times),
        (SettingsForm.day_start, day_start),
    ):
        said(page.take, StateFilter(state), PlainText())
        said(page.not_text, StateFilter(state), NoText())
    return router


def _page(page: Page) -> CallbackQueryFilter:
    return OpenSettings.filter(F.page == page)
