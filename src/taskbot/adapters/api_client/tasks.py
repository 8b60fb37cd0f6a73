"""One person's tasks."""

import contextlib
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Unpack

from attrs import frozen
from ulid import ULID

from taskbot.adapters.api_client.answers import (
    CardsShown,
    CountsShown,
    PartsShown,
    ReminderShown,
    TaskShown,
    TasksShown,
    UndoShown,
)
from taskbot.adapters.api_client.connection import Request, Session, read
from taskbot.adapters.api_client.errors import PRECONDITION_FAILED, ApiRefused
from taskbot.adapters.api_client.task_conditions import (
    TaskConditions,
    moment_text,
    nothing_fits,
    position_text,
    query_of,
)
from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import TaskCounts, TaskOrder, TaskPage, TaskPosition
from taskbot.application.views import TaskCard, TaskView, Undoable
from taskbot.domain.deadline import Deadline, TimedDeadline
from taskbot.domain.errors import StaleTask, TaskNotFound
from taskbot.domain.ids import CategoryId, ReminderId, TaskId
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Priority

_PAGE: Final = 100
_MINUTE: Final = timedelta(minutes=1)


@frozen
class TasksOfOne:
    """Raises the domain's refusals. Of a view's category the id and the name are known."""

    _session: Session

    async def create(
        self,
        title: str,
        *,
        description: str = "",
        category_id: CategoryId | None = None,
        priority: int = Priority.NORMAL,
        deadline: Deadline | None = None,
        key: ULID | None = None,
    ) -> TaskView:
        """Write a task down and plan its reminders.

        *key*: your own name for it: used again, it gives the task from then, as it is by now.
        """
        body: dict[str, Any] = {"title": title, "description": description, "priority": priority}
        if category_id is not None:
            body["category_id"] = str(category_id)
        if deadline is not None:
            body |= _deadline_fields(deadline)
        if key is not None:
            body["key"] = str(key)
        return await self._view(Request(method="POST", path="/tasks", body=body))

    async def get(self, task_id: TaskId) -> TaskView:
        return await self._view(Request(method="GET", path=f"/tasks/{task_id}"))

    async def card(self, task_id: TaskId) -> TaskCard:
        """The task with its category and its reminders, earliest first."""
        cards = await self.cards([task_id])
        if not cards:
            raise TaskNotFound(task_id)
        return cards[0]

    async def cards(self, task_ids: Collection[TaskId]) -> list[TaskCard]:
        """The cards of those of the tasks (100 at most) that there are, in no order."""
        if not task_ids:
            return []
        query = {"ids": ",".join(map(str, task_ids))}
        request = Request(method="GET", path="/tasks/cards", query=query)
        shown = read(await self._session.ask(request), CardsShown)
        owner_id = await self._session.owner_id()
        return [one.card(owner_id) for one in shown.items]

    async def page(
        self,
        *,
        limit: int = 20,
        after: TaskPosition | None = None,
        before: TaskPosition | None = None,
        **conditions: Unpack[TaskConditions],
    ) -> TaskPage:
        """Up to *limit* tasks (1 to 200) behind *after*, or the ones just before *before*.

        Their descriptions are left out.
        """
        if nothing_fits(conditions):
            return TaskPage((), None, None)
        query = query_of(conditions) | {"limit": str(limit)}
        for name, place in (("after", after), ("before", before)):
            if place is not None:
                query[name] = position_text(place)
        response = await self._session.ask(Request(method="GET", path="/tasks", query=query))
        shown, owner_id = read(response, TasksShown), await self._session.owner_id()
        views = tuple(one.view(owner_id) for one in shown.items)
        order = conditions.get("order", TaskOrder.DEADLINE)
        return TaskPage(
            views,
            TaskPosition.of(views[-1].task, order) if views and shown.next_cursor else None,
            TaskPosition.of(views[0].task, order) if views and "prev" in response.links else None,
        )

    async def iterate(self, **conditions: Unpack[TaskConditions]) -> AsyncIterator[TaskView]:
        """All such tasks, page by page as they are asked for; their descriptions are left out."""
        page = await self.page(limit=_PAGE, **conditions)
        while True:
            for view in page.items:
                yield view
            if page.following is None:
                return
            page = await self.page(limit=_PAGE, after=page.following, **conditions)

    async def counts(self, *, timezone: str | None = None) -> TaskCounts:
        """How many open tasks there are of each kind; *timezone*: by whose clocks it is today."""
        query = {} if timezone is None else {"timezone": timezone}
        request = Request(method="GET", path="/tasks/counts", query=query)
        return read(await self._session.ask(request), CountsShown).counts()

    async def edit(
        self,
        task_id: TaskId,
        *,
        version: int | None = None,
        title: str | Keep = KEEP,
        description: str | Keep = KEEP,
        category_id: CategoryId | Keep | None = KEEP,
        priority: int | Keep = KEEP,
        deadline: Deadline | Keep | None = KEEP,
        lead_times: Sequence[timedelta] | Keep | None = KEEP,
    ) -> TaskView:
        """Change what is given, all of it or nothing.

        *lead_times* in whole minutes; None: as the person prefers. Raise `StaleTask` if the task
        is no longer at *version*.
        """
        body: dict[str, Any] = {"title": title, "description": description, "priority": priority}
        body = {name: value for name, value in body.items() if value is not KEEP}
        if category_id is not KEEP:
            body["category_id"] = None if category_id is None else str(category_id)
        if deadline is not KEEP:
            body |= _deadline_fields(deadline)
        if lead_times is not KEEP:
            minutes = None if lead_times is None else [lead // _MINUTE for lead in lead_times]
            body["lead_times"] = minutes
        path = f"/tasks/{task_id}"
        request = Request(method="PATCH", path=path, body=body, version=version)
        with _stale(task_id):
            return await self._view(request)

    async def complete(self, task_id: TaskId, *, version: int | None = None) -> TaskView:
        """Raise `StaleTask` if the task is no longer at *version*; so do the next ones."""
        path = f"/tasks/{task_id}/complete"
        with _stale(task_id):
            return await self._view(Request(method="POST", path=path, version=version))

    async def reopen(self, task_id: TaskId, *, version: int | None = None) -> TaskView:
        path = f"/tasks/{task_id}/reopen"
        with _stale(task_id):
            return await self._view(Request(method="POST", path=path, version=version))

    async def reschedule(
        self, task_id: TaskId, deadline: Deadline | None, *, version: int | None = None
    ) -> TaskView:
        """Move the deadline, or take it away: the reminders follow."""
        path, body = f"/tasks/{task_id}/reschedule", _deadline_fields(deadline)
        with _stale(task_id):
            return await self._view(Request(method="POST", path=path, body=body, version=version))

    async def snooze(self, task_id: TaskId, *, until: datetime) -> TaskView:
        """Be reminded once more at *until* (aware); the deadline stays where it is."""
        path, body = f"/tasks/{task_id}/snooze", {"until": moment_text(until)}
        return await self._view(Request(method="POST", path=path, body=body))

    async def split(self, task_id: TaskId, *, version: int | None = None) -> list[TaskView]:
        """Make a task of each line of the description; the task itself keeps the first line."""
        request = Request(method="POST", path=f"/tasks/{task_id}/split", version=version)
        with _stale(task_id):
            shown = read(await self._session.ask(request), PartsShown)
        owner_id = await self._session.owner_id()
        return [one.view(owner_id) for one in shown.items]

    async def join(
        self, task_id: TaskId, others: Sequence[TaskId], *, version: int | None = None
    ) -> TaskView:
        """Make the titles of *others*, which are deleted, lines of the task's description."""
        path, body = f"/tasks/{task_id}/join", {"task_ids": list(map(str, others))}
        with _stale(task_id):
            return await self._view(Request(method="POST", path=path, body=body, version=version))

    async def delete(self, task_id: TaskId, *, version: int | None = None) -> None:
        """Delete the task with its reminders."""
        path = f"/tasks/{task_id}"
        with _stale(task_id):
            await self._session.ask(Request(method="DELETE", path=path, version=version))

    async def undo(self, task_id: TaskId) -> TaskView:
        """Take the last completion or deletion back, up to a week later.

        The task is what it was before, but for its version. Raise `NothingToUndo` if it is too
        late, or the task was changed since.
        """
        return await self._view(Request(method="POST", path=f"/tasks/{task_id}/undo"))

    async def undoable(self, task_id: TaskId) -> Undoable:
        """What `undo` would take back; raise what it would raise."""
        request = Request(method="GET", path=f"/tasks/{task_id}/undo")
        return read(await self._session.ask(request), UndoShown).undoable(task_id)

    async def add_reminder(self, task_id: TaskId, *, at: datetime) -> Reminder:
        """Be reminded at *at* (aware), too; that stays wherever the deadline goes."""
        path, body = f"/tasks/{task_id}/reminders", {"at": moment_text(at)}
        response = await self._session.ask(Request(method="POST", path=path, body=body))
        return read(response, ReminderShown).reminder(task_id, await self._session.owner_id())

    async def remove_reminder(self, task_id: TaskId, reminder_id: ReminderId) -> None:
        """Take a reminder back; one that follows the deadline is left out from now on."""
        path = f"/tasks/{task_id}/reminders/{reminder_id}"
        await self._session.ask(Request(method="DELETE", path=path))

    async def _view(self, request: Request) -> TaskView:
        shown = read(await self._session.ask(request), TaskShown)
        return shown.view(await self._session.owner_id())


@contextlib.contextmanager
def _stale(task_id: TaskId) -> Iterator[None]:
    try:
        yield
    except ApiRefused as refusal:
        if refusal.code != PRECONDITION_FAILED:
            raise
        raise StaleTask(task_id) from None


def _deadline_fields(deadline: Deadline | None) -> dict[str, str | None]:
    match deadline:
        case None:
            return {"due_at": None}
        case TimedDeadline():
            return {"due_at": moment_text(deadline.due_at), "timezone": deadline.timezone}
        case _:
            return {"due_on": deadline.due_on.isoformat(), "timezone": deadline.timezone}
