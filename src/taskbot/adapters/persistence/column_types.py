"""What a database forgets about our values, put back in one place."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, Uuid
from sqlalchemy.types import TypeDecorator
from ulid import ULID

Convert: TypeAlias = Callable[[Any], Any]


class Straight:
    """A type that needs no more than one function for what PostgreSQL's driver gives, or takes.

    SQLAlchemy goes through three; a list of 20 tasks has 250 such values.
    """

    from_postgresql: Convert | None
    """None: it is our value already."""

    to_postgresql: Convert | None = None
    """None: by way of SQLAlchemy."""


def _ulid(value: UUID | None) -> ULID | None:
    return None if value is None else ULID(value.bytes)


def _uuid(value: ULID | None) -> UUID | None:
    return None if value is None else value.to_uuid()


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    # SQLite keeps the digits alone: they are those of UTC.
    return value.astimezone(UTC)


def _lead_times(seconds: Sequence[float] | None) -> tuple[timedelta, ...] | None:
    return None if seconds is None else tuple([timedelta(seconds=lead) for lead in seconds])


class Ulid(TypeDecorator[ULID], Straight):
    """16 bytes where the database has a type for them; they sort as the ULIDs do."""

    impl = Uuid
    cache_ok = True
    from_postgresql = staticmethod(_ulid)
    to_postgresql = staticmethod(_uuid)

    def process_bind_param(self, value: ULID | None, dialect: Dialect) -> UUID | None:
        return _uuid(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> ULID | None:
        return None if value is None else ULID.from_uuid(value)


class UtcDateTime(TypeDecorator[datetime], Straight):
    """Aware moments in, aware moments in UTC out."""

    impl = DateTime(timezone=True)
    cache_ok = True
    from_postgresql = None  # every session of ours is in UTC
    to_postgresql = staticmethod(_in_utc)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return _in_utc(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class LeadTimes(TypeDecorator[tuple[timedelta, ...]], Straight):
    """A list of seconds."""

    impl = JSON(none_as_null=True)
    cache_ok = True
    from_postgresql = staticmethod(_lead_times)

    def process_bind_param(
        self, value: Sequence[timedelta] | None, dialect: Dialect
    ) -> list[float] | None:
        return None if value is None else [lead.total_seconds() for lead in value]

    def process_result_value(
        self, value: Any | None, dialect: Dialect
    ) -> tuple[timedelta, ...] | None:
        return _lead_times(value)
