"""The metrics on a port of their own, for those who are let near it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from attrs import frozen

from taskbot.adapters.observability.metrics import MEDIA_TYPE, Metrics

PATH: Final = "/metrics"


@frozen
class MetricsPage:
    """An ASGI application with this one page."""

    _metrics: Metrics

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        is_there = scope["path"] == PATH and scope["method"] in {"GET", "HEAD"}
        body = await self._metrics.text() if is_there else b"The metrics are at /metrics.\n"
        headers = {
            b"content-type": MEDIA_TYPE.encode(),
            b"content-length": str(len(body)).encode(),
            b"cache-control": b"no-store",
            b"x-content-type-options": b"nosniff",
        }
        await send(
            {
                "type": "http.response.start",
                "status": 200 if is_there else 404,
                "headers": list(headers.items()),
            }
        )
        await send(
            {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
        )
