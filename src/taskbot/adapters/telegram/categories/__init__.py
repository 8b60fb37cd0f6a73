"""A person's categories: listed, made, renamed, marked with an emoji, deleted."""

from taskbot.adapters.telegram.categories.questions import ask_again, is_open
from taskbot.adapters.telegram.categories.routes import build_router

__all__ = ["ask_again", "build_router", "is_open"]
