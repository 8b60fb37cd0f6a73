"""Litestar without what it loads for others, and with layers of our own around it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from litestar import Litestar
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send

Layer: TypeAlias = Callable[[ASGIApp], ASGIApp]


class BareLitestar(Litestar):
    """Leaves out the support for Pydantic, which nothing here uses: 0.1 s and more to load.

    *layers*, the outermost first, see every request, also those that lead nowhere: Litestar's
    middleware does not. What they send goes through the `before_send` hooks like all else.

    *asides*: applications by the path that they are mounted at. They get what is asked for there
    and below before any layer sees it: the API's limits and conventions are none of theirs.
    """

    def __init__(
        self,
        *args: Any,
        layers: Sequence[Layer] = (),
        asides: Mapping[str, ASGIApp] | None = None,
        **options: Any,
    ) -> None:
        self._layers, self._asides = layers, asides or {}
        super().__init__(*args, **options)
        for route in self.routes:
            if isinstance(route, HTTPRoute):
                _one_after_the_other(route)

    def _create_asgi_handler(self) -> ASGIApp:
        app = super()._create_asgi_handler()
        for layer in reversed(self._layers):
            app = layer(app)
        return _Beside(app, self._asides) if self._asides else app

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def _one_after_the_other(route: HTTPRoute) -> None:
    """Give handlers what they depend on without a task for each to wait for it in.

    All of it is at hand at once here. Litestar would wait for several at a time, in a task group:
    a sixth of the time of a small request.
    """
    for _, model in route.route_handler_map.values():
        model.dependency_batches = [{one} for batch in model.dependency_batches for one in batch]


class _Beside:
    def __init__(self, app: ASGIApp, asides: Mapping[str, ASGIApp]) -> None:
        self._app, self._asides = app, asides

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        for prefix, aside in self._asides.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                scope["path_template"] = prefix  # by which requests are counted
                await aside(scope, receive, send)
                return
        await self._app(scope, receive, send)
