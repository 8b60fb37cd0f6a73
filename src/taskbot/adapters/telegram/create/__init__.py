"""Creating a task: title, description, category, deadline, and the finished card."""

from taskbot.adapters.telegram.create.routes import build_router
from taskbot.adapters.telegram.create.steps import ask_again, is_open

__all__ = ["ask_again", "build_router", "is_open"]
