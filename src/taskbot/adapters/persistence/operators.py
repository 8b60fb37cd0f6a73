"""Figures about everything: each statement reads an index, or a table that is small beside it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    Label,
    RowMapping,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from taskbot.adapters.persistence import operator_tables, tables
from taskbot.adapters.persistence.column_types import UtcDateTime
from taskbot.adapters.persistence.engine import Database, read
from taskbot.application.figures import (
    Delivered,
    Missed,
    PeopleFigures,
    QueueFigures,
    TaskFigures,
)
from taskbot.domain.reminder import LATE_AFTER, ReminderState

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MILLISECONDS_OF_AN_HOUR: Final = _HOUR // _MILLISECOND


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

    async def delivered(self, since: datetime, *, hours: int) -> list[Delivered]:
        """By ranks: an interpolation is what one database has and the other has not."""
        reminders = tables.reminders
        lateness = self._database.dialect.milliseconds_between(
            reminders.c.fire_at, reminders.c.sent_at
        )
        sent = (
            select(self._hour_of(reminders.c.sent_at, since, hours), lateness.label("lateness"))
            .where(_is_between(reminders.c.sent_at, since, hours))
            .subquery()
        )
        ranked = _ranked(sent).subquery()
        wanted = {"median": _rank(ranked.c.sent, 50), "p95": _rank(ranked.c.sent, 95)}
        wanted["latest"] = ranked.c.sent
        found = await read(
            self._database,
            select(
                *ranked.c, *((ranked.c.rank == rank).label(name) for name, rank in wanted.items())
            ).where(or_(*(ranked.c.rank == rank for rank in wanted.values()))),
        )
        by_hour = _by_hour(found, hours)
        return [_delivered(rows) for rows in by_hour]

    async def missed(self, since: datetime, *, hours: int) -> list[Missed]:
        fire_at = tables.reminders.c.fire_at

        def of_state(state: ReminderState, condition: ColumnElement[bool]) -> Select[Any]:
            return (
                select(
                    self._hour_of(fire_at, since, hours),
                    literal(state.value).label("state"),
                    func.count().label("number"),
                )
                .where(condition, _is_between(fire_at, since, hours))
                .group_by("hour")
            )

        both = union_all(
            of_state(ReminderState.FAILED, tables.IS_DEAD),
            of_state(ReminderState.UNKNOWN, operator_tables.IS_UNKNOWN),
        )
        found = await read(self._database, select(both.subquery()))
        return [
            Missed(**{row["state"]: row["number"] for row in rows})
            for rows in _by_hour(found, hours)
        ]

    def _hour_of(self, moment: ColumnElement[Any], since: datetime, hours: int) -> Label[int]:
        """Which of the hours after *since*, from 0 on."""
        start = literal(since, UtcDateTime)
        milliseconds = self._database.dialect.milliseconds_between(start, moment)
        hour = milliseconds // _MILLISECONDS_OF_AN_HOUR
        # SQLite rounds: the last microseconds of the last hour would begin another.
        return case((hour < hours, hour), else_=hours - 1).label("hour")


def _is_between(moment: ColumnElement[Any], since: datetime, hours: int) -> ColumnElement[bool]:
    return and_(moment >= since, moment < since + hours * _HOUR)


def _ranked(sent: Subquery) -> Select[Any]:
    """What was sent with its rank within its hour, and with how many were sent in that hour."""
    of_hour = {"partition_by": sent.c.hour}
    is_late = case((sent.c.lateness > LATE_AFTER // _MILLISECOND, 1), else_=0)
    return select(
        *sent.c,
        func.row_number().over(order_by=sent.c.lateness, **of_hour).label("rank"),
        func.count().over(**of_hour).label("sent"),
        func.sum(is_late).over(**of_hour).label("late"),
    )


def _by_hour(found: Sequence[RowMapping], hours: int) -> list[list[RowMapping]]:
    by_hour: list[list[RowMapping]] = [[] for _ in range(hours)]
    for row in found:
        by_hour[row["hour"]].append(row)
    return by_hour


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
        median=lateness("median"),
        p95=lateness("p95"),
        latest=lateness("latest"),
    )
