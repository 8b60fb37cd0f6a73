"""PostgreSQL, by psycopg 3."""

import contextlib
import functools
import json
import os
import select
import socket
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Final

from attrs import frozen
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Dialect as Grammar,
    Engine,
    Select,
    cast,
    event,
    func,
    select as rows_of,
    text,
)
from sqlalchemy.dialects import postgresql, registry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InvalidatePoolError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.pool import ConnectionPoolEntry

from taskbot.adapters.persistence.dialects.dialect import (
    Kind,
    Row,
    as_sqlalchemy_raises,
    names_and_values,
)

CONNECT_TIMEOUT_SECONDS: Final = 5
STATEMENT_TIMEOUT_SECONDS: Final = 10
LOCK_TIMEOUT_SECONDS: Final = 5
IDLE_IN_TRANSACTION_TIMEOUT_SECONDS: Final = 30
_GRACE_SECONDS: Final = 2
_SILENCE_SECONDS: Final = 10
"""How long a connection may be cut off before it is given up (RFC 5482)."""

_MIGRATIONS: Final = 7_461_736_201
"""Our key among the advisory locks of a database, which others may use as well."""
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_SERIALIZATION_FAILURE: Final = "40001"
_DEADLOCK_DETECTED: Final = "40P01"
_WILL_NOT_PASS: Final = ("does not exist", "authentication failed", "pg_hba.conf", "password")

# Of statements that are transactions by themselves: the server may have been given another.
_ISOLATION: Final = r"-c default_transaction_isolation=read\ committed"

AUDIT_GUARD: Final = (
    """
    CREATE OR REPLACE FUNCTION guard_audit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.diff IS NULL AND OLD.owner_id IS NOT NULL
                AND (NEW.id, NEW.at, NEW.operator, NEW.verb, NEW.object_kind, NEW.object_id,
                    NEW.owner_id, NEW.refusal, NEW.client)
                IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.operator, OLD.verb, OLD.object_kind,
                    OLD.object_id, OLD.owner_id, OLD.refusal, OLD.client)
            THEN
                RETURN NEW;
            END IF;
        ELSIF TG_OP = 'DELETE' THEN
            IF OLD.at < now() - interval '730 days' THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'entries of the audit log are added, never changed'
            USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION guard_audit_entries()
    """,
    """
    CREATE TRIGGER audit_entries_stay_together BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_entries()
    """,
)


@frozen
class PostgreSQL:
    name: str = "postgresql"
    begin_writing: str = "BEGIN ISOLATION LEVEL READ COMMITTED"

    @property
    def grammar(self) -> Grammar:
        return _GRAMMAR

    async def run(
        self, driver_connection: Any, sql: str, values: Sequence[Any], *, returns_rows: bool
    ) -> tuple[Sequence[Row], int]:
        cursor = _raw_cursor()(driver_connection)
        await cursor.execute(sql, values)
        return (await cursor.fetchall() if returns_rows else ()), cursor.rowcount

    def driver_url(self, database_url: str, *, sync: bool) -> str:
        """Psycopg is one driver for both ways."""
        url = make_url(database_url).set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    def onlookers_url(self, database_url: str) -> str:
        """Who only asks changes nothing."""
        return self.driver_url(database_url, sync=False)

    def file_of(self, database_url: str) -> Path | None:
        return None

    def introduction(self) -> Select[Any]:
        version = func.current_setting("server_version")
        return rows_of(version.label("version"), func.clock_timestamp().label("now"))

    def engine_options(self) -> dict[str, Any]:
        seconds = {
            "statement_timeout": STATEMENT_TIMEOUT_SECONDS,
            "lock_timeout": LOCK_TIMEOUT_SECONDS,
            "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT_SECONDS,
        }
        options = [f"-c {name}={value}s" for name, value in seconds.items()]
        # In another zone the end of time (year 9999) would be shown in a year that has no date.
        return {
            "connect_args": {
                "application_name": "taskbot",
                "connect_timeout": CONNECT_TIMEOUT_SECONDS,
                "options": " ".join([*options, "-c TimeZone=UTC", _ISOLATION]),
                "tcp_user_timeout": _SILENCE_SECONDS * 1000,
            }
        }

    def prepare(self, engine: Engine) -> None:
        def refuse_the_dead(_: Any, entry: ConnectionPoolEntry, __: Any) -> None:
            """The pool then makes new connections for all that are as old."""
            if self.is_dead(entry.driver_connection):
                raise InvalidatePoolError

        event.listen(engine, "checkout", refuse_the_dead)

    def reading_options(self) -> dict[str, Any]:
        # One statement is a transaction by itself: BEGIN and ROLLBACK would be two more trips.
        return {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}

    def writing_options(self) -> dict[str, Any]:
        return {"isolation_level": "READ COMMITTED"}

    def snapshot_options(self) -> dict[str, Any]:
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def writers_turn(self) -> AbstractAsyncContextManager[Any]:
        """Everybody at once: rows are locked, not the database."""
        return contextlib.nullcontext()

    def allow_long_work(self, connection: Connection) -> None:
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))

    def lock_schema(self, connection: Connection) -> None:
        self.allow_long_work(connection)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATIONS})

    def insert(self, table: Any) -> Any:
        return postgresql.insert(table)

    def json_object(self, fields: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
        return func.json_build_object(*names_and_values(fields))

    def json_array(self, element: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.json_agg(element)

    def milliseconds_between(
        self, earlier: ColumnElement[Any], later: ColumnElement[Any]
    ) -> ColumnElement[int]:
        # Of double precision, which is several times quicker than the numeric of EXTRACT.
        return cast(func.date_part("epoch", later.op("-")(earlier)) * 1000, BigInteger)

    @property
    def audit_guard(self) -> Sequence[str]:
        return AUDIT_GUARD

    @property
    def audit_guard_lifted(self) -> Sequence[str]:
        return (
            "DROP TRIGGER audit_entries_stay_together ON audit_entries",
            "DROP TRIGGER audit_entries_stay ON audit_entries",
        )

    @property
    def patience_seconds(self) -> float | None:
        # A server that lives keeps to its own limit; one that is frozen, or a network that
        # swallows, keeps to none.
        return STATEMENT_TIMEOUT_SECONDS + _GRACE_SECONDS

    def is_dead(self, driver_connection: Any) -> bool:
        # A server that goes down says goodbye: between two statements nothing else is ever there
        # to be read.
        return driver_connection.closed or _has_something_to_say(driver_connection.fileno())

    def hang_up(self, driver_connection: Any) -> None:
        with contextlib.suppress(OSError):
            line = socket.socket(fileno=os.dup(driver_connection.fileno()))
            with line:
                line.shutdown(socket.SHUT_RDWR)

    async def break_off(self, driver_connection: Any) -> None:
        from psycopg import Error  # noqa: PLC0415 - only where there is a PostgreSQL

        # If this does not reach the server, its own limit of time does.
        with contextlib.suppress(Error):
            await driver_connection.cancel_safe(timeout=_GRACE_SECONDS)

    def write_rows(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row]
    ) -> None:
        """By COPY, several times quicker than INSERT."""
        raw: Any = connection.connection.driver_connection
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        from psycopg import Error  # noqa: PLC0415 - with SQLite nobody needs it

        try:
            with raw.cursor() as cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except Error as error:
            raise as_sqlalchemy_raises(error) from error

    def to_portable(self, kind: Kind) -> Callable[[Any], Any] | None:
        return _TO_PORTABLE.get(kind)

    def from_portable(self, kind: Kind) -> Callable[[Any], Any] | None:
        # Everything else is text to COPY, and the server refuses what makes no sense.
        return _b64decoded if kind is Kind.BYTES else None

    def learn_contents(self, connection: Connection) -> None:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("VACUUM (ANALYZE)")

    def broken_constraint(self, error: IntegrityError) -> str | None:
        name: str | None = getattr(error.orig, "diag").constraint_name  # noqa: B009 - see below
        return name

    def must_repeat(self, error: DBAPIError) -> bool:
        return _sqlstate(error) in {_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED}

    def is_away(self, error: DBAPIError) -> bool:
        # Whoever gets no connection gets no code either, only words (and "starting up" is one
        # of the reasons): so what will not pass by itself is named here.
        said = str(error.orig)
        return (
            isinstance(error, OperationalError)
            and _sqlstate(error) is None
            and not any(cause in said for cause in _WILL_NOT_PASS)
        )

    def reason(self, error: DBAPIError) -> str:
        # Only what the server and the network say of themselves, and of our tables: other errors
        # quote values. The first line: the next ones quote the statement.
        quotes_nothing = isinstance(error, (OperationalError, ProgrammingError))
        said = str(error.orig).strip().splitlines() if quotes_nothing else []
        return said[0] if said else type(error).__name__


# The places of values as the server itself has them, so that the driver has nothing to rewrite.
_GRAMMAR: Final[Grammar] = registry.load("postgresql.psycopg")(paramstyle="numeric_dollar")


@functools.cache
def _raw_cursor() -> Any:
    from psycopg import AsyncRawCursor  # noqa: PLC0415 - only where there is a PostgreSQL

    return AsyncRawCursor


_TO_PORTABLE: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.ID: lambda given: given.hex,
    # In UTC, as every session of ours is.
    Kind.MOMENT: lambda given: f"{given.isoformat(timespec='microseconds')[:26]}Z",
    Kind.DATE: lambda given: given.isoformat(),
    Kind.TIME: lambda given: given.isoformat(timespec="seconds"),
    Kind.BYTES: lambda given: b64encode(given).decode("ascii"),
    Kind.JSON: json.dumps,
}


def _b64decoded(portable: str) -> bytes:
    return b64decode(portable, validate=True)


def _sqlstate(error: DBAPIError) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _has_something_to_say(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
