"""The kinds of values that a backup tells apart; how each is written is the dialects' business."""

from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, String, Time
from sqlalchemy.types import TypeEngine

from taskbot.adapters.persistence.column_types import LeadTimes, Ulid, UtcDateTime
from taskbot.adapters.persistence.dialects.dialect import Kind

# In this order: a later one may be the parent of an earlier one's type.
_KINDS: Final[tuple[tuple[type[TypeEngine[Any]], Kind], ...]] = (
    (Ulid, Kind.ID),
    (UtcDateTime, Kind.MOMENT),
    (LeadTimes, Kind.JSON),
    (JSON, Kind.JSON),
    (Date, Kind.DATE),
    (Time, Kind.TIME),
    (LargeBinary, Kind.BYTES),
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (String, Kind.TEXT),
)


def kind_of(column: Column[Any]) -> Kind:
    for column_type, kind in _KINDS:
        if isinstance(column.type, column_type):
            return kind
    raise LookupError(f"a backup has no kind of value for {column}")
