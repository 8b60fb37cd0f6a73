"""Answers that hold a secret, such as a new access token."""

from typing import Any, Final

from litestar.types import Scope

_MARK: Final = "taskbot.confidential"
CONFIDENTIAL: Final = {_MARK: True}
"""The `opt` of a handler whose answer is neither kept for repetitions nor compressed."""


def is_confidential(scope: Scope) -> bool:
    handler: Any = scope.get("route_handler")  # none before it is known where the path leads
    return handler is not None and bool(handler.opt.get(_MARK))
