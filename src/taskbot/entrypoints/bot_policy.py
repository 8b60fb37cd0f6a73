"""What the settings say of the bot's patience with people."""

from datetime import timedelta

from taskbot.application.ports import Quota
from taskbot.entrypoints.settings import Settings


def flood_quota(settings: Settings) -> Quota | None:
    """Half a minute's worth at once, which comes back within half a minute; None: no limit."""
    per_minute = settings.updates_per_minute
    return Quota(max(per_minute // 2, 1), timedelta(seconds=30)) if per_minute else None
