"""Lists of tasks in SQL: the filter, the order, and the place where a page begins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Tuple,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
)

from taskbot.adapters.persistence.tables import tasks
from taskbot.application.ports import (
    NEVER,
    UNCATEGORIZED,
    TaskFilter,
    TaskOrder,
    TaskPageRequest,
    TaskPosition,
)
from taskbot.domain.ids import UserId
from taskbot.domain.task import TaskStatus
from taskbot.domain.time_span import TimeSpan

# Each has an index that begins with the owner.
_COLUMNS: Final = {
    TaskOrder.DEADLINE: (tasks.c.ends_at, tasks.c.id),
    TaskOrder.CREATED: (tasks.c.created_at, tasks.c.id),
    TaskOrder.PRIORITY: (tasks.c.priority, tasks.c.ends_at, tasks.c.id),
    TaskOrder.COMPLETED: (tasks.c.completed_at, tasks.c.id),
}
_IS_OPEN: Final = tasks.c.status == TaskStatus.OPEN.value
_HAS_DEADLINE: Final = tasks.c.ends_at < NEVER


def one_page(views: Select[Any], request: TaskPageRequest) -> Select[Any]:
    """*views* of the tasks of the page, and of one more if the list goes on behind it."""
    return _ordered(views, request).limit(request.limit + 1)


def ids_of(request: TaskPageRequest) -> Select[Any]:
    """The ids of the tasks of the page."""
    return _ordered(select(tasks.c.id), request).limit(request.limit)


def _ordered(views: Select[Any], request: TaskPageRequest) -> Select[Any]:
    columns = _COLUMNS[request.order]
    backwards = request.before is not None
    statement = views.where(
        tasks.c.owner_id == request.owner_id,
        *_conditions(request.where),
        *_kept_by(request.order),
        *_beyond(request, columns),
    )
    if request.descending != backwards:
        return statement.order_by(*(column.desc() for column in columns))
    return statement.order_by(*columns)


def _kept_by(order: TaskOrder) -> list[ColumnElement[bool]]:
    """What has no place in the order is left out; it is the condition of the index, too."""
    return [tasks.c.completed_at.is_not(None)] if order is TaskOrder.COMPLETED else []


def _beyond(
    request: TaskPageRequest, columns: Sequence[ColumnElement[Any]]
) -> list[ColumnElement[bool]]:
    """Compare whole rows: so the index is entered at the place itself."""
    place = request.after or request.before
    if place is None:
        return []
    here = tuple_(*columns)
    there = _row_at(place, columns)
    rising = (request.after is not None) != request.descending
    return [here > there if rising else here < there]


def _row_at(place: TaskPosition, columns: Sequence[ColumnElement[Any]]) -> Tuple:
    values = (*place.keys, place.task_id)
    return tuple_(
        *(literal(value, column.type) for value, column in zip(values, columns, strict=True))
    )


def _conditions(where: TaskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if where.status is not None:
        conditions.append(tasks.c.status == where.status.value)
    if where.category is UNCATEGORIZED:
        conditions.append(tasks.c.category_id.is_(None))
    elif where.category is not None:
        conditions.append(tasks.c.category_id == where.category)
    if where.priorities:
        conditions.append(tasks.c.priority.in_(sorted(where.priorities)))
    if where.has_deadline is not None:
        conditions.append(_HAS_DEADLINE if where.has_deadline else tasks.c.ends_at == NEVER)
    if where.due is not None:
        conditions.append(_is_within(where.due))
    if where.overdue is not None and where.now is not None:
        overdue = and_(_IS_OPEN, _is_over(where.now))
        conditions.append(overdue if where.overdue else not_(overdue))
    conditions += (tasks.c.search_words.contains(f" {term}") for term in where.terms)
    return conditions


def _is_over(now: datetime) -> ColumnElement[bool]:
    return tasks.c.ends_at <= now


def _is_within(span: TimeSpan) -> ColumnElement[bool]:
    """As `Deadline.is_within` says it; the bounds of `ends_at` stand apart for the index."""
    is_day = tasks.c.due_on.is_not(None)
    conditions = [_HAS_DEADLINE]
    if span.start is not None:
        conditions += [
            tasks.c.ends_at >= span.start,
            or_(not_(is_day), tasks.c.ends_at > span.start),
        ]
    if span.end is not None:
        conditions += [tasks.c.ends_at <= span.end, or_(is_day, tasks.c.ends_at < span.end)]
    return and_(*conditions)


def counts(
    owner_id: UserId,
    *,
    now: datetime,
    today: TimeSpan,
    this_week: TimeSpan,
    upcoming: TimeSpan,
) -> Select[Any]:
    """How many open tasks of each kind there are, a row for each category."""

    def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return (
        select(
            tasks.c.category_id,
            func.count().label("open"),
            number_of(_is_over(now)).label("overdue"),
            number_of(_is_within(today)).label("due_today"),
            number_of(_is_within(this_week)).label("due_this_week"),
            number_of(_is_within(upcoming)).label("upcoming"),
            number_of(not_(_HAS_DEADLINE)).label("without_deadline"),
        )
        .where(tasks.c.owner_id == owner_id, _IS_OPEN)
        .group_by(tasks.c.category_id)
    )
