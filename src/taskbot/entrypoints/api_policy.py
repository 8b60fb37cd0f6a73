"""What the settings say of the API's conventions."""

from typing import TYPE_CHECKING, Final

from taskbot.adapters.admission import Admission
from taskbot.adapters.http import ApiPolicy, Limits
from taskbot.adapters.memory import LocalRateLimiter
from taskbot.application.ports import Clock, Quota, RateLimiter
from taskbot.entrypoints.metrics import shed_meter
from taskbot.entrypoints.settings import Settings

if TYPE_CHECKING:
    from taskbot.adapters.observability import Metrics
    from taskbot.adapters.redis import Redis

_WAITING_FOR_EACH_PLACE: Final = 32
"""At three milliseconds a request they are through before one has waited as long as one may.

It is enough for all that comes while a database stands still for half a second, at a checkpoint.
"""


def rate_limiter(redis: "Redis | None", clock: Clock) -> RateLimiter:
    """Shared with the other processes where there is Redis."""
    alone = LocalRateLimiter(clock)
    if redis is None:
        return alone
    from taskbot.adapters.redis import RedisRateLimiter  # noqa: PLC0415 - only where it is used

    return RedisRateLimiter(redis, fallback=alone)


def api_policy(settings: Settings, limiter: RateLimiter, metrics: "Metrics") -> ApiPolicy:
    return ApiPolicy(
        admission=_admission(settings.api_requests_at_once),
        shed=shed_meter(metrics),
        limits=Limits(
            limiter,
            per_token=_quota(settings.api_requests_per_minute),
            per_address=_quota(settings.api_anonymous_per_minute),
        ),
        origins=settings.cors_origins,
    )


def _quota(per_minute: int) -> Quota | None:
    return Quota(per_minute) if per_minute else None


def _admission(places: int) -> Admission | None:
    return Admission(places, places * _WAITING_FOR_EACH_PLACE) if places else None
