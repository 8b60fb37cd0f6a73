"""What the health of each kind of process consists of."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from taskbot.adapters.persistence import Database, database_checks
from taskbot.application.health import Check, HealthService, oldest_due
from taskbot.application.ports import Clock, Queries

if TYPE_CHECKING:
    from taskbot.adapters.redis import Redis

LONGEST_ROUND: Final = timedelta(seconds=60)
"""Of dispatch, which looks twice a second and waits where workers are busy."""
LONGEST_SILENCE: Final = timedelta(seconds=90)
"""Of Telegram: a call for news may take 35 seconds, and handling what came 30."""


def api_health(
    database: Database, queries: Queries, clock: Clock, redis: "Redis | None"
) -> HealthService:
    """The API works without Redis, each process for itself: so it is looked at, not needed."""
    checks: list[Check] = [*database_checks(database), oldest_due(queries, clock)]
    if redis is not None:
        from taskbot.adapters.redis import redis_check  # noqa: PLC0415 - loaded by now

        checks.insert(2, redis_check(redis, is_needed=False))
    return HealthService(checks)


def queue_health(database: Database, redis: "Redis") -> HealthService:
    """Of those who ring through Redis, or are rung for: to them it is a need."""
    from taskbot.adapters.redis import redis_check  # noqa: PLC0415 - loaded by now

    return HealthService([*database_checks(database), redis_check(redis, is_needed=True)])
