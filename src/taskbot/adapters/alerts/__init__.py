"""Ways to the operator: a Telegram chat, a mailbox."""

from taskbot.adapters.alerts.mail import Mail, MailServer
from taskbot.adapters.alerts.telegram_chat import TelegramChat

__all__ = ["Mail", "MailServer", "TelegramChat"]
