"""Settings that are of no use without one another."""

from collections.abc import Iterator

from taskbot.entrypoints.alerting import alert_channels
from taskbot.entrypoints.settings import BadSetting, Settings


def halves(settings: Settings) -> Iterator[BadSetting]:
    """What is missing where only a half is set up, for `up` and all that comes of it."""
    if settings.telegram_api_url is not None and settings.bot_token is None:
        yield BadSetting("TASKBOT_BOT_TOKEN", "is needed where TASKBOT_TELEGRAM_API_URL is set")
    try:
        alert_channels(settings, "the simulator's", None)
    except BadSetting as refusal:
        yield refusal
