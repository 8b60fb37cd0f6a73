"""Tasks, in the transaction of one unit of work."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from attrs import frozen
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from taskbot.adapters.persistence import rows
from taskbot.adapters.persistence.engine import TransactionUndone
from taskbot.adapters.persistence.statements import change_of, new_row, one, to_be_changed
from taskbot.adapters.persistence.tables import tasks
from taskbot.adapters.persistence.transaction import Statements
from taskbot.application.ports import NEVER
from taskbot.domain.errors import StaleTask, TaskNotFound
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.task import Task, TaskStatus

# Put together once: to do so anew costs about as much as to have them executed.
_TASK: Final = to_be_changed(tasks.c.id)
_CHANGE_TASK: Final = change_of(tasks)
_ADD_TASK: Final = new_row(tasks)


@frozen
class SqlTasks:
    _transaction: Statements

    async def get(self, task_id: TaskId) -> Task:
        row = await one(self._transaction, _TASK, task_id)
        if row is None:
            raise TaskNotFound(task_id)
        return rows.to_task(row)

    async def get_all(self, task_ids: Collection[TaskId], *, owner_id: UserId) -> list[Task]:
        result = await self._transaction.execute(
            select(tasks)
            .where(tasks.c.id.in_(task_ids), tasks.c.owner_id == owner_id)
            .order_by(tasks.c.id)  # so that nobody waits crosswise
            .with_for_update(key_share=True)
        )
        return [rows.to_task(row) for row in result.rows]

    async def add(self, task: Task) -> None:
        try:
            await self._transaction.execute(_ADD_TASK, rows.from_task(task))
        except IntegrityError as error:
            if self._transaction.broken_constraint(error) != "pk_tasks":
                raise
            # Somebody makes the same task at this very moment: looked for again, it is found.
            raise TransactionUndone("the task was made by another transaction") from error

    async def update(self, task: Task) -> Task:
        updated = rows.stored_once_more(task)
        changed = await self._transaction.execute(
            _CHANGE_TASK,
            {"changed": task.id, "was_at": task.version, **rows.from_task(updated)},
        )
        if changed.rowcount != 1:
            raise StaleTask(task.id)
        return updated

    async def delete(self, task_id: TaskId) -> None:
        gone = await self._transaction.execute(delete(tasks).where(tasks.c.id == task_id))
        if gone.rowcount != 1:
            raise TaskNotFound(task_id)

    async def complete_all(self, task_ids: Collection[TaskId], *, now: datetime) -> None:
        await self._change_all(
            tasks.c.id.in_(task_ids),
            status=TaskStatus.COMPLETED.value,
            completed_at=now,
            updated_at=now,
        )

    async def file_all(
        self, task_ids: Collection[TaskId], *, under: CategoryId | None, now: datetime
    ) -> None:
        await self._change_all(tasks.c.id.in_(task_ids), category_id=under, updated_at=now)

    async def delete_all(self, task_ids: Collection[TaskId]) -> None:
        await self._transaction.execute(delete(tasks).where(tasks.c.id.in_(task_ids)))

    async def filed_under(self, category_id: CategoryId, *, limit: int) -> list[TaskId]:
        result = await self._transaction.execute(
            select(tasks.c.id)
            .where(tasks.c.category_id == category_id)
            .order_by(tasks.c.id)
            .limit(limit)
        )
        return [TaskId(row["id"]) for row in result.rows]

    async def refile(
        self, category_id: CategoryId, *, under: CategoryId | None, now: datetime
    ) -> int:
        return await self._change_all(
            tasks.c.category_id == category_id, category_id=under, updated_at=now
        )

    async def _change_all(self, condition: ColumnElement[bool], **values: Any) -> int:
        changed = await self._transaction.execute(
            update(tasks).where(condition).values(version=tasks.c.version + 1, **values)
        )
        return changed.rowcount

    async def open_with_deadline(self, owner_id: UserId) -> list[Task]:
        result = await self._transaction.execute(
            select(tasks)
            .where(
                tasks.c.owner_id == owner_id,
                tasks.c.status == TaskStatus.OPEN.value,
                tasks.c.ends_at < NEVER,
            )
            .order_by(tasks.c.id)
            .with_for_update(key_share=True),
        )
        return [rows.to_task(row) for row in result.rows]
