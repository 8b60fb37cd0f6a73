"""Which zone new people live in until they say otherwise."""

import logging

import tzlocal

from taskbot.domain.timezone import timezone_names

_log = logging.getLogger(__name__)


def local_timezone(chosen: str | None) -> str:
    """*chosen*, or this machine's IANA zone; UTC where the machine has none with a name."""
    if chosen is not None:
        return chosen
    try:
        name = tzlocal.get_localzone_name()
    except (LookupError, OSError) as error:
        _log.info("this machine's time zone has no name (%s): UTC it is", error)
        return "UTC"
    return name if name in timezone_names() else "UTC"
