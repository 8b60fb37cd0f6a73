"""Tasks of the lines of a task, and back."""

from typing import Annotated, Final

from litestar import Controller, post
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.dependencies import Actor, Clock, Tasks
from taskbot.adapters.http.etags import IfMatch, expected_version, precondition
from taskbot.adapters.http.parameters import TaskIdInPath, task_id_from
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.task_views import TaskDetails, task_details
from taskbot.domain.access_token import Scope
from taskbot.domain.task_lines import LINES_LIMIT

_ANOTHER_ID: Final = "01K2Y7V9M1T5C8R2E4H6P0QSZX"  # than the one in the path
_MOST_OTHERS: Final = LINES_LIMIT - 1


class JoinedTasks(Body, frozen=True, kw_only=True):
    task_ids: Annotated[
        list[str],
        Meta(
            min_length=1,
            max_length=_MOST_OTHERS,
            description=f"1 to {_MOST_OTHERS} ids of other tasks, none of them twice.",
            examples=[[_ANOTHER_ID]],
            extra_json_schema={"extra": {"unique_items": True}},  # for the description alone
        ),
    ]


class TaskParts(Struct, frozen=True):
    """The task itself first, then those that were split off it, in the order of the lines."""

    items: list[TaskDetails]


_JOINED: Final = BodyKwarg(
    media_type=RequestEncodingType.JSON, examples=[Example(value={"task_ids": [_ANOTHER_ID]})]
)


class TaskLinesController(Controller):
    path = "/tasks/{task_id:str}"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("tasks",)

    @post(
        "/split",
        operation_id="splitTask",
        summary="Make a task of each line",
        description="Of the title and each line of the description, up to "
        f"{LINES_LIMIT}; marks of lists and empty lines are left out. The task itself keeps the "
        "first line. All of it happens, or nothing; split again with the same `If-Match`, the "
        "answer is the same.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409, 412),
    )
    async def split(
        self,
        task_id: TaskIdInPath,
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        if_match: IfMatch = None,
    ) -> TaskParts:
        version = expected_version(if_match)
        with precondition(if_match):
            views = await tasks.split(task_id_from(task_id), version=version, actor=actor.id)
        now = clock.now()
        return TaskParts([task_details(view, owner=actor, now=now) for view in views])

    @post(
        "/join",
        operation_id="joinTasks",
        summary="Make tasks lines of this one",
        description="The titles of the others become lines of the description, and they are "
        "deleted. All of it happens, or nothing: one that has been changed since it was made, or "
        "has a description, is refused.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    )
    async def join(
        self,
        task_id: TaskIdInPath,
        data: Annotated[JoinedTasks, _JOINED],
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        if_match: IfMatch = None,
    ) -> TaskDetails:
        version = expected_version(if_match)
        others = [task_id_from(text) for text in data.task_ids]
        with precondition(if_match):
            view = await tasks.join(task_id_from(task_id), others, version=version, actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())
