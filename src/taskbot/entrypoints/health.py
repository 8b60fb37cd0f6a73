"""What the health of a process with an API consists of."""

from typing import TYPE_CHECKING

from taskbot.adapters.persistence import Database, database_checks
from taskbot.application.health import Check, HealthService, oldest_due
from taskbot.application.ports import Clock, Queries

if TYPE_CHECKING:
    from taskbot.adapters.redis import Redis


def api_health(
    database: Database, queries: Queries, clock: Clock, redis: "Redis | None"
) -> HealthService:
    """The API works without Redis, each process for itself: so it is looked at, not needed."""
    checks: list[Check] = [*database_checks(database), oldest_due(queries, clock)]
    if redis is not None:
        from taskbot.adapters.redis import redis_check  # noqa: PLC0415 - loaded by now

        checks.insert(2, redis_check(redis, is_needed=False))
    return HealthService(checks)
