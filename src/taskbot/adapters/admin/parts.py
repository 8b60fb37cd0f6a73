"""What the panel is made of, and for."""

from attrs import frozen

from taskbot.adapters.persistence import Database
from taskbot.application.overview import OverviewService
from taskbot.application.ports import Clock


@frozen(kw_only=True)
class PanelParts:
    """*timezone*: by whose clocks times are shown until the browser has told its own (IANA name).

    *secret* signs what the pages carry: form tokens and messages.
    """

    database: Database
    clock: Clock
    overview: OverviewService
    timezone: str
    secret: str
