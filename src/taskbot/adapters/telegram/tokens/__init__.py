"""Access tokens: seeing them, making one, revoking one."""

from taskbot.adapters.telegram.tokens.making import ask_again, is_open
from taskbot.adapters.telegram.tokens.routes import build_router

__all__ = ["ask_again", "build_router", "is_open"]
