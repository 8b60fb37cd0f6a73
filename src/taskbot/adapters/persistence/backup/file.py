"""The file: gzip (RFC 1952) of lines of JSON, so that ordinary tools can look inside.

The first line is the header. Then, for each table, a line that names its columns, and a line for
each row. The last line has the checksum of all that stands before it.
"""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, Final, Self

import msgspec
from attrs import define, field

from taskbot.adapters.persistence.dialects.dialect import Kind

FORMAT: Final = "taskbot-backup"
VERSION: Final = 1
_LONGEST_LINE: Final = 1 << 20  # a task with every letter escaped has a twentieth of it
_LEVEL: Final = 3  # six takes twice the time for a tenth of the size


class BackupError(Exception):
    """A backup cannot be made or used; the text says why, for the operator."""


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """*schema*: the revision of the tables. *rows*: how many there are of each table."""

    format: str = FORMAT
    version: int = VERSION
    schema: str
    taskbot: str
    created_at: datetime
    rows: dict[str, int]


class TableHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rows of this table follow, each with these columns."""

    table: str
    columns: list[tuple[str, Kind]]


class End(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """*sha256*: of all lines before, in hexadecimal digits (FIPS 180-4)."""

    sha256: str


_encoder: Final = msgspec.json.Encoder()
_header: Final = msgspec.json.Decoder(Header)
_table_header: Final = msgspec.json.Decoder(TableHeader)
_end: Final = msgspec.json.Decoder(End)
_row: Final = msgspec.json.Decoder(list[Any])


@define
class BackupWriter:
    """Writes one backup to *target*; its order is the caller's business."""

    _target: BinaryIO
    _digest: Any = field(factory=hashlib.sha256)
    _packed: gzip.GzipFile = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._packed = gzip.GzipFile(
            filename="", mode="wb", fileobj=self._target, compresslevel=_LEVEL, mtime=0
        )

    def line(self, line: Header | TableHeader) -> None:
        self._write(_encoder.encode(line) + b"\n")

    def rows(self, rows: list[list[Any]]) -> None:
        self._write(_encoder.encode_lines(rows))

    def end(self) -> None:
        self._packed.write(_encoder.encode(End(self._digest.hexdigest())) + b"\n")
        self._packed.close()

    def _write(self, lines: bytes) -> None:
        self._digest.update(lines)
        self._packed.write(lines)


@define
class BackupReader:
    """Reads a backup once, from front to end; whatever is wrong with it is a `BackupError`.

    Nothing of it is to be relied on before `rest_is_whole` has looked at the end.
    """

    header: Header
    _lines: Iterator[bytes]
    _digest: Any
    _next: bytes

    @classmethod
    def over(cls, source: BinaryIO) -> Self:
        digest = hashlib.sha256()
        lines = _lines_of(source)
        first = next(lines)
        try:
            header = _header.decode(first)
        except msgspec.MsgspecError:
            raise BackupError("this is not a backup of taskbot") from None
        if header.format != FORMAT:
            raise BackupError("this is not a backup of taskbot")
        if header.version != VERSION:
            raise BackupError(f"the backup is of version {header.version}, unknown to this release")
        digest.update(first)
        return cls(header, lines, digest, next(lines))

    def tables(self) -> Iterator[tuple[TableHeader, Iterator[list[Any]]]]:
        """Each table with its rows, which are to be taken before the next table is asked for."""
        while self._next.startswith(b'{"table"'):
            try:
                header = _table_header.decode(self._next)
            except msgspec.MsgspecError:
                raise _damaged() from None
            self._take()
            yield header, self._rows(len(header.columns))

    def _rows(self, width: int) -> Iterator[list[Any]]:
        while self._next.startswith(b"["):
            try:
                row = _row.decode(self._next)
            except msgspec.MsgspecError:
                raise _damaged() from None
            if len(row) != width:
                raise _damaged()
            self._take()
            yield row

    def _take(self) -> None:
        self._digest.update(self._next)
        self._next = next(self._lines)

    def require_whole(self) -> None:
        """Raise unless the end is reached, the checksum is right, and nothing follows."""
        try:
            end = _end.decode(self._next)
        except msgspec.MsgspecError:
            raise _damaged() from None
        if end.sha256 != self._digest.hexdigest() or next(self._lines, b"") != b"":
            raise _damaged()


def _lines_of(source: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length; the empty one, after the last, for ever."""
    unpacked = io.BufferedReader(gzip.GzipFile(fileobj=source, mode="rb"), 1 << 20)
    while True:
        try:
            line = unpacked.readline(_LONGEST_LINE)
        except (EOFError, OSError, zlib.error):
            raise _damaged() from None
        if line and not line.endswith(b"\n"):
            raise _damaged()
        yield line


def _damaged() -> BackupError:
    return BackupError("the backup is damaged or cut short: nothing of it was taken over")


def batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
