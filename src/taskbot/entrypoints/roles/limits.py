"""Telegram's limits, kept by all processes together."""

from typing import Final

from taskbot.adapters.memory import LocalSendLimiter
from taskbot.adapters.redis import Redis, RedisSendLimiter
from taskbot.application.ports import Clock
from taskbot.entrypoints.settings import Settings

_SHARE_ALONE: Final = 0.1
"""Of a worker without Redis: ten of them still keep to what Telegram allows all together."""


def shared_limiter(settings: Settings, clock: Clock, redis: Redis) -> RedisSendLimiter:
    """Telegram's limits, kept with all who share *redis*; a tenth of them without it."""
    alone = LocalSendLimiter(
        clock,
        per_bot=settings.messages_per_second * _SHARE_ALONE,
        per_chat=settings.messages_per_chat,
    )
    return RedisSendLimiter(
        redis,
        fallback=alone,
        per_bot=settings.messages_per_second,
        per_chat=settings.messages_per_chat,
    )
