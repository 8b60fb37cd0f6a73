"""Which message and which button of a list goes where."""

from aiogram import Router
from aiogram.filters import Command, StateFilter

from taskbot.adapters.telegram.callbacks import ListPage
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.listing import by_category, finding, tabs
from taskbot.adapters.telegram.listing.callbacks import (
    AskCategory,
    AskWords,
    CancelWords,
    CategoryList,
    FoundPage,
    TabPage,
)
from taskbot.adapters.telegram.listing.finding import FindForm


def build_router() -> Router:
    router = Router(name="listing")
    sent, pressed = router.message.register, router.callback_query.register
    sent(tabs.list_tasks, Command("tasks"))
    pressed(tabs.turn_page, TabPage.filter())
    pressed(tabs.turn_old_page, ListPage.filter())
    pressed(by_category.ask_category, AskCategory.filter())
    pressed(by_category.list_category, CategoryList.filter())
    sent(finding.find, Command("find"))
    sent(finding.take_words, StateFilter(FindForm.words), PlainText())
    sent(finding.not_text, StateFilter(FindForm.words), NoText())
    pressed(finding.begin, AskWords.filter())
    pressed(finding.cancel, CancelWords.filter())
    pressed(finding.turn_page, FoundPage.filter())
    return router
