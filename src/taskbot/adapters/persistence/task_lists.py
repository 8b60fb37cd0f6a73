"""Lists of tasks in SQL: the filter, the order, and the place where a page begins."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from attrs import evolve, frozen
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    true,
    tuple_,
)

from taskbot.adapters.persistence.column_types import UtcDateTime
from taskbot.adapters.persistence.prepared import Prepared
from taskbot.adapters.persistence.statements import labelled
from taskbot.adapters.persistence.tables import access_tokens, categories, tasks, users
from taskbot.application.ports import (
    NEVER,
    UNCATEGORIZED,
    TaskFilter,
    TaskOrder,
    TaskPageRequest,
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
VIEWS: Final = select(*labelled(tasks), *labelled(categories)).select_from(
    tasks.outerjoin(categories, tasks.c.category_id == categories.c.id)
)
"""Each task with its category, if it has one."""

HOLDER: Final = [*labelled(access_tokens), *labelled(users)]
"""A token, and whose it is."""
BEARERS: Final = access_tokens.join(users, access_tokens.c.owner_id == users.c.id)
_HOLDERS_ID: Final = (
    select(access_tokens.c.owner_id)
    .where(access_tokens.c.digest == bindparam("digest"))
    .scalar_subquery()
)

_Bound: TypeAlias = BindParameter[datetime] | None

_MOST_KINDS: Final = 500
_listings: Final[dict[tuple[Any, ...], Prepared]] = {}
"""Put together once for each kind of list: to do so anew costs as much as to have it answered."""

_IS_OPEN: Final = tasks.c.status == TaskStatus.OPEN.value
_HAS_DEADLINE: Final = tasks.c.ends_at < NEVER


@frozen
class Listing:
    """A statement for all lists of one kind, and the values of this one."""

    statement: Prepared
    values: Mapping[str, Any]


def one_page(request: TaskPageRequest) -> Listing:
    """The page's tasks as `VIEWS`, and one more if the list goes on behind it."""
    return _listing(request, _kind(request), lambda: Prepared(_one_page(request)))


def held_page(digest: bytes, request: TaskPageRequest) -> Listing:
    """As `one_page`, of the holder of a token; that is in the first row, which there is anyway."""
    held = _listing(request, ("held", *_kind(request)), lambda: _held_page(request))
    return Listing(held.statement, {**held.values, "digest": digest})


def _listing(
    request: TaskPageRequest, kind: tuple[Any, ...], statement: Callable[[], Prepared]
) -> Listing:
    if kind not in _listings:
        if len(_listings) >= _MOST_KINDS:
            _listings.clear()
        _listings[kind] = statement()
    return Listing(_listings[kind], {**_values(request), "number": request.limit + 1})


def _one_page(request: TaskPageRequest) -> Select[Any]:
    return _ordered(VIEWS, request).limit(bindparam("number"))


def _held_page(request: TaskPageRequest) -> Prepared:
    in_order = [column.label(f"place_{n}") for n, column in enumerate(_COLUMNS[request.order])]
    page = _one_page(evolve(request, owner_id=None)).add_columns(*in_order).subquery("page")
    places = [page.c[column.name] for column in in_order]
    shown = [column for column in page.c if column.name not in {each.name for each in places}]
    turned = request.descending != (request.before is not None)
    statement = (
        select(*HOLDER, *shown)
        .select_from(BEARERS.outerjoin(page, true()))
        .where(access_tokens.c.digest == bindparam("digest"))
        .order_by(*(place.desc() if turned else place for place in places))
    )
    return Prepared(statement, in_first_row=len(HOLDER))


def ids_of(request: TaskPageRequest) -> tuple[Select[Any], Mapping[str, Any]]:
    """A statement for the ids of the page's tasks, and its values."""
    statement = _ordered(select(tasks.c.id), request).limit(bindparam("number"))
    return statement, {**_values(request), "number": request.limit}


def _kind(request: TaskPageRequest) -> tuple[Any, ...]:
    """What makes the statement another one: all that is asked for, but for its values."""
    where = request.where
    return (
        request.owner_id is None,
        request.order,
        request.descending,
        request.after is None,
        request.before is None,
        where.status is None,
        where.category is UNCATEGORIZED,
        where.category is None,
        len(where.priorities),
        where.has_deadline,
        None if where.due is None else (where.due.start is None, where.due.end is None),
        where.overdue,
        len(where.terms),
    )


def _values(request: TaskPageRequest) -> dict[str, Any]:
    """By the names that `_ordered` gives them."""
    where = request.where
    values: dict[str, Any] = {"owner": request.owner_id}
    if where.status is not None:
        values["status"] = where.status.value
    if where.category is not None and where.category is not UNCATEGORIZED:
        values["category"] = where.category
    values |= {f"priority_{n}": each.value for n, each in enumerate(sorted(where.priorities))}
    if where.due is not None:
        values |= {"start": where.due.start, "end": where.due.end}
    if where.overdue is not None:
        values["now"] = where.now
    values |= {f"term_{n}": f"% {term}%" for n, term in enumerate(where.terms)}
    place = request.after or request.before
    if place is not None:
        values |= {f"place_{n}": key for n, key in enumerate((*place.keys, place.task_id))}
    return {name: value for name, value in values.items() if value is not None}


def _ordered(views: Select[Any], request: TaskPageRequest) -> Select[Any]:
    columns = _COLUMNS[request.order]
    backwards = request.before is not None
    # As a value that is found first: only then does the order of an index serve the list.
    owner = _HOLDERS_ID if request.owner_id is None else bindparam("owner")
    statement = views.where(
        tasks.c.owner_id == owner,
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
    if request.after is None and request.before is None:
        return []
    here = tuple_(*columns)
    there = tuple_(*(bindparam(f"place_{n}", type_=c.type) for n, c in enumerate(columns)))
    rising = (request.after is not None) != request.descending
    return [here > there if rising else here < there]


def _conditions(where: TaskFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if where.status is not None:
        conditions.append(tasks.c.status == bindparam("status"))
    if where.category is UNCATEGORIZED:
        conditions.append(tasks.c.category_id.is_(None))
    elif where.category is not None:
        conditions.append(tasks.c.category_id == bindparam("category"))
    if where.priorities:
        numbers = range(len(where.priorities))
        conditions.append(or_(*(tasks.c.priority == bindparam(f"priority_{n}") for n in numbers)))
    if where.has_deadline is not None:
        conditions.append(_HAS_DEADLINE if where.has_deadline else tasks.c.ends_at == NEVER)
    if where.due is not None:
        conditions.append(
            _is_within(
                None if where.due.start is None else bindparam("start", type_=UtcDateTime),
                None if where.due.end is None else bindparam("end", type_=UtcDateTime),
            )
        )
    if where.overdue is not None:
        overdue = and_(_IS_OPEN, _is_over(bindparam("now", type_=UtcDateTime)))
        conditions.append(overdue if where.overdue else not_(overdue))
    conditions += (
        tasks.c.search_words.like(bindparam(f"term_{n}")) for n in range(len(where.terms))
    )
    return conditions


def _is_over(now: BindParameter[datetime]) -> ColumnElement[bool]:
    return tasks.c.ends_at <= now


def _is_within(start: _Bound, end: _Bound) -> ColumnElement[bool]:
    """As `Deadline.is_within` says it; the bounds of `ends_at` stand apart for the index."""
    is_day = tasks.c.due_on.is_not(None)
    conditions = [_HAS_DEADLINE]
    if start is not None:
        conditions += [tasks.c.ends_at >= start, or_(not_(is_day), tasks.c.ends_at > start)]
    if end is not None:
        conditions += [tasks.c.ends_at <= end, or_(is_day, tasks.c.ends_at < end)]
    return and_(*conditions)


def counts(
    owner_id: UserId,
    *,
    now: datetime,
    today: TimeSpan,
    this_week: TimeSpan,
    upcoming: TimeSpan,
) -> Listing:
    """How many open tasks of each kind there are, a row for each category."""
    spans = {"due_today": today, "due_this_week": this_week, "upcoming": upcoming}
    bounds = {
        f"{name}_{end}": moment
        for name, span in spans.items()
        for end, moment in (("start", span.start), ("end", span.end))
        if moment is not None
    }
    return Listing(_counts(frozenset(bounds)), {"owner": owner_id, "now": now, **bounds})


@functools.cache
def _counts(bounds: frozenset[str]) -> Prepared:
    """*bounds*: those that there are of the ends of spans."""

    def number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    def end(name: str) -> BindParameter[datetime] | None:
        return bindparam(name, type_=UtcDateTime) if name in bounds else None

    def number_in(span: str) -> ColumnElement[int]:
        return number_of(_is_within(end(f"{span}_start"), end(f"{span}_end"))).label(span)

    return Prepared(
        select(
            tasks.c.category_id,
            func.count().label("open"),
            number_of(_is_over(bindparam("now", type_=UtcDateTime))).label("overdue"),
            *map(number_in, ("due_today", "due_this_week", "upcoming")),
            number_of(not_(_HAS_DEADLINE)).label("without_deadline"),
        )
        .where(tasks.c.owner_id == bindparam("owner"), _IS_OPEN)
        .group_by(tasks.c.category_id)
    )
