"""What we ask of a database beyond what SQLAlchemy knows to say to all of them alike."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect as Grammar,
    Engine,
    Select,
    literal_column,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

Row: TypeAlias = Sequence[Any]


class Kind(StrEnum):
    """A kind of value, and how it is written where no database is at hand (in backups)."""

    ID = "id"
    """The 16 bytes of a ULID, as 32 hexadecimal digits: every database has them at hand so."""
    MOMENT = "moment"
    """`2031-05-17T15:00:00.000000Z` (RFC 3339)."""
    DATE = "date"
    """`2031-05-17`."""
    TIME = "time"
    """`09:00:00`."""
    BYTES = "bytes"
    """Base64 (RFC 4648)."""
    JSON = "json"
    """The text of a JSON value."""
    BOOLEAN = "boolean"
    INTEGER = "integer"
    TEXT = "text"


def as_sqlalchemy_raises(error: Exception) -> BaseException:
    """What SQLAlchemy makes of the driver's own *error*, met past it."""
    made: BaseException = DBAPIError.instance(None, None, error, Exception, hide_parameters=True)
    return made


def names_and_values(fields: Mapping[str, ColumnElement[Any]]) -> Iterator[ColumnElement[Any]]:
    """One after the other, as functions take them; the names written out."""
    for name, value in fields.items():
        yield literal_column(f"'{name}'")
        yield value


class Dialect(Protocol):
    @property
    def name(self) -> str:
        """As SQLAlchemy calls it."""

    def __hash__(self) -> int: ...

    @property
    def grammar(self) -> Grammar:
        """How SQLAlchemy is to write what goes to the driver as it is."""

    @property
    def begin_writing(self) -> str:
        """What begins a transaction that writes."""

    async def run(
        self, driver_connection: Any, sql: str, values: Sequence[Any], *, returns_rows: bool
    ) -> tuple[Sequence[Row], int]:
        """Run one statement by the driver itself: its rows, and how many it changed."""

    def driver_url(self, database_url: str, *, sync: bool) -> str:
        """*database_url* in its common form, with the driver that we use for it."""

    def onlookers_url(self, database_url: str) -> str:
        """*database_url*, as `driver_url` has it, for who makes and changes nothing there."""

    def file_of(self, database_url: str) -> Path | None:
        """The file in which it all is; None where a server keeps it."""

    def introduction(self) -> Select[Any]:
        """What the database says of itself: `version`, and `now` where it has its own clock."""

    def engine_options(self) -> dict[str, Any]:
        """Arguments for `create_engine`."""

    def prepare(self, engine: Engine) -> None:
        """Teach *engine* the manners of its database."""

    def reading_options(self) -> dict[str, Any]:
        """Options of an engine: unless it is told otherwise, it reads by single statements."""

    def writing_options(self) -> dict[str, Any]:
        """Options of connections that write in transactions."""

    def snapshot_options(self) -> dict[str, Any]:
        """Options of connections that read many tables as they were at one moment."""

    def writers_turn(self) -> AbstractAsyncContextManager[Any]:
        """What a writer holds while it writes."""

    def allow_long_work(self, connection: Connection) -> None:
        """Lift the limits of time that keep requests short, until the transaction's end."""

    def lock_schema(self, connection: Connection) -> None:
        """Wait until nobody else migrates; until the transaction's end nobody else will."""

    def insert(self, table: Any) -> Any:
        """`INSERT` that knows `ON CONFLICT`."""

    def json_object(self, fields: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
        """A JSON object that the database makes of values; *fields* by our own names for them.

        Ids, moments and days are in it as texts: ISO 8601, in UTC where a zone is not told.
        """

    def json_array(self, element: ColumnElement[Any]) -> ColumnElement[Any]:
        """A JSON array of *element* of every row, in no order; of none it may be null."""

    def milliseconds_between(
        self, earlier: ColumnElement[Any], later: ColumnElement[Any]
    ) -> ColumnElement[int]:
        """From one moment to another, rounded; negative if they come the other way round."""

    @property
    def audit_guard(self) -> Sequence[str]:
        """Statements that have the database itself refuse to change entries of the audit log.

        It lets their diffs be taken away, and entries be forgotten after two years.
        """

    @property
    def audit_guard_lifted(self) -> Sequence[str]:
        """Statements that take the guard away again."""

    @property
    def patience_seconds(self) -> float | None:
        """How long an answer may take; None where nothing is far away."""

    def is_dead(self, driver_connection: Any) -> bool:
        """Whether the server has hung up, as far as that is known without a trip to it."""

    def hang_up(self, driver_connection: Any) -> None:
        """Break off what the connection waits for: it fails at once, as if the line were dead."""

    async def break_off(self, driver_connection: Any) -> None:
        """Have the database stop what it is doing for the connection, which lives on."""

    def write_rows(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]
    ) -> None:
        """Insert many rows, of values as the driver takes them, by the quickest way there is.

        What goes wrong is raised as SQLAlchemy would.
        """

    def to_portable(self, kind: Kind) -> Callable[[Any], Any] | None:
        """From a value as the driver gives it to the portable one; None: they are the same."""

    def from_portable(self, kind: Kind) -> Callable[[Any], Any] | None:
        """From a portable value to one for `write_rows`; None: they are the same.

        The function raises `TypeError` or `ValueError` for what is no such value.
        """

    def learn_contents(self, connection: Connection) -> None:
        """Let the planner know what the tables hold now; outside of a transaction."""

    def broken_constraint(self, error: IntegrityError) -> str | None:
        """The name of the unique constraint that a statement would have broken."""

    def must_repeat(self, error: DBAPIError) -> bool:
        """Whether the transaction was undone for the sake of another, and may be done again."""

    def is_away(self, error: DBAPIError) -> bool:
        """Whether no connection could be made, for a cause that may pass by itself."""

    def reason(self, error: DBAPIError) -> str:
        """What is the matter, for the operator's log; nothing of what people wrote."""
