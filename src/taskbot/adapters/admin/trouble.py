"""What a page says when the storage is away."""

from http import HTTPStatus

from sqlalchemy.exc import DataError
from starlette.responses import PlainTextResponse

from taskbot.adapters.admin.mounting import App, Message, Receive, Scope, Send
from taskbot.adapters.persistence import Database
from taskbot.application.ports import StorageUnavailable


class Troubled:
    """The application *app*, whose pages read the database by themselves.

    Starlette answers any failure before it lets it through: that answer is held back until it is
    known what has failed.
    """

    def __init__(self, app: App, database: Database) -> None:
        self._app, self._database = app, database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: list[Message] = []

        async def holding(message: Message) -> None:
            is_failure = message.get("status") == HTTPStatus.INTERNAL_SERVER_ERROR
            if is_failure or held:
                held.append(message)
            else:
                await send(message)

        try:
            with self._database.errors():
                await self._app(scope, receive, holding)
        except StorageUnavailable:
            away = PlainTextResponse(
                "The database does not answer. Try again in a moment.\n",
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"retry-after": "5"},
            )
            held.clear()
            await away(scope, receive, send)
        except DataError:  # what was asked for is nothing that the database could look for
            refusal = PlainTextResponse("This cannot be asked for.\n", HTTPStatus.BAD_REQUEST)
            held.clear()
            await refusal(scope, receive, send)
        finally:
            for message in held:
                await send(message)
