"""The bot, on aiogram. Importing this takes seconds: only processes that talk to Telegram do."""

from taskbot.adapters.telegram.bot import create_bot, create_talking_bot
from taskbot.adapters.telegram.dispatcher import create_dispatcher
from taskbot.adapters.telegram.notifier import TelegramNotifier
from taskbot.adapters.telegram.poller import Poller
from taskbot.adapters.telegram.profile import publish_profile
from taskbot.adapters.telegram.webhook import Webhook
from taskbot.adapters.telegram.webhook_keeper import (
    WebhookKeeper,
    derived_secret,
    marked_address,
)

__all__ = [
    "Poller",
    "TelegramNotifier",
    "Webhook",
    "WebhookKeeper",
    "create_bot",
    "create_dispatcher",
    "create_talking_bot",
    "derived_secret",
    "marked_address",
    "publish_profile",
]
