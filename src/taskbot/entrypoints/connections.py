"""What a process keeps open, and closes at its end."""

from typing import TYPE_CHECKING

from taskbot.adapters.persistence import Database
from taskbot.entrypoints.settings import Settings

if TYPE_CHECKING:
    from taskbot.adapters.redis import Redis


def redis_of(settings: Settings) -> "Redis | None":
    """A client of the Redis that the settings name; its library is loaded only for that."""
    if settings.redis_url is None:
        return None
    from taskbot.adapters.redis import create_redis  # noqa: PLC0415 - see above

    return create_redis(settings.redis_url.reveal())


async def close(database: Database, redis: "Redis | None") -> None:
    if redis is not None:
        await redis.aclose()
    await database.dispose()
