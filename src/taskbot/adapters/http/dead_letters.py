"""Dead letters over HTTP: for operators and their programs."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.cursors import page_links
from taskbot.adapters.http.dependencies import Cursors, DeadLetters
from taskbot.adapters.http.parameters import ReminderIdInPath, reminder_id_from
from taskbot.adapters.http.problem_examples import problems
from taskbot.application.ports.task_lists import LONGEST_PAGE
from taskbot.domain.access_token import AccessToken, Scope
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.user import User


class DeadLetter(Struct, frozen=True, kw_only=True):
    """What went wrong, and nothing of what the person wrote."""

    id: Annotated[
        str, Meta(description="The reminder's id.", examples=["01K2Y7T0ZK8Q4M6V3R9XWBN5HC"])
    ]
    task_id: Annotated[
        str,
        Meta(
            description="Whose title is the person's own affair.",
            examples=["01K2Y7V9M1T5C8R2E4H6P0QSZX"],
        ),
    ]
    kind: Annotated[
        ReminderKind,
        Meta(description="`lead`: ahead of the deadline; `due`: at it; `day`; `snooze`; `moment`."),
    ]
    fire_at: Annotated[datetime, Meta(description="The promised moment, in UTC.")]
    state: Annotated[
        ReminderState,
        Meta(description="`failed`; after a retry `planned`, put away `cancelled`."),
    ]
    attempts: Annotated[int, Meta(description="How often it was taken in hand.", examples=[5])]
    last_error: Annotated[str, Meta(description="Why it was given up.")] | None


class DeadLetterList(Struct, frozen=True):
    """One page of them, the earliest promise first."""

    items: list[DeadLetter]
    next_cursor: Annotated[str, Meta(description="Null at the end of the list.")] | None


def _shown(reminder: Reminder) -> DeadLetter:
    return DeadLetter(
        id=str(reminder.id),
        task_id=str(reminder.task_id),
        kind=reminder.kind,
        fire_at=reminder.fire_at,
        state=reminder.state,
        attempts=reminder.attempt,
        last_error=reminder.last_error,
    )


class DeadLetterController(Controller):
    path = "/dead-letters"
    opt = needs(reads=Scope.OPERATOR, writes=Scope.OPERATOR)
    tags = ("operators",)

    @get(
        operation_id="listDeadLetters",
        summary="List dead letters",
        description="Reminders that were given up, of all people, the earliest promise first.",
        responses=problems(400, 401, 403),
    )
    async def list_dead_letters(
        self,
        dead_letters: DeadLetters,
        cursors: Cursors,
        request: Request[User, AccessToken, Any],
        limit: Annotated[
            int, QueryParameter(ge=1, le=LONGEST_PAGE, description="Dead letters per page.")
        ] = 20,
        cursor: Annotated[
            str | None, QueryParameter(description="`next_cursor` of the page before.")
        ] = None,
    ) -> Response[DeadLetterList]:
        place = None if cursor is None else await cursors.read_dead_letter(cursor)
        page = await dead_letters.page(limit=limit, after=place)
        following = page.following
        next_cursor = None if following is None else await cursors.write_dead_letter(following)
        next_page = None if next_cursor is None else ("cursor", next_cursor)
        links = page_links(request.url, next=next_page)
        items = [_shown(letter.reminder) for letter in page.items]
        return Response(DeadLetterList(items, next_cursor), headers=links)

    @get(
        "/{reminder_id:str}",
        operation_id="getDeadLetter",
        summary="Read one dead letter",
        responses=problems(400, 401, 403, 404, 409),
    )
    async def get_dead_letter(
        self, reminder_id: ReminderIdInPath, dead_letters: DeadLetters
    ) -> DeadLetter:
        return _shown((await dead_letters.get(reminder_id_from(reminder_id))).reminder)

    @post(
        "/{reminder_id:str}/retry",
        operation_id="retryDeadLetter",
        summary="Have it tried anew",
        description="As if for the first time; who gets the reminder is told how late it is.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409),
    )
    async def retry(self, reminder_id: ReminderIdInPath, dead_letters: DeadLetters) -> DeadLetter:
        return _shown(await dead_letters.retry(reminder_id_from(reminder_id)))

    @post(
        "/{reminder_id:str}/discard",
        operation_id="discardDeadLetter",
        summary="Put it away",
        description="Nobody will be reminded by it.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409),
    )
    async def discard(self, reminder_id: ReminderIdInPath, dead_letters: DeadLetters) -> DeadLetter:
        return _shown(await dead_letters.discard(reminder_id_from(reminder_id)))
