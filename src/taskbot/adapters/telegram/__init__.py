"""The bot, on aiogram. Importing that takes seconds: only processes that talk to Telegram do.

So what is named here is imported when it is asked for: the bot's words alone cost nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from taskbot.adapters.telegram.bot import create_bot, create_talking_bot
    from taskbot.adapters.telegram.dispatcher import create_dispatcher
    from taskbot.adapters.telegram.notifier import TelegramNotifier
    from taskbot.adapters.telegram.poller import Poller
    from taskbot.adapters.telegram.profile import publish_profile
    from taskbot.adapters.telegram.vanishing import Vanishing
    from taskbot.adapters.telegram.webhook import Webhook
    from taskbot.adapters.telegram.webhook_address import derived_secret, marked_address
    from taskbot.adapters.telegram.webhook_keeper import WebhookKeeper

__all__ = [
    "Poller",
    "TelegramNotifier",
    "Vanishing",
    "Webhook",
    "WebhookKeeper",
    "create_bot",
    "create_dispatcher",
    "create_talking_bot",
    "derived_secret",
    "marked_address",
    "publish_profile",
]

_HOMES: Final = {
    "Poller": "poller",
    "TelegramNotifier": "notifier",
    "Vanishing": "vanishing",
    "Webhook": "webhook",
    "WebhookKeeper": "webhook_keeper",
    "create_bot": "bot",
    "create_dispatcher": "dispatcher",
    "create_talking_bot": "bot",
    "derived_secret": "webhook_address",
    "marked_address": "webhook_address",
    "publish_profile": "profile",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
