"""The same for several tasks at once."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Annotated, Final

from litestar import Controller, post
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.dependencies import Actor, BulkTasks
from taskbot.adapters.http.parameters import category_id_from, task_id_or_none
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.problems import shortened
from taskbot.application.bulk_tasks import BulkTaskService, TaskOutcome
from taskbot.domain.access_token import Scope
from taskbot.domain.errors import TaskNotFound
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.task import SELECTION_LIMIT

_LONGEST_ID: Final = 26
_AN_ID: Final = "01K2Y7T0ZK8Q4M6V3R9XWBN5HC"


class _SeveralTasks(Body, frozen=True, kw_only=True, tag_field="action"):
    task_ids: Annotated[
        list[str],
        Meta(
            min_length=1,
            max_length=SELECTION_LIMIT,
            description=f"1 to {SELECTION_LIMIT} ids, none of them twice.",
            examples=[[_AN_ID]],
            extra_json_schema={"extra": {"unique_items": True}},  # for the description alone
        ),
    ]


class CompleteTasks(_SeveralTasks, frozen=True, kw_only=True, tag="complete"):
    """Their pending reminders are cancelled."""


class MoveTasks(_SeveralTasks, frozen=True, kw_only=True, tag="move"):
    """Into a category, or out of any."""

    category_id: (
        Annotated[str, Meta(description="One of your categories; null: none of them.")] | None
    )


class DeleteTasks(_SeveralTasks, frozen=True, kw_only=True, tag="delete"):
    """With their reminders."""


class OutcomeStatus(StrEnum):
    DONE = "done"
    REFUSED = "refused"


class BulkOutcome(Struct, frozen=True, kw_only=True):
    """What became of one of the tasks."""

    id: Annotated[str, Meta(description="The id that was sent.", examples=[_AN_ID])]
    status: OutcomeStatus
    code: Annotated[str, Meta(description="Why it was refused; as in a problem's `type`.")] | None
    detail: Annotated[str, Meta(description="The same for people.")] | None


class BulkOutcomes(Struct, frozen=True):
    """An outcome for each of the tasks, in their order."""

    items: list[BulkOutcome]


_BODY: Final = BodyKwarg(
    media_type=RequestEncodingType.JSON,
    examples=[Example(value={"action": "complete", "task_ids": [_AN_ID]})],
)


class BulkTaskController(Controller):
    path = "/tasks/bulk"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("tasks",)

    @post(
        operation_id="bulkTasks",
        summary="Complete, move or delete several tasks",
        description="One task that refuses does not stop the others: the answer tells what "
        "became of each, and each can be undone by itself. A category that is not there is "
        "refused for all of them.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 413, 415, 422),
    )
    async def bulk(
        self,
        data: Annotated[CompleteTasks | MoveTasks | DeleteTasks, _BODY],
        bulk_tasks: BulkTasks,
        actor: Actor,
    ) -> BulkOutcomes:
        change = _change(data, bulk_tasks, actor.id)
        # What cannot be an id is the id of no task, and is not asked for.
        ids = [task_id_or_none(text) for text in data.task_ids]
        outcomes = iter(await change([task_id for task_id in ids if task_id is not None]))
        return BulkOutcomes(
            [
                _shown(text, None if task_id is None else next(outcomes))
                for text, task_id in zip(data.task_ids, ids, strict=True)
            ]
        )


def _change(
    body: CompleteTasks | MoveTasks | DeleteTasks, bulk_tasks: BulkTaskService, actor: UserId
) -> Callable[[Sequence[TaskId]], Awaitable[list[TaskOutcome]]]:
    match body:
        case CompleteTasks():
            return lambda ids: bulk_tasks.complete(ids, actor=actor)
        case MoveTasks(category_id=text):
            category_id = category_id_from(text)
            return lambda ids: bulk_tasks.move(ids, category_id, actor=actor)
        case DeleteTasks():
            return lambda ids: bulk_tasks.delete(ids, actor=actor)


def _shown(text: str, outcome: TaskOutcome | None) -> BulkOutcome:
    sent = shortened(text, _LONGEST_ID)
    if outcome is None:
        code, detail = TaskNotFound.code, f"there is no task {sent}"
    elif outcome.refusal is not None:
        code, detail = outcome.refusal.code, str(outcome.refusal)
    else:
        return BulkOutcome(id=sent, status=OutcomeStatus.DONE, code=None, detail=None)
    return BulkOutcome(id=sent, status=OutcomeStatus.REFUSED, code=code, detail=detail)
