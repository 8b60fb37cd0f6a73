"""Litestar without what it loads for others, and with layers of our own around it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from litestar import Litestar
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.types import ASGIApp

Layer: TypeAlias = Callable[[ASGIApp], ASGIApp]


class BareLitestar(Litestar):
    """Leaves out the support for Pydantic, which nothing here uses: 0.1 s and more to load.

    *layers*, the outermost first, see every request, also those that lead nowhere: Litestar's
    middleware does not. What they send goes through the `before_send` hooks like all else.
    """

    def __init__(self, *args: Any, layers: Sequence[Layer] = (), **options: Any) -> None:
        self._layers = layers
        super().__init__(*args, **options)

    def _create_asgi_handler(self) -> ASGIApp:
        app = super()._create_asgi_handler()
        for layer in reversed(self._layers):
            app = layer(app)
        return app

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]
