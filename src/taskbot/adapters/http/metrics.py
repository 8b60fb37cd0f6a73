"""Metrics on the API's own port: for operators."""

from typing import Final

from litestar import Response, get

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.dependencies import Metrics
from taskbot.adapters.http.paths import METRICS_PATH
from taskbot.domain.access_token import Scope

_MEDIA_TYPE: Final = "text/plain; version=0.0.4"  # Litestar adds the charset


@get(
    METRICS_PATH,
    opt=needs(reads=Scope.OPERATOR, writes=Scope.OPERATOR),
    include_in_schema=False,  # it is Prometheus's format, not the API's, and has no version
)
async def show_metrics(metrics: Metrics) -> Response[bytes]:
    return Response(await metrics(), media_type=_MEDIA_TYPE)
