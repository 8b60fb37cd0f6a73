"""What the doctor looks at that has no adapter of its own: Telegram from outside, files, the API.

What has one is looked at by `examination` there.
"""

from taskbot.adapters.doctor.bot_api import (
    BotApi,
    TelegramExamination,
    WebhookExamination,
    WebhookWanted,
)
from taskbot.adapters.doctor.files import FileExamination
from taskbot.adapters.doctor.rest_api import ApiExamination

__all__ = [
    "ApiExamination",
    "BotApi",
    "FileExamination",
    "TelegramExamination",
    "WebhookExamination",
    "WebhookWanted",
]
