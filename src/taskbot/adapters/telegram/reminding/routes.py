"""The table of contents."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.filters.callback_data import CallbackQueryFilter

from taskbot.adapters.telegram.callbacks import SnoozeFor
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.reminding import moments, screen
from taskbot.adapters.telegram.reminding.callbacks import (
    LeadTime,
    OfReminders,
    RemindersAction,
    RemoveReminder,
)
from taskbot.adapters.telegram.reminding.form import RemindForm
from taskbot.adapters.telegram.snoozing import OTHER


def build_router() -> Router:
    """To be included before those that snooze by buttons alone."""
    router = Router(name="reminding")
    pressed = router.callback_query.register
    pressed(screen.open_list, _action(RemindersAction.LIST))
    pressed(screen.open_leads, _action(RemindersAction.LEADS))
    pressed(screen.remind_as_preferred, _action(RemindersAction.AS_PREFERRED))
    pressed(screen.remove, RemoveReminder.filter())
    pressed(screen.set_lead, LeadTime.filter())
    pressed(moments.ask_moment, _action(RemindersAction.ADD))
    pressed(moments.ask_snooze, SnoozeFor.filter(F.minutes == OTHER))
    pressed(moments.choose_moment, _action(RemindersAction.AT))
    pressed(moments.choose_moment, _action(RemindersAction.UNTIL))
    pressed(moments.stop_snoozing, _action(RemindersAction.NO_SNOOZE))
    router.message.register(moments.take_moment, StateFilter(RemindForm), PlainText())
    router.message.register(moments.not_text, StateFilter(RemindForm), NoText())
    return router


def _action(action: RemindersAction) -> CallbackQueryFilter:
    return OfReminders.filter(F.action == action)
