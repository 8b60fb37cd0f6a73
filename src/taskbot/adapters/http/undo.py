"""Taking the completion or the deletion of a task back."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.dependencies import Actor, Clock, Tasks
from taskbot.adapters.http.parameters import TaskIdInPath, task_id_from
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.task_views import TaskDetails, task_details
from taskbot.domain.access_token import Scope
from taskbot.domain.undo import UndoableVerb


class UndoShown(Struct, frozen=True, kw_only=True):
    """What would be taken back."""

    verb: UndoableVerb
    title: Annotated[str, Meta(description="Of the task as it was.", examples=["Buy milk"])]
    until: Annotated[datetime, Meta(description="From then on it is too late; in UTC.")]


class UndoController(Controller):
    path = "/tasks/{task_id:str}/undo"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("tasks",)

    @get(
        operation_id="getUndo",
        summary="Ask what can be undone of a task",
        description="409 if there is nothing, or it is too late.",
        responses=problems(400, 401, 403, 404, 409),
    )
    async def undoable(self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor) -> UndoShown:
        found = await tasks.undoable(task_id_from(task_id), actor=actor.id)
        return UndoShown(verb=found.verb, title=found.title, until=found.until)

    @post(
        operation_id="undoTask",
        summary="Undo the completion or the deletion of a task",
        description="For 7 days. The task and its reminders are what they were before, but for "
        "the `version` and a category that is gone by now. 409 if the task was changed since.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409),
    )
    async def undo(
        self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor, clock: Clock
    ) -> TaskDetails:
        view = await tasks.undo(task_id_from(task_id), actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())
