"""Reading: one method, one statement."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    func,
    select,
)

from taskbot.adapters.persistence import operator_rows, rows, statistics, tables, task_lists
from taskbot.adapters.persistence.admin_queries import SqlAdminAccountQueries
from taskbot.adapters.persistence.audit import SqlBackOfficeQueries
from taskbot.adapters.persistence.bearer_queries import SqlBearerQueries
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.letters import SqlLetterQueries
from taskbot.adapters.persistence.prepared import Prepared, Row
from taskbot.adapters.persistence.statements import labelled
from taskbot.adapters.persistence.task_pages import to_page, to_task_view
from taskbot.application.ports import (
    AlertRecord,
    TaskCounts,
    TaskOrder,
    TaskPage,
    TaskPageRequest,
    TaskPosition,
)
from taskbot.application.views import (
    CountedCategory,
    ReminderGauges,
    TaskCard,
    TaskTally,
    TaskView,
)
from taskbot.domain.category import Category
from taskbot.domain.errors import CategoryNotFound, TaskNotFound, UserNotFound
from taskbot.domain.ids import CategoryId, TaskId, UserId
from taskbot.domain.time_span import TimeSpan
from taskbot.domain.user import User

_LONGEST_PUT_OFF: Final = timedelta(minutes=30)
"""Twice the longest wait after a failure: what is due is available again before."""


# Put together once: to do so anew costs about as much as to have it answered.
_TASK_VIEWS: Final = task_lists.VIEWS
_ONE_TASK: Final = Prepared(
    _TASK_VIEWS.where(
        tables.tasks.c.id == bindparam("task"), tables.tasks.c.owner_id == bindparam("owner")
    )
)
_CARDS: Final = _TASK_VIEWS.add_columns(*labelled(tables.reminders)).outerjoin(
    tables.reminders, tables.reminders.c.task_id == tables.tasks.c.id
)
_CATEGORIES: Final = Prepared(
    select(tables.categories)
    .where(tables.categories.c.owner_id == bindparam("owner"))
    .order_by(tables.categories.c.key)
)
_ONE_CATEGORY: Final = Prepared(
    select(tables.categories).where(
        tables.categories.c.id == bindparam("category"),
        tables.categories.c.owner_id == bindparam("owner"),
    )
)
_USER: Final = Prepared(select(tables.users).where(tables.users.c.id == bindparam("user")))
_PERSON: Final = Prepared(
    select(tables.users).where(tables.users.c.telegram_id == bindparam("telegram_id"))
)
_EARLIEST: Final = Prepared(
    select(func.min(tables.reminders.c.available_at).label("earliest")).where(
        tables.IS_PENDING, tables.reminders.c.available_at.is_not(None)
    )
)


def _cards_by(*order: ColumnElement[Any]) -> Select[Any]:
    """A row for each reminder of each task, the tasks in *order*; one row if it has none."""
    return _CARDS.order_by(*order, tables.reminders.c.fire_at, tables.reminders.c.id)


_CARDS_BY_ID: Final = _cards_by(tables.tasks.c.id)
_ONE_CARD: Final = Prepared(
    _CARDS_BY_ID.where(
        tables.tasks.c.id == bindparam("task"), tables.tasks.c.owner_id == bindparam("owner")
    )
)
_CARDS_BY_AGE: Final = _cards_by(tables.tasks.c.created_at, tables.tasks.c.id)


def _to_card(found: list[Row]) -> TaskCard:
    """From rows of one task, a row for each of its reminders; one row if it has none."""
    view = to_task_view(found[0])
    reminders = tuple(
        rows.to_reminder(row, prefix="reminders_")
        for row in found
        if row["reminders_id"] is not None
    )
    return TaskCard(view.task, view.category, reminders)


@frozen
class SqlQueries(SqlAdminAccountQueries, SqlBackOfficeQueries, SqlBearerQueries, SqlLetterQueries):
    _database: Database

    async def _rows(self, statement: Prepared | Select[Any], **parameters: Any) -> Sequence[Row]:
        return await read(self._database, statement, parameters)

    async def _row(self, statement: Prepared | Select[Any], **parameters: Any) -> Row | None:
        found = await self._rows(statement, **parameters)
        return found[0] if found else None

    async def task(self, task_id: TaskId, *, owner_id: UserId) -> TaskView:
        row = await self._row(_ONE_TASK, task=task_id, owner=owner_id)
        if row is None:
            raise TaskNotFound(task_id)
        return to_task_view(row)

    async def task_cards(self, task_ids: Collection[TaskId], *, owner_id: UserId) -> list[TaskCard]:
        if len(task_ids) == 1:
            (task_id,) = task_ids
            return await self._cards(_ONE_CARD, task=task_id, owner=owner_id)
        return await self._cards(
            _CARDS_BY_ID.where(tables.tasks.c.id.in_(task_ids), tables.tasks.c.owner_id == owner_id)
        )

    async def next_task_cards(
        self, owner_id: UserId, *, limit: int, after: TaskPosition | None = None
    ) -> list[TaskCard]:
        request = TaskPageRequest(
            owner_id=owner_id, order=TaskOrder.CREATED, limit=limit, after=after
        )
        ids, values = task_lists.ids_of(request)
        page = ids.subquery("page")
        cards = _CARDS_BY_AGE.join(page, page.c.id == tables.tasks.c.id)
        return await self._cards(cards, **values)

    async def _cards(self, statement: Prepared | Select[Any], **parameters: Any) -> list[TaskCard]:
        by_task = groupby(
            await self._rows(statement, **parameters), key=lambda row: row["tasks_id"]
        )
        return [_to_card(list(of_one)) for _, of_one in by_task]

    async def tasks(self, request: TaskPageRequest) -> TaskPage:
        listing = task_lists.one_page(request)
        return to_page(await self._rows(listing.statement, **listing.values), request)

    async def task_counts(
        self,
        owner_id: UserId,
        *,
        now: datetime,
        today: TimeSpan,
        this_week: TimeSpan,
        upcoming: TimeSpan,
    ) -> TaskCounts:
        counts = task_lists.counts(
            owner_id, now=now, today=today, this_week=this_week, upcoming=upcoming
        )
        found = await self._rows(counts.statement, **counts.values)

        def total(kind: str) -> int:
            return sum(row[kind] for row in found)

        return TaskCounts(
            open=total("open"),
            overdue=total("overdue"),
            due_today=total("due_today"),
            due_this_week=total("due_this_week"),
            upcoming=total("upcoming"),
            without_deadline=total("without_deadline"),
            by_category={row["category_id"]: row["open"] for row in found},
        )

    async def task_tallies(self, owner_id: UserId, *, now: datetime) -> list[TaskTally]:
        found = await self._rows(statistics.tallies(owner_id, now=now))
        return [TaskTally(**row) for row in found]

    async def completions(self, owner_id: UserId, span: TimeSpan) -> list[datetime]:
        found = await self._rows(statistics.completions(owner_id, span))
        return [row["completed_at"] for row in found]

    async def category(self, category_id: CategoryId, *, owner_id: UserId) -> Category:
        row = await self._row(_ONE_CATEGORY, category=category_id, owner=owner_id)
        if row is None:
            raise CategoryNotFound(category_id)
        return rows.to_category(row)

    async def categories(self, owner_id: UserId) -> list[Category]:
        found = await self._rows(_CATEGORIES, owner=owner_id)
        return [rows.to_category(row) for row in found]

    async def counted_categories(self, owner_id: UserId) -> list[CountedCategory]:
        found = await self._rows(statistics.counted_categories(owner_id))
        return [
            CountedCategory(
                category=rows.to_category(row), open=row["open"], completed=row["completed"]
            )
            for row in found
        ]

    async def user(self, user_id: UserId) -> User:
        row = await self._row(_USER, user=user_id)
        if row is None:
            raise UserNotFound(user_id)
        return rows.to_user(row)

    async def user_by_telegram_id(self, telegram_id: int) -> User | None:
        row = await self._row(_PERSON, telegram_id=telegram_id)
        return None if row is None else rows.to_user(row)

    async def leavers(self, *, now: datetime, limit: int) -> list[User]:
        users = tables.users
        found = await self._rows(
            select(users)
            .where(users.c.deletion_at.is_not(None), users.c.deletion_at <= now)
            .order_by(users.c.deletion_at, users.c.id)
            .limit(limit)
        )
        return [rows.to_user(row) for row in found]

    async def reminder_gauges(self, *, now: datetime) -> ReminderGauges:
        """What was put off is not far away: so the index of what is available finds it."""
        reminders = tables.reminders
        due = (
            select(
                func.count().label("due"),
                func.min(reminders.c.fire_at).label("oldest"),
            )
            .where(
                tables.IS_PENDING,
                reminders.c.available_at <= now + _LONGEST_PUT_OFF,
                reminders.c.fire_at <= now,
            )
            .subquery("due")
        )
        dead = select(func.count()).select_from(reminders).where(tables.IS_DEAD).scalar_subquery()
        (row,) = await self._rows(select(due.c.due, due.c.oldest, dead.label("dead")))
        oldest: datetime | None = row["oldest"]
        return ReminderGauges(
            due=row["due"],
            oldest_due=None if oldest is None else now - oldest,
            dead_letters=row["dead"],
        )

    async def untold_alerts(self, *, quiet_since: datetime, limit: int) -> list[AlertRecord]:
        alerts = tables.alerts
        found = await self._rows(
            select(alerts)
            .where(
                alerts.c.untold > 0,
                alerts.c.told_at.is_(None) | (alerts.c.told_at <= quiet_since),
            )
            .order_by(alerts.c.raised_at, alerts.c.kind, alerts.c.subject)
            .limit(limit)
        )
        return [operator_rows.to_alert_record(row) for row in found]

    async def next_available_at(self) -> datetime | None:
        row = await self._row(_EARLIEST)
        moment: datetime | None = None if row is None else row["earliest"]
        return moment
