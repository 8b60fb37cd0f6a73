"""Whether the API answers."""

from taskbot.adapters.api_client.connection import Connection, Request
from taskbot.adapters.api_client.errors import ApiFailed, ApiRefused
from taskbot.application.health import Check, Facts, Unwell


def api_check(connection: Connection) -> Check:
    async def look() -> Facts:
        try:
            await connection.ask(Request(method="GET", path="/health/live"), secret=None)
        except (ApiFailed, ApiRefused):
            raise Unwell("something else answers") from None
        return {}

    return Check(name="api", look=look)
