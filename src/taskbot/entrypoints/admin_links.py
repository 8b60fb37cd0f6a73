"""Where the panel is, and where its one-time links lead."""

from typing import Final

from taskbot.entrypoints.settings import BadSetting, Settings
from taskbot.entrypoints.web_server import address_of

PANEL_PATH: Final = "/admin"
INVITATION_PATH: Final = f"{PANEL_PATH}/invitation"


def public_address(settings: Settings) -> str:
    """The address that browsers know: the chosen one, or by host and port.

    Raise `BadSetting` where only the process that serves knows its port.
    """
    if settings.public_url is not None:
        return settings.public_url
    if settings.port == 0:
        raise BadSetting("TASKBOT_PUBLIC_URL", "is needed for links where TASKBOT_PORT is 0")
    return address_of(settings.host, settings.port)


def invitation_link(base: str, secret: str) -> str:
    """The secret is in the fragment, which browsers send to nobody: so it is in no server's log."""
    return f"{base}{INVITATION_PATH}#{secret}"
