"""Tasks over HTTP."""

from datetime import datetime
from typing import Annotated, Final

from litestar import Controller, Response, delete, get, post
from litestar.enums import RequestEncodingType
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.cursors import position_at
from taskbot.adapters.http.deadlines import DeadlineBody, Reschedule
from taskbot.adapters.http.dependencies import Actor, Clock, Tasks
from taskbot.adapters.http.parameters import TaskIdInPath, category_id_from, task_id_from
from taskbot.adapters.http.paths import task_path
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.task_views import (
    TaskDetails,
    TaskList,
    task_details,
    task_list,
)
from taskbot.application.ports import TaskPageRequest
from taskbot.application.tasks import CreateTask
from taskbot.domain.task import Priority, TaskStatus


class NewTask(DeadlineBody, frozen=True, kw_only=True):
    title: Annotated[str, Meta(description="1 to 200 characters.", examples=["Buy milk"])]
    description: Annotated[str, Meta(description="Up to 4,000 characters.")] = ""
    category_id: (
        Annotated[str, Meta(description="One of your categories, see `GET /categories`.")] | None
    ) = None
    priority: Annotated[int, Meta(description="1 is the highest, 4 the lowest.", examples=[2])] = (
        Priority.NORMAL.value
    )


class Snooze(Body, frozen=True, kw_only=True):
    until: Annotated[
        datetime,
        Meta(
            tz=True,
            description="When to remind again (RFC 3339, with its offset), within a year.",
            examples=["2031-05-17T18:00:00+03:00"],
        ),
    ]

    def sent_as(self, field: str) -> str:
        return "until" if field == "snooze" else super().sent_as(field)


# Whole examples, as one field at a time would give a task two deadlines.
_NEW_TASK: Final = BodyKwarg(
    media_type=RequestEncodingType.JSON,
    examples=[
        Example(
            value={"title": "Buy milk", "due_at": "2031-05-17T18:00:00+03:00", "priority": 2},
        )
    ],
)
_RESCHEDULE: Final = BodyKwarg(
    media_type=RequestEncodingType.JSON, examples=[Example(value={"due_on": "2031-05-17"})]
)


class TaskController(Controller):
    path = "/tasks"
    tags = ("tasks",)

    @post(
        operation_id="createTask",
        summary="Write down a task",
        description="With a deadline, its reminders are planned at once.",
        responses=problems(400, 401, 404, 413, 415, 422),
    )
    async def create(
        self, data: Annotated[NewTask, _NEW_TASK], tasks: Tasks, actor: Actor, clock: Clock
    ) -> Response[TaskDetails]:
        view = await tasks.create(
            CreateTask(
                actor=actor.id,
                title=data.title,
                description=data.description,
                category_id=category_id_from(data.category_id),
                priority=data.priority,
                deadline=data.deadline(default_timezone=actor.timezone),
            )
        )
        return Response(
            task_details(view, owner=actor, now=clock.now()),
            headers={"Location": task_path(view.task.id)},
        )

    @get(
        operation_id="listTasks",
        summary="List tasks",
        description="Nearest deadline first, tasks without one last. Descriptions are left out.",
        responses=problems(400, 401),
    )
    async def list_tasks(
        self,
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        status: Annotated[
            TaskStatus | None, QueryParameter(description="Only tasks of this status.")
        ] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100, description="Tasks per page.")] = 20,
        cursor: Annotated[
            str | None, QueryParameter(description="`next_cursor` of the page before.")
        ] = None,
    ) -> TaskList:
        request = TaskPageRequest(
            owner_id=actor.id,
            status=status,
            limit=limit,
            after=None if cursor is None else position_at(cursor),
        )
        return task_list(await tasks.page(request), owner=actor, now=clock.now())

    @get(
        "/{task_id:str}",
        operation_id="getTask",
        summary="Read one task",
        responses=problems(400, 401, 404),
    )
    async def get_task(
        self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor, clock: Clock
    ) -> TaskDetails:
        view = await tasks.get(task_id_from(task_id), actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/complete",
        operation_id="completeTask",
        summary="Complete a task",
        description="Its pending reminders are cancelled.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 404, 409),
    )
    async def complete(
        self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor, clock: Clock
    ) -> TaskDetails:
        view = await tasks.complete(task_id_from(task_id), actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/reopen",
        operation_id="reopenTask",
        summary="Reopen a completed task",
        description="Reminders that still lie ahead are planned anew.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 404, 409),
    )
    async def reopen(
        self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor, clock: Clock
    ) -> TaskDetails:
        view = await tasks.reopen(task_id_from(task_id), actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/reschedule",
        operation_id="rescheduleTask",
        summary="Move the deadline",
        description="The reminders follow. `null` for `due_at` or `due_on` takes it away.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 404, 409, 413, 415, 422),
    )
    async def reschedule(
        self,
        task_id: TaskIdInPath,
        data: Annotated[Reschedule, _RESCHEDULE],
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
    ) -> TaskDetails:
        deadline = data.deadline(default_timezone=actor.timezone)
        view = await tasks.reschedule(task_id_from(task_id), deadline, actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/snooze",
        operation_id="snoozeTask",
        summary="Be reminded again later",
        description="Adds one reminder; the deadline stays where it is.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 404, 409, 413, 415, 422),
    )
    async def snooze(
        self,
        task_id: TaskIdInPath,
        data: JSONBody[Snooze],
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
    ) -> TaskDetails:
        view = await tasks.snooze(task_id_from(task_id), until=data.until, actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())

    @delete(
        "/{task_id:str}",
        operation_id="deleteTask",
        summary="Delete a task",
        description="With its reminders, for good.",
        responses=problems(400, 401, 404),
    )
    async def delete_task(self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor) -> None:
        await tasks.delete(task_id_from(task_id), actor=actor.id)
