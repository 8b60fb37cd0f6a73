"""Moments in scripts: microseconds since 1970, by the clock of Redis.

Those of the processes may differ.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from taskbot.application.ports import Clock

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

NOW: Final = """
local now = tonumber(ARGV[1])
if now < 0 then
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end
"""
"""Begins a script whose first argument is `moment_of` a clock."""


def moment_of(clock: Clock | None) -> int:
    """What *clock* says; without one, as out of tests, -1: Redis is to look at its own."""
    return -1 if clock is None else microseconds(clock.now())


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - _EPOCH) // MICROSECOND
