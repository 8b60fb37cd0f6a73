"""Everything of one person's as one JSON document, written while it is read."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec
from attrs import frozen
from msgspec import Meta, Struct, structs

from taskbot.adapters.http.categories import CategoryDetails
from taskbot.adapters.http.reminders import ReminderReceipt, receipt
from taskbot.adapters.http.task_views import TaskDetails, task_details
from taskbot.adapters.http.tokens import TokenDetails, token_details
from taskbot.application.export import Export, ExportService
from taskbot.application.views import TaskCard, TaskView
from taskbot.domain.ids import UserId
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


@frozen
class JsonExports:
    """The document of `GET /me/export`, for whoever is in the same process, too."""

    _exports: ExportService

    async def document(self, *, actor: UserId) -> AsyncGenerator[bytes, None]:
        """See `taskbot.application.interface.Exports`."""
        export = await self._exports.everything(actor=actor)
        # Read before the document begins: from then on no refusal could be told any more.
        return written(export, await anext(export.pages))


async def written(export: Export, first: list[TaskCard]) -> AsyncGenerator[bytes, None]:
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
    view = TaskView(card.task, card.category)
    return ExportedTask(
        **structs.asdict(task_details(view, owner=owner, now=now)),
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
