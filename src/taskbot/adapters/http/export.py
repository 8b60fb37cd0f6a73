"""Everything of one person's as one JSON document, written while it is read."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec
from litestar import Controller, MediaType, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Stream
from msgspec import Meta, Struct, structs

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.categories import CategoryDetails
from taskbot.adapters.http.dependencies import Actor, Exports
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.reminders import ReminderReceipt, receipt
from taskbot.adapters.http.task_views import TaskDetails, task_details
from taskbot.adapters.http.tokens import TokenDetails, token_details
from taskbot.application.export import Export
from taskbot.application.views import TaskCard, TaskView
from taskbot.domain.access_token import Scope
from taskbot.domain.deadline import local_day
from taskbot.domain.user import Language, User

_FORMAT: Final = "taskbot-export"
_VERSION: Final = 1
_MINUTE: Final = timedelta(minutes=1)


class ExportedProfile(Struct, frozen=True, kw_only=True):
    id: str
    telegram_id: int
    name: str
    reachable: bool
    deletion_at: datetime | None
    created_at: datetime


class ExportedPreferences(Struct, frozen=True, kw_only=True):
    language: Language
    timezone: str
    timezone_chosen: bool
    lead_times: Annotated[list[int], Meta(description="In minutes.")]
    day_start: str
    notifications: bool


class ExportedTask(TaskDetails, frozen=True, kw_only=True):
    lead_times: Annotated[list[int], Meta(description="In minutes, if it has its own.")] | None
    reminders: Annotated[list[ReminderReceipt], Meta(description="Past and future ones.")]


class _AllButTasks(Struct, frozen=True, kw_only=True):
    format: Literal["taskbot-export"]
    version: Annotated[int, Meta(description="Grows when a reader would have to know.")]
    exported_at: datetime
    profile: ExportedProfile
    preferences: ExportedPreferences
    categories: list[CategoryDetails]
    access_tokens: Annotated[list[TokenDetails], Meta(description="Without their secrets.")]


class ExportDocument(_AllButTasks, frozen=True, kw_only=True):
    """Everything that is kept of you."""

    tasks: Annotated[list[ExportedTask], Meta(description="The oldest first.")]


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
            _written(export, first),
            media_type=MediaType.JSON,
            headers={"Content-Disposition": f'attachment; filename="taskbot-{day}.json"'},
        )


async def _written(export: Export, first: list[TaskCard]) -> AsyncIterator[bytes]:
    yield msgspec.json.encode(_all_but_tasks(export)).removesuffix(b"}") + b',"tasks":['
    yield _listed(first, export)
    async for page in export.pages:
        if page:
            yield b"," + _listed(page, export)
    yield b"]}"


def _listed(page: list[TaskCard], export: Export) -> bytes:
    tasks = [_task(card, owner=export.user, now=export.exported_at) for card in page]
    return b",".join(msgspec.json.encode(task) for task in tasks)


def _task(card: TaskCard, *, owner: User, now: datetime) -> ExportedTask:
    view, lead_times = TaskView(card.task, card.category), card.task.lead_times
    return ExportedTask(
        **structs.asdict(task_details(view, owner=owner, now=now)),
        lead_times=None if lead_times is None else [lead // _MINUTE for lead in lead_times],
        reminders=[receipt(reminder) for reminder in card.reminders],
    )


def _all_but_tasks(export: Export) -> _AllButTasks:
    user = export.user
    return _AllButTasks(
        format=_FORMAT,
        version=_VERSION,
        exported_at=export.exported_at,
        profile=ExportedProfile(
            id=str(user.id),
            telegram_id=user.telegram_id,
            name=user.name,
            reachable=user.reachable,
            deletion_at=user.deletion_at,
            created_at=user.created_at,
        ),
        preferences=ExportedPreferences(
            language=user.language,
            timezone=user.timezone,
            timezone_chosen=user.timezone_chosen,
            lead_times=[lead // _MINUTE for lead in user.preferences.lead_times],
            day_start=f"{user.preferences.day_start:%H:%M}",
            notifications=not user.paused,
        ),
        categories=[CategoryDetails.of(category) for category in export.categories],
        access_tokens=[token_details(token) for token in export.access_tokens],
    )
