"""Statistics in SQL: each statement reads one person's tasks alone."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select

from taskbot.adapters.persistence.tables import categories, tasks
from taskbot.application.ports import NEVER
from taskbot.domain.ids import UserId
from taskbot.domain.task import TaskStatus
from taskbot.domain.time_span import TimeSpan

_IS_OPEN: Final = tasks.c.status == TaskStatus.OPEN.value
_HAD_DEADLINE: Final = and_(not_(_IS_OPEN), tasks.c.ends_at < NEVER)


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def tallies(owner_id: UserId, *, now: datetime) -> Select[Any]:
    """How many tasks of each kind there are, a row for each category."""
    return (
        select(
            tasks.c.category_id,
            _number_of(_IS_OPEN).label("open"),
            _number_of(not_(_IS_OPEN)).label("completed"),
            _number_of(and_(_IS_OPEN, tasks.c.ends_at <= now)).label("overdue"),
            _number_of(_HAD_DEADLINE).label("had_deadline"),
            _number_of(and_(_HAD_DEADLINE, tasks.c.completed_at < tasks.c.ends_at)).label(
                "on_time"
            ),
        )
        .where(tasks.c.owner_id == owner_id)
        .group_by(tasks.c.category_id)
    )


def counted_categories(owner_id: UserId) -> Select[Any]:
    """Every category, with how many tasks of either status there are."""
    filed = and_(tasks.c.category_id == categories.c.id, tasks.c.owner_id == categories.c.owner_id)
    return (
        select(
            categories,
            _number_of(_IS_OPEN).label("open"),
            _number_of(tasks.c.status != TaskStatus.OPEN.value).label("completed"),
        )
        .outerjoin(tasks, filed)
        .where(categories.c.owner_id == owner_id)
        .group_by(categories.c.key, categories.c.id)
        .order_by(categories.c.key)
    )


def completions(owner_id: UserId, span: TimeSpan) -> Select[Any]:
    # Says no more than the bounds do, but names the condition of the index.
    completed_at = tasks.c.completed_at
    conditions: list[ColumnElement[bool]] = [completed_at.is_not(None)]
    if span.start is not None:
        conditions.append(completed_at >= span.start)
    if span.end is not None:
        conditions.append(completed_at < span.end)
    return (
        select(completed_at).where(tasks.c.owner_id == owner_id, *conditions).order_by(completed_at)
    )
