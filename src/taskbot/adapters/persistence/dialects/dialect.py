"""What we ask of a database beyond what SQLAlchemy knows to say to all of them alike."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

Row: TypeAlias = Sequence[Any]


class Dialect(Protocol):
    @property
    def name(self) -> str:
        """As SQLAlchemy calls it."""

    def driver_url(self, database_url: str, *, sync: bool) -> str:
        """*database_url* in its common form, with the driver that we use for it."""

    def engine_options(self) -> dict[str, Any]:
        """Arguments for `create_engine`."""

    def prepare(self, engine: Engine) -> None:
        """Teach *engine* the manners of its database."""

    def reading_options(self) -> dict[str, Any]:
        """Options of connections that read by single statements."""

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

    @property
    def patience_seconds(self) -> float | None:
        """How long an answer may take; None where nothing is far away."""

    def hang_up(self, driver_connection: Any) -> None:
        """Break off what the connection waits for: it fails at once, as if the line were dead."""

    def write_rows(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]
    ) -> None:
        """Insert many rows, of values as the driver takes them, by the quickest way there is."""

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
