"""What an operator decides of the API's conventions."""

from attrs import frozen

from taskbot.adapters.http.bare_litestar import Layer
from taskbot.adapters.http.compression import Compressed
from taskbot.adapters.http.rate_limits import Limited, Limits


@frozen(kw_only=True)
class ApiPolicy:
    """*limits*: how often somebody may ask; None: as often as they like."""

    limits: Limits | None = None

    def layers(self) -> list[Layer]:
        """What every request goes through before it is looked at, the outermost first."""
        limits = self.limits
        return [Compressed, *([] if limits is None else [lambda app: Limited(app, limits)])]
