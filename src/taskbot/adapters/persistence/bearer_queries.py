"""Access tokens, whose they are, and what is asked by them."""

from typing import Final

from sqlalchemy import bindparam, select

from taskbot.adapters.persistence import rows, tables, task_lists
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.prepared import Prepared, Row
from taskbot.adapters.persistence.statements import labelled
from taskbot.adapters.persistence.task_pages import to_page, to_task_view
from taskbot.application.ports import TaskPage, TaskPageRequest
from taskbot.application.views import TaskView
from taskbot.domain.access_token import AccessToken
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.user import User

_HOLDER: Final = Prepared(
    select(*task_lists.HOLDER)
    .select_from(task_lists.BEARERS)
    .where(tables.access_tokens.c.digest == bindparam("digest"))
)
_HELD_TASK: Final = Prepared(
    select(*task_lists.HOLDER, *labelled(tables.tasks), *labelled(tables.categories))
    .select_from(
        task_lists.BEARERS.outerjoin(
            tables.tasks,
            (tables.tasks.c.id == bindparam("task"))
            & (tables.tasks.c.owner_id == tables.users.c.id),
        ).outerjoin(tables.categories, tables.tasks.c.category_id == tables.categories.c.id)
    )
    .where(tables.access_tokens.c.digest == bindparam("digest"))
)


class SqlBearerQueries:
    """Part of `SqlQueries`."""

    __slots__ = ()

    _database: Database

    async def access_tokens(self, owner_id: UserId) -> list[AccessToken]:
        tokens = tables.access_tokens
        statement = select(tokens).where(tokens.c.owner_id == owner_id).order_by(tokens.c.id.desc())
        found = await read(self._database, statement)
        return [rows.to_access_token(row) for row in found]

    async def holder(self, digest: bytes) -> tuple[AccessToken, User] | None:
        found = await read(self._database, _HOLDER, {"digest": digest})
        return _to_holder(found[0]) if found else None

    async def held_task(
        self, digest: bytes, task_id: TaskId
    ) -> tuple[AccessToken, User, TaskView | None] | None:
        found = await read(self._database, _HELD_TASK, {"digest": digest, "task": task_id})
        if not found:
            return None
        (row,) = found
        return *_to_holder(row), None if row["tasks_id"] is None else to_task_view(row)

    async def held_tasks(
        self, digest: bytes, request: TaskPageRequest
    ) -> tuple[AccessToken, User, TaskPage] | None:
        listing = task_lists.held_page(digest, request)
        found = await read(self._database, listing.statement, listing.values)
        if not found:
            return None
        tasks = [row for row in found if row["tasks_id"] is not None]
        return *_to_holder(found[0]), to_page(tasks, request)


def _to_holder(row: Row) -> tuple[AccessToken, User]:
    token = rows.to_access_token(row, prefix="access_tokens_")
    return token, rows.to_user(row, prefix="users_")
