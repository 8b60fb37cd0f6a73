"""Tasks over HTTP."""

from typing import Annotated, Any

from attrs import asdict
from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from msgspec import UNSET
from ulid import ULID

from taskbot.adapters.http.authentication import ASKS_ITSELF, credentials_of, let_in, needs
from taskbot.adapters.http.bodies import or_keep
from taskbot.adapters.http.cursors import SortedList, page_links
from taskbot.adapters.http.deadlines import Reschedule
from taskbot.adapters.http.dependencies import Actor, Bearers, Clock, Cursors, Tasks, Tokens
from taskbot.adapters.http.etags import IfMatch, expected_version, precondition
from taskbot.adapters.http.parameters import TaskIdInPath, category_id_from, task_id_from
from taskbot.adapters.http.paths import task_path
from taskbot.adapters.http.positions import (
    AfterQuery,
    BeforeQuery,
    CursorQuery,
    places_around,
    turn_to,
)
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.task_bodies import (
    NEW_TASK,
    RESCHEDULE,
    TASK_CHANGES,
    NewTask,
    Snooze,
    TaskChanges,
)
from taskbot.adapters.http.task_lists import (
    CategoryQuery,
    DueBeforeQuery,
    DueFromQuery,
    DueQuery,
    OverdueQuery,
    PriorityQuery,
    SearchQuery,
    Sort,
    SortQuery,
    StatusQuery,
    TimezoneQuery,
    category_from,
    has_deadline_from,
    priorities_from,
    span_from,
)
from taskbot.adapters.http.task_views import (
    TaskDetails,
    TaskList,
    task_details,
    task_list,
)
from taskbot.application.keep import KEEP
from taskbot.application.ports.task_lists import LONGEST_PAGE
from taskbot.application.task_commands import CreateTask, EditTask, ListTasks, TaskListing
from taskbot.domain.access_token import AccessToken, Scope
from taskbot.domain.timezone import checked_timezone
from taskbot.domain.user import User


class TaskController(Controller):
    path = "/tasks"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("tasks",)

    @post(
        operation_id="createTask",
        summary="Write down a task",
        description="With a deadline, its reminders are planned at once.",
        responses=problems(400, 401, 403, 404, 413, 415, 422),
    )
    async def create(
        self, data: Annotated[NewTask, NEW_TASK], tasks: Tasks, actor: Actor, clock: Clock
    ) -> Response[TaskDetails]:
        view = await tasks.create(
            CreateTask(
                actor=actor.id,
                title=data.title,
                description=data.description,
                category_id=category_id_from(data.category_id),
                priority=data.priority,
                deadline=data.deadline(default_timezone=actor.timezone),
                key=None if data.key is None else ULID.from_str(data.key),
            )
        )
        return Response(
            task_details(view, owner=actor, now=clock.now()),
            headers={"Location": task_path(view.task.id)},
        )

    @get(
        operation_id="listTasks",
        summary="List tasks",
        description="One page of those to which all of the conditions apply. Descriptions are "
        "left out. The next page is asked for with the same conditions and its cursor.",
        responses=problems(400, 401, 403, 404, 422),
        opt=ASKS_ITSELF,
    )
    async def list_tasks(
        self,
        tasks: Tasks,
        tokens: Tokens,
        bearers: Bearers,
        clock: Clock,
        cursors: Cursors,
        request: Request[User, AccessToken, Any],
        status: StatusQuery = None,
        category_id: CategoryQuery = None,
        priority: PriorityQuery = None,
        due: DueQuery = None,
        due_from: DueFromQuery = None,
        due_before: DueBeforeQuery = None,
        overdue: OverdueQuery = None,
        q: SearchQuery = None,
        sort: SortQuery = Sort.DEADLINE,
        limit: Annotated[
            int, QueryParameter(ge=1, le=LONGEST_PAGE, description="Tasks per page.")
        ] = 20,
        cursor: CursorQuery = None,
        after: AfterQuery = None,
        before: BeforeQuery = None,
        timezone: TimezoneQuery = None,
    ) -> Response[TaskList]:
        asked = TaskListing(
            status=status,
            category=category_from(category_id),
            priorities=priorities_from(priority),
            has_deadline=has_deadline_from(due),
            due=span_from(due, due_from, due_before),
            overdue=overdue,
            text=q or "",
            order=sort.order,
            descending=sort.descending,
            limit=limit,
        )
        # Checked even where it makes no difference to the list.
        zone = None if timezone is None else checked_timezone(timezone)
        shown = credentials_of(request.scope)
        if cursor is None and after is None and before is None:
            bearer, page = await bearers.page(shown.digest, asked, timezone=zone, needs=shown.needs)
        else:  # whose list it is tells whether the cursor is good for it
            bearer = await tokens.recognize(shown.digest, needs=shown.needs)
            let_in(request.scope, bearer)
            owner = bearer.user
            turn = await turn_to(
                cursor=cursor,
                after=after,
                before=before,
                of=SortedList(owner.id, sort.order, descending=sort.descending),
                cursors=cursors,
            )
            page = await tasks.page(
                ListTasks(
                    actor=owner.id,
                    timezone=zone or owner.timezone,
                    **asdict(asked, recurse=False) | {"after": turn.after, "before": turn.before},
                )
            )
        let_in(request.scope, bearer)
        same_list = SortedList(bearer.user.id, sort.order, descending=sort.descending)
        following = page.following
        next_cursor = None if following is None else await cursors.write(following, of=same_list)
        body = task_list(page, next_cursor=next_cursor, owner=bearer.user, now=clock.now())
        if after is not None or before is not None:  # by places, both ways
            links = page_links(request.url, **places_around(page))
        else:
            following_page = None if next_cursor is None else ("cursor", next_cursor)
            links = page_links(request.url, next=following_page)
        return Response(body, headers=links)

    @get(
        "/{task_id:str}",
        operation_id="getTask",
        summary="Read one task",
        responses=problems(400, 401, 403, 404),
        opt=ASKS_ITSELF,
    )
    async def get_task(
        self,
        task_id: TaskIdInPath,
        bearers: Bearers,
        clock: Clock,
        request: Request[User, AccessToken, Any],
    ) -> TaskDetails:
        shown = credentials_of(request.scope)
        bearer, view = await bearers.task(shown.digest, task_id_from(task_id), needs=shown.needs)
        let_in(request.scope, bearer)
        return task_details(view, owner=bearer.user, now=clock.now())

    @patch(
        "/{task_id:str}",
        operation_id="updateTask",
        summary="Change a task",
        description="Only what is sent changes; `null` takes away. With a new deadline the "
        "reminders follow, and so they do with other lead times. All of it happens, or nothing.",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    )
    async def update(
        self,
        task_id: TaskIdInPath,
        data: Annotated[TaskChanges, TASK_CHANGES],
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        if_match: IfMatch = None,
    ) -> TaskDetails:
        command = EditTask(
            actor=actor.id,
            task_id=task_id_from(task_id),
            version=expected_version(if_match),
            title=or_keep(data.title),
            description=or_keep(data.description),
            category_id=(KEEP if data.category_id is UNSET else category_id_from(data.category_id)),
            priority=or_keep(data.priority),
            deadline=data.new_deadline(default_timezone=actor.timezone),
            lead_times=data.new_lead_times(),
        )
        with precondition(if_match):
            view = await tasks.edit(command)
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/complete",
        operation_id="completeTask",
        summary="Complete a task",
        description="Its pending reminders are cancelled. For 7 days it can be undone.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409, 412),
    )
    async def complete(
        self,
        task_id: TaskIdInPath,
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        if_match: IfMatch = None,
    ) -> TaskDetails:
        version = expected_version(if_match)
        with precondition(if_match):
            view = await tasks.complete(task_id_from(task_id), version=version, actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/reopen",
        operation_id="reopenTask",
        summary="Reopen a completed task",
        description="Reminders that still lie ahead are planned anew.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409, 412),
    )
    async def reopen(
        self,
        task_id: TaskIdInPath,
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        if_match: IfMatch = None,
    ) -> TaskDetails:
        version = expected_version(if_match)
        with precondition(if_match):
            view = await tasks.reopen(task_id_from(task_id), version=version, actor=actor.id)
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/reschedule",
        operation_id="rescheduleTask",
        summary="Move the deadline",
        description="The reminders follow. `null` for `due_at` or `due_on` takes it away.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    )
    async def reschedule(
        self,
        task_id: TaskIdInPath,
        data: Annotated[Reschedule, RESCHEDULE],
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        if_match: IfMatch = None,
    ) -> TaskDetails:
        deadline = data.deadline(default_timezone=actor.timezone)
        version = expected_version(if_match)
        with precondition(if_match):
            view = await tasks.reschedule(
                task_id_from(task_id), deadline, version=version, actor=actor.id
            )
        return task_details(view, owner=actor, now=clock.now())

    @post(
        "/{task_id:str}/snooze",
        operation_id="snoozeTask",
        summary="Be reminded again later",
        description="Adds one reminder; the deadline stays where it is.",
        status_code=HTTP_200_OK,
        responses=problems(400, 401, 403, 404, 409, 413, 415, 422),
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
        description="With its reminders. For 7 days it can be undone.",
        responses=problems(400, 401, 403, 404, 412),
    )
    async def delete_task(
        self, task_id: TaskIdInPath, tasks: Tasks, actor: Actor, if_match: IfMatch = None
    ) -> None:
        version = expected_version(if_match)
        with precondition(if_match):
            await tasks.delete(task_id_from(task_id), version=version, actor=actor.id)
