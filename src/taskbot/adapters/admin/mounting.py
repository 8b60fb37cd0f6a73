"""The panel's place in the web application."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from attrs import define, field

PREFIX: Final = "/admin"

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Build: TypeAlias = Callable[[], Awaitable[App]]


@define
class LatePanel:
    """An ASGI application: what *build* makes when it is first asked for.

    Who never opens the panel does not wait for it, nor for the libraries that it loads.
    """

    _build: Build
    _built: asyncio.Task[App] | None = field(default=None, init=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        inner = dict(scope, root_path="")
        inner.pop("app", None)  # the one around it, which is none of Starlette's
        panel = await self._panel()
        await panel(inner, receive, send)

    async def _panel(self) -> App:
        if self._built is None or (self._built.done() and self._built.exception() is not None):
            self._built = asyncio.create_task(_made(self._build))
        return await asyncio.shield(self._built)


async def _made(build: Build) -> App:
    return await build()
