"""One application for the APIs of all tests: to build one takes Litestar a third of a second."""

import functools
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final

from litestar import Litestar
from litestar.types import Receive, Scope, Send

from taskbot.adapters.http import create_api

_parts: ContextVar[Mapping[str, Any]] = ContextVar("parts")


class _Part:
    """What the API that is asked at this moment has under *name*."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(_parts.get()[self._name], attribute)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _parts.get()[self._name](*args, **kwargs)


class SharedApp:
    """An API of its own to whoever asks it: its *parts* are those of `create_api`."""

    def __init__(self, **parts: Any) -> None:
        self._parts: Final = parts
        self._app: Final = _built(tuple((name, parts[name] is not None) for name in parts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _parts.set(self._parts)
        try:
            await self._app(scope, receive, send)
        finally:
            _parts.reset(token)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._app, attribute)


@functools.cache
def _built(parts: tuple[tuple[str, bool], ...]) -> Litestar:
    given: dict[str, Any] = {name: _Part(name) if is_there else None for name, is_there in parts}
    return create_api(**given)
