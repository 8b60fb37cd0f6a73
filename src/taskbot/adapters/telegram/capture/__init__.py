"""A plain message becomes a task at once, and can be taken back."""

from taskbot.adapters.telegram.capture.routes import build_router

__all__ = ["build_router"]
