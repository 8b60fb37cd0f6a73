"""Figures about everything: each statement reads an index, or a table that is small beside it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    RowMapping,
    Select,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from taskbot.adapters.persistence import operator_tables, tables
from taskbot.adapters.persistence.dialects import Dialect
from taskbot.adapters.persistence.engine import Database, read
from taskbot.application.figures import (
    Delivered,
    Missed,
    PeopleFigures,
    QueueFigures,
    TaskFigures,
)
from taskbot.domain.reminder import LATE_AFTER
from taskbot.domain.time_span import TimeSpan

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_MILLISECOND: Final = timedelta(milliseconds=1)


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


@frozen
class SqlOperatorQueries:
    _database: Database

    async def _row(self, statement: Select[Any]) -> RowMapping:
        (row,) = await read(self._database, statement)
        return row

    async def people_figures(self, *, now: datetime) -> PeopleFigures:
        users = tables.users
        return PeopleFigures(
            **await self._row(
                select(
                    func.count().label("total"),
                    _number_of(users.c.created_at > now - _DAY).label("new"),
                    _number_of(users.c.reachable.is_(False)).label("lost"),
                    _number_of(users.c.paused.is_(True)).label("paused"),
                    _number_of(users.c.deletion_at.is_not(None)).label("leaving"),
                ).select_from(users)
            )
        )

    async def task_figures(self, *, now: datetime) -> TaskFigures:
        ends_at = tables.tasks.c.ends_at
        is_ahead = ends_at > now
        return TaskFigures(
            **await self._row(
                select(
                    func.count().label("open"),
                    _number_of(ends_at <= now).label("overdue"),
                    _number_of(is_ahead & (ends_at <= now + _HOUR)).label("within_hour"),
                    _number_of(is_ahead & (ends_at <= now + _DAY)).label("within_day"),
                ).where(operator_tables.IS_OPEN)
            )
        )

    async def queue_figures(self, *, now: datetime) -> QueueFigures:
        available_at = tables.reminders.c.available_at
        pending = (
            select(func.count()).where(tables.IS_PENDING).select_from(tables.reminders)
        ).scalar_subquery()
        row = await self._row(
            select(
                func.count().label("available"),
                _number_of(available_at <= now).label("claimable"),
                _number_of((available_at > now) & (available_at <= now + _HOUR)).label(
                    "within_hour"
                ),
                pending.label("pending"),
            ).where(tables.IS_PENDING, available_at.is_not(None))
        )
        return QueueFigures(
            claimable=row["claimable"],
            within_hour=row["within_hour"],
            available=row["available"],
            held=row["pending"] - row["available"],
        )

    async def delivered(self, spans: Sequence[TimeSpan]) -> list[Delivered]:
        found = await self._of_each(
            [_lateness_of(place, span, self._database.dialect) for place, span in enumerate(spans)]
        )
        by_place: dict[int, list[RowMapping]] = {}
        for row in found:
            by_place.setdefault(row["place"], []).append(row)
        return [_delivered(by_place.get(place, [])) for place in range(len(spans))]

    async def missed(self, spans: Sequence[TimeSpan]) -> list[Missed]:
        found = await self._of_each([_missed_of(place, span) for place, span in enumerate(spans)])
        by_place = {row["place"]: row for row in found}
        return [
            Missed(failed=by_place[place]["failed"], unknown=by_place[place]["unknown"])
            for place in range(len(spans))
        ]

    async def _of_each(self, statements: list[Select[Any]]) -> Sequence[RowMapping]:
        if not statements:
            return []
        together: CompoundSelect[Any] = union_all(*statements)
        return await read(self._database, select(together.subquery()))


def _missed_of(place: int, span: TimeSpan) -> Select[Any]:
    reminders = tables.reminders

    def number(state: ColumnElement[bool]) -> ColumnElement[int]:
        return (
            select(func.count())
            .select_from(reminders)
            .where(state, reminders.c.fire_at >= span.start, reminders.c.fire_at < span.end)
            .scalar_subquery()
        )

    return select(
        literal(place).label("place"),
        number(tables.IS_DEAD).label("failed"),
        number(operator_tables.IS_UNKNOWN).label("unknown"),
    )


def _lateness_of(place: int, span: TimeSpan, dialect: Dialect) -> Select[Any]:
    """The ranks that matter, each with its lateness: up to three rows, none if nothing was sent.

    By ranks, not by an interpolation that one database has and the other has not; see `rank`.
    """
    reminders = tables.reminders
    lateness = dialect.milliseconds_between(reminders.c.fire_at, reminders.c.sent_at)
    sent = (
        select(lateness.label("lateness"))
        .where(reminders.c.sent_at >= span.start, reminders.c.sent_at < span.end)
        .subquery()
    )
    is_late = sent.c.lateness > LATE_AFTER // _MILLISECOND
    ranked = select(
        sent.c.lateness,
        func.row_number().over(order_by=sent.c.lateness).label("rank"),
        func.count().over().label("sent"),
        func.sum(case((is_late, 1), else_=0)).over().label("late"),
    ).subquery()
    median, p95 = (_rank(ranked.c.sent, percent) for percent in (50, 95))
    return select(
        literal(place).label("place"),
        *ranked.c,
        (ranked.c.rank == median).label("is_median"),
        (ranked.c.rank == p95).label("is_p95"),
        (ranked.c.rank == ranked.c.sent).label("is_latest"),
    ).where(or_(ranked.c.rank == median, ranked.c.rank == p95, ranked.c.rank == ranked.c.sent))


def _rank(number: ColumnElement[int], percent: int) -> ColumnElement[int]:
    """As `figures.rank`."""
    return (number * percent + 99) // 100


def _delivered(found: list[RowMapping]) -> Delivered:
    if not found:
        return Delivered()

    def lateness(which: str) -> timedelta:
        (milliseconds,) = [row["lateness"] for row in found if row[which]]
        return max(milliseconds, 0) * _MILLISECOND

    return Delivered(
        sent=found[0]["sent"],
        late=found[0]["late"],
        median=lateness("is_median"),
        p95=lateness("is_p95"),
        latest=lateness("is_latest"),
    )
