"""Figures about everything: each statement reads an index, or a table that is small beside it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    Label,
    Select,
    Subquery,
    Table,
    and_,
    case,
    func,
    literal,
    select,
    union_all,
)

from taskbot.adapters.persistence import tables
from taskbot.adapters.persistence.column_types import UtcDateTime
from taskbot.adapters.persistence.engine import Database, read
from taskbot.adapters.persistence.prepared import Row
from taskbot.application.figures import (
    LONGEST_STEP,
    STEPS,
    Delivered,
    LatenessCount,
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


def _numbers(**numbers: ColumnElement[int]) -> Select[Any]:
    """A row of them, each by its name."""
    named: list[ColumnElement[Any]] = [one.label(name) for name, one in numbers.items()]
    return select(*named)


def _counted(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows are so, each number by the range of an index that it takes."""
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()


@frozen
class SqlOperatorQueries:
    _database: Database

    async def _row(self, statement: Select[Any]) -> Row:
        (row,) = await read(self._database, statement)
        return row

    async def people_figures(self, *, now: datetime) -> PeopleFigures:
        users = tables.users
        numbers = _numbers(
            total=func.count(),
            new=_number_of(users.c.created_at > now - _DAY),
            lost=_number_of(users.c.reachable.is_(False)),
            paused=_number_of(users.c.paused.is_(True)),
            leaving=_number_of(users.c.deletion_at.is_not(None)),
        )
        return PeopleFigures(**await self._row(numbers.select_from(users)))

    async def task_figures(self, *, now: datetime) -> TaskFigures:
        """What is over is what is not ahead: of that there is more as time goes by."""
        ends_at = tables.tasks.c.ends_at

        def number(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
            return _counted(tables.tasks, tables.IS_OPEN, *conditions)

        row = await self._row(
            _numbers(
                open=number(),
                ahead=number(ends_at > now),
                within_hour=number(ends_at > now, ends_at <= now + _HOUR),
                within_day=number(ends_at > now, ends_at <= now + _DAY),
            )
        )
        return TaskFigures(
            open=row["open"],
            overdue=row["open"] - row["ahead"],
            within_hour=row["within_hour"],
            within_day=row["within_day"],
        )

    async def queue_figures(self, *, now: datetime) -> QueueFigures:
        available_at = tables.reminders.c.available_at

        def number(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
            return _counted(tables.reminders, tables.IS_PENDING, *conditions)

        row = await self._row(
            _numbers(
                pending=number(),
                available=number(available_at.is_not(None)),
                claimable=number(available_at <= now),
                within_hour=number(available_at > now, available_at <= now + _HOUR),
            )
        )
        return QueueFigures(
            claimable=row["claimable"],
            within_hour=row["within_hour"],
            available=row["available"],
            held=row["pending"] - row["available"],
        )

    async def delivered(self, since: datetime, *, hours: int) -> list[Delivered]:
        reminders = tables.reminders
        lateness = self._database.dialect.milliseconds_between(
            reminders.c.fire_at, reminders.c.sent_at
        )
        # First by the millisecond: what is told of each row is worked out once for it, not anew
        # for every figure that is made of it.
        sent = (
            select(
                self._hour_of(reminders.c.sent_at, since),
                lateness.label("lateness"),
                func.count().label("number"),
            )
            .where(_is_between(reminders.c.sent_at, since, hours))
            .group_by("hour", "lateness")
            .subquery()
        )
        found = await read(self._database, _lateness_counts(sent))
        return [
            Delivered.of(_to_lateness_count(row) for row in rows) for rows in _by_hour(found, hours)
        ]

    async def missed(self, since: datetime, *, hours: int) -> list[Missed]:
        fire_at = tables.reminders.c.fire_at

        def of_state(state: ReminderState, condition: ColumnElement[bool]) -> Select[Any]:
            columns: list[ColumnElement[Any]] = [
                self._hour_of(fire_at, since),
                literal(state.value).label("state"),
                func.count().label("number"),
            ]
            return (
                select(*columns)
                .where(condition, _is_between(fire_at, since, hours))
                .group_by("hour")
            )

        both = union_all(
            of_state(ReminderState.FAILED, tables.IS_DEAD),
            of_state(ReminderState.UNKNOWN, tables.IS_UNKNOWN),
        )
        found = await read(self._database, select(both.subquery()))
        return [_missed(rows) for rows in _by_hour(found, hours)]

    def _hour_of(self, moment: ColumnElement[Any], since: datetime) -> Label[int]:
        """Which of the hours after *since*, from 0 on."""
        start = literal(since, UtcDateTime)
        milliseconds = self._database.dialect.milliseconds_between(start, moment)
        return (milliseconds // _MILLISECONDS_OF_AN_HOUR).label("hour")


def _is_between(moment: ColumnElement[Any], since: datetime, hours: int) -> ColumnElement[bool]:
    return and_(moment >= since, moment < since + hours * _HOUR)


def _lateness_counts(sent: Subquery) -> Select[Any]:
    """Counted by steps, not put in order: a day may have a million."""
    in_steps = case(
        *((sent.c.lateness < below, sent.c.lateness // step * step) for below, step in STEPS),
        else_=sent.c.lateness // LONGEST_STEP * LONGEST_STEP,
    ).label("milliseconds")
    is_late = sent.c.lateness > LATE_AFTER // _MILLISECOND
    return select(
        sent.c.hour,
        in_steps,
        func.sum(sent.c.number).label("number"),
        func.sum(case((is_late, sent.c.number), else_=0)).label("late"),
        func.max(sent.c.lateness).label("latest"),
    ).group_by(sent.c.hour, "milliseconds")


def _to_lateness_count(row: Row) -> LatenessCount:
    """What came early came on time."""
    return LatenessCount(
        milliseconds=max(row["milliseconds"], 0),
        number=int(row["number"]),  # a sum is a Decimal, where numbers have no end
        late=int(row["late"]),
        latest=max(row["latest"], 0),
    )


def _by_hour(found: Sequence[Row], hours: int) -> list[list[Row]]:
    by_hour: list[list[Row]] = [[] for _ in range(hours)]
    for row in found:
        # Rounded up, the last microseconds of the last hour begin another.
        by_hour[min(row["hour"], hours - 1)].append(row)
    return by_hour


def _missed(found: list[Row]) -> Missed:
    numbers = Counter[str]()
    for row in found:
        numbers[row["state"]] += row["number"]
    return Missed(failed=numbers[ReminderState.FAILED], unknown=numbers[ReminderState.UNKNOWN])
