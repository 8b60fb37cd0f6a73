"""Everything of one person's over HTTP."""

from litestar import Controller, MediaType, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Stream

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.dependencies import Actor, Exports
from taskbot.adapters.http.export_document import ExportDocument, written
from taskbot.adapters.http.problem_examples import problems
from taskbot.domain.access_token import Scope
from taskbot.domain.deadline import local_day


class ExportController(Controller):
    path = "/me/export"
    opt = needs(reads=(Scope.ACCOUNT, Scope.TASKS_READ), writes=Scope.ACCOUNT)
    tags = ("me",)

    @get(
        operation_id="exportMe",
        summary="Take everything along",
        description="Profile, preferences, categories, tasks with all their reminders, and access "
        "tokens (not their secrets), as one file. It is written while it is read: what changes "
        "meanwhile is told as it was at one of the moments between. Needs a token that is good "
        "for `account` and for `tasks:read`.",
        media_type=MediaType.JSON,
        responses={
            200: ResponseSpec(
                ExportDocument, generate_examples=False, description="A file to keep."
            ),
            **problems(400, 401, 403),
        },
    )
    async def export_me(self, exports: Exports, actor: Actor) -> Stream:
        export = await exports.everything(actor=actor.id)
        # Read before the answer begins: from then on no refusal could be told any more.
        first = await anext(export.pages)
        day = local_day(export.exported_at, export.user.timezone)
        return Stream(
            written(export, first),
            media_type=MediaType.JSON,
            headers={"Content-Disposition": f'attachment; filename="taskbot-{day}.json"'},
        )
