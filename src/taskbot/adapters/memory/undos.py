"""What can be undone, in a dictionary."""

from datetime import datetime

from attrs import frozen

from taskbot.adapters.memory.database import Tables
from taskbot.domain.ids import TaskId
from taskbot.domain.undo import Undo, UndoableVerb


@frozen
class MemoryUndos:
    _tables: Tables

    async def keep(self, *task_ids: TaskId, verb: UndoableVerb, now: datetime) -> None:
        for task_id in self._tables.tasks.keys() & task_ids:
            own = [one for one in self._tables.reminders.values() if one.task_id == task_id]
            self._tables.undos[task_id] = Undo(
                verb=verb,
                task=self._tables.tasks[task_id],
                reminders=own,
                made_at=now,
            )

    async def find(self, task_id: TaskId) -> Undo | None:
        return self._tables.undos.get(task_id)

    async def forget(self, task_id: TaskId) -> None:
        self._tables.undos.pop(task_id, None)

    async def purge(self, *, before: datetime, limit: int) -> int:
        undos = self._tables.undos
        old = [task_id for task_id, undo in undos.items() if undo.made_at < before][:limit]
        for task_id in old:
            del undos[task_id]
        return len(old)
