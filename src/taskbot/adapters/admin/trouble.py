"""What a page says when the storage is away."""

from http import HTTPStatus

from starlette.responses import PlainTextResponse

from taskbot.adapters.admin.mounting import App, Receive, Scope, Send
from taskbot.adapters.persistence import Database
from taskbot.application.ports import StorageUnavailable


class Troubled:
    """The application *app*, whose pages read the database by themselves."""

    def __init__(self, app: App, database: Database) -> None:
        self._app, self._database = app, database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with self._database.errors():
                await self._app(scope, receive, send)
        except StorageUnavailable:
            away = PlainTextResponse(
                "The database does not answer. Try again in a moment.\n",
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"retry-after": "5"},
            )
            await away(scope, receive, send)
