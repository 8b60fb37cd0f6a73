"""The settings with which the processes run: as in production, but for limits on who asks."""

from typing import Final

BOT_TOKEN: Final = "7000000001:made-up-for-the-benchmark"  # noqa: S105 - opens nothing
UNLIMITED: Final = "100000"
"""Messages a second: so many that nobody ever waits for a turn."""
_MANY: Final = "1000000"
"""Requests a minute: they are counted as ever, and nobody is refused."""


def variables(**more: str) -> dict[str, str]:
    """What every process is given, and what *more* says, by names without `TASKBOT_`."""
    named = {f"TASKBOT_{name.upper()}": value for name, value in more.items()}
    return {
        "TASKBOT_PORT": "0",
        "TASKBOT_TIMEZONE": "UTC",
        "TASKBOT_LOG_LEVEL": "warning",
        "TASKBOT_API_REQUESTS_PER_MINUTE": _MANY,
        "TASKBOT_API_ANONYMOUS_PER_MINUTE": _MANY,
        "TASKBOT_UPDATES_PER_MINUTE": _MANY,
    } | named
