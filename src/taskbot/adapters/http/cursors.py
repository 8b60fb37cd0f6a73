"""Cursors: a place in a list, in letters that mean nothing to the client."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from ulid import ULID

from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.ports import TaskPosition
from taskbot.domain.ids import TaskId

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_WITHOUT_DEADLINE: Final = struct.Struct(">16s")
_WITH_DEADLINE: Final = struct.Struct(">16sq")


def cursor_of(position: TaskPosition) -> str:
    """*position* as base64url (RFC 4648, section 5) of the id and, if any, the deadline's end."""
    if position.ends_at is None:
        packed = _WITHOUT_DEADLINE.pack(position.task_id.bytes)
    else:
        microseconds = (position.ends_at - _EPOCH) // _MICROSECOND
        packed = _WITH_DEADLINE.pack(position.task_id.bytes, microseconds)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def position_at(cursor: str) -> TaskPosition:
    """The place that `cursor_of` wrote down; anything else is `Refused` as `cursor-invalid`."""
    try:
        position = _unpacked(base64.b64decode(_padded(cursor), altchars=b"-_", validate=True))
    except (ValueError, OverflowError, struct.error, binascii.Error):
        raise _invalid() from None
    if cursor_of(position) != cursor:
        raise _invalid()
    return position


def _padded(cursor: str) -> bytes:
    return cursor.encode("ascii") + b"=" * (-len(cursor) % 4)


def _unpacked(packed: bytes) -> TaskPosition:
    if len(packed) == _WITHOUT_DEADLINE.size:
        return TaskPosition(None, TaskId(ULID.from_bytes(packed)))
    task_id, microseconds = _WITH_DEADLINE.unpack(packed)
    return TaskPosition(
        _EPOCH + timedelta(microseconds=microseconds), TaskId(ULID.from_bytes(task_id))
    )


def _invalid() -> Refused:
    detail = "a cursor is what an earlier page gave as next_cursor"
    return Refused(
        HTTPStatus.BAD_REQUEST,
        "cursor-invalid",
        detail,
        (FieldProblem.of("cursor", "cursor-invalid", detail),),
    )
