"""Lists of tasks: under tabs, by category, and by words that are looked for."""

from taskbot.adapters.telegram.listing.callbacks import AskCategory, CategoryList, TabPage
from taskbot.adapters.telegram.listing.finding import ask_words, forget_question, is_waiting
from taskbot.adapters.telegram.listing.routes import build_router
from taskbot.adapters.telegram.listing.tabs import show_tab
from taskbot.adapters.telegram.texts.lists import Tab

__all__ = [
    "AskCategory",
    "CategoryList",
    "Tab",
    "TabPage",
    "ask_words",
    "build_router",
    "forget_question",
    "is_waiting",
    "show_tab",
]
