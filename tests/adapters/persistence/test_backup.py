"""A backup holds everything as it was at one moment, and fills any database; or it says why not."""

import asyncio
import contextlib
import gzip
import hashlib
import json
import stat
import zlib
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import IntegrityError

from support.backends import Storage, migrated_sqlite, require, sql_storage
from support.builders import (
    NOW,
    a_category,
    a_process,
    a_reminder_of,
    a_task,
    a_user,
    an_access_token,
    an_admin_account,
    an_admin_session,
    an_audit_entry,
    an_invitation,
)
from support.postgres import fresh_migrated_database
from support.simulator import eventually
from support.strategies import categories, reminders, tasks, users
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.persistence import create_database, migrate, tables
from taskbot.adapters.persistence.backup import BackupError, back_up, restore
from taskbot.adapters.persistence.backup.file import FORMAT
from taskbot.adapters.persistence.backup.kinds import kind_of
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.adapters.persistence.migrate import HEAD
from taskbot.application.ports import (
    Alert,
    AlertKind,
    Dialogue,
    FirstUse,
    RequestKey,
    SignOfLife,
    VanishingMessage,
)
from taskbot.domain.access_token import new_secret
from taskbot.domain.task import Task
from taskbot.domain.undo import Undo, UndoableVerb

DATABASES = ["sqlite", "postgresql"]
_T = TypeVar("_T")


@contextlib.contextmanager
def _database(backend: str, folder: Path) -> Iterator[str]:
    """An empty, migrated one."""
    require(backend)
    if backend == "sqlite":
        folder.mkdir()
        yield migrated_sqlite(folder)
        return
    with fresh_migrated_database() as url:
        yield url


@pytest.fixture(params=DATABASES)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with _database(request.param, tmp_path / "source") as url:
        yield url


@pytest.fixture(params=DATABASES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with _database(request.param, tmp_path / "target") as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "taskbot.backup"


def _in(url: str, work: Callable[[Storage], Awaitable[_T]]) -> _T:
    async def opened() -> _T:
        database = create_database(url)
        try:
            return await work(sql_storage(database))
        finally:
            await database.dispose()

    return asyncio.run(opened())


def _fill(url: str, secret: str | None = None) -> Task:
    """Something in every table; give the task."""
    owner = a_user()
    category = a_category(owner_id=owner.id, emoji="🏠")
    task = a_task(owner_id=owner.id, category_id=category.id, title="Купить молока")
    account = an_admin_account()

    async def fill(storage: Storage) -> None:
        await storage.keep(
            owner, category, task, a_reminder_of(task), an_access_token(secret, owner_id=owner.id)
        )
        await storage.keep(account, an_admin_session(account), an_invitation(account))
        await storage.transactions.run(
            lambda uow: uow.undos.keep(task.id, verb=UndoableVerb.DELETE, now=NOW)
        )
        await storage.dialogues.write("1:2", Dialogue("title", {"title": 'a "quote" \\ é'}))
        await storage.api_tokens.write(7, "sealed", ttl=timedelta(days=1))
        await storage.vanishing.add(VanishingMessage(7, 1, NOW))
        requests = storage.idempotency(ManualClock(NOW))
        use = await requests.begin(RequestKey(owner.id, "a key"), bytes(32))
        assert isinstance(use, FirstUse)
        await requests.finish(use, b"\0\xff answer")
        await storage.update_log.begin(1, now=NOW)
        await storage.keys.secret("tests")
        alert = Alert(AlertKind.DEAD_LETTER, "no route", "reminder 1")
        await storage.transactions.run(lambda uow: uow.alerts.add(alert, now=NOW))
        await storage.transactions.run(lambda uow: uow.jobs.take("purge", now=NOW, next_at=NOW))
        await storage.transactions.run(lambda uow: uow.audit.add(an_audit_entry()))
        await storage.signs_of_life(ManualClock(NOW)).give(SignOfLife(a_process(), NOW))

    _in(url, fill)
    return task


def _contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as our types read them."""
    with operators_engine(url) as (_, engine), engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in tables.metadata.tables.items()
        }


def _travelling(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """What lets operators in without a password stays behind, and who was at work."""
    contents = _contents(url)
    assert all(contents.values())
    return contents | {"admin_sessions": [], "invitations": [], "signs_of_life": []}


def _lines(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


def _rewritten(file: Path, lines: list[bytes]) -> None:
    """As somebody would leave it who knows how to reckon a checksum."""
    body = lines[:-1]
    digest = hashlib.sha256(b"".join(body)).hexdigest()
    file.write_bytes(
        gzip.compress(b"".join([*body, json.dumps({"sha256": digest}).encode(), b"\n"]))
    )


def test_every_database_is_filled_from_every_other(source: str, target: str, file: Path) -> None:
    _fill(source)

    made = back_up(source, file)
    rows = restore(target, file)

    before = _travelling(source)
    assert _contents(target) == before
    assert made.rows == rows == sum(map(len, before.values()))
    assert made.bytes == file.stat().st_size


def test_what_can_be_undone_is_read_by_every_database(source: str, target: str, file: Path) -> None:
    task = _fill(source)
    back_up(source, file)
    restore(target, file)
    found: list[Undo | None] = []

    async def find(storage: Storage) -> None:
        found.append(await storage.transactions.run(lambda uow: uow.undos.find(task.id)))

    _in(source, find)
    _in(target, find)

    assert found[0] is not None
    assert found[0].task == task
    assert len(found[0].reminders) == 1
    assert found[1] == found[0]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize(("one", "other"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_whatever_people_store_comes_through(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, one: str, other: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    owner, category = data.draw(users()), data.draw(categories())
    reminder = data.draw(reminders())
    task = data.draw(tasks())
    with _database(one, folder / "one") as source, _database(other, folder / "other") as target:
        things = (
            owner,
            a_category(id=category.id, owner_id=owner.id, name=category.name, emoji=category.emoji),
            a_task(
                owner_id=owner.id,
                title=task.title,
                description=task.description,
                deadline=task.deadline,
                lead_times=task.lead_times,
            ),
        )
        due = a_reminder_of(things[2], last_error=reminder.last_error, fire_at=reminder.fire_at)
        _in(source, lambda storage: storage.keep(*things, due))

        back_up(source, folder / "file")
        restore(target, folder / "file")
        assert _contents(target) == _contents(source)


def test_an_empty_database_comes_through(source: str, target: str, file: Path) -> None:
    assert back_up(source, file).rows == 0
    assert restore(target, file) == 0


def test_a_token_and_a_promise_outlive_the_move(source: str, target: str, file: Path) -> None:
    secret = new_secret()
    task = _fill(source, secret)
    back_up(source, file)
    restore(target, file)

    async def look(storage: Storage) -> None:
        token = an_access_token(secret)
        assert await storage.queries.holder(token.digest) is not None
        assert await storage.queries.next_available_at() == NOW
        assert await storage.task(task.id) == task

    _in(target, look)


def test_a_database_without_a_schema_gets_one(source: str, file: Path, tmp_path: Path) -> None:
    _fill(source)
    back_up(source, file)
    new = f"sqlite:///{tmp_path / 'new.db'}"

    restore(new, file)

    assert _contents(new) == _travelling(source)


def test_a_backup_is_of_one_moment_although_people_go_on_writing(
    source: str, target: str, file: Path
) -> None:
    owner = a_user()
    written = 0

    async def write_on(storage: Storage, copied: asyncio.Event) -> None:
        nonlocal written
        while not copied.is_set():
            task = a_task(owner_id=owner.id)
            await storage.keep(task, a_reminder_of(task), a_reminder_of(task))
            written += 1

    async def has_begun() -> bool:
        return written > 20

    async def back_up_meanwhile(storage: Storage) -> None:
        await storage.keep(owner)
        copied = asyncio.Event()
        writing = asyncio.create_task(write_on(storage, copied))
        await eventually(has_begun)
        for _ in range(3):
            await asyncio.to_thread(back_up, source, file, overwrite=True)
        copied.set()
        await writing

    _in(source, back_up_meanwhile)
    restore(target, file)

    found = _contents(target)
    assert 20 < len(found["tasks"]) <= written
    assert len(found["reminders"]) == 2 * len(found["tasks"])


def test_a_file_is_for_its_owner_alone_and_is_not_overwritten_unasked(
    source: str, file: Path
) -> None:
    back_up(source, file)
    first = file.read_bytes()
    _fill(source)

    with pytest.raises(BackupError, match="exists already"):
        back_up(source, file)

    assert file.read_bytes() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    back_up(source, file, overwrite=True)
    assert file.read_bytes() != first
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]


def test_a_place_that_cannot_be_written_is_named(source: str, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"nowhere.*No such file"):
        back_up(source, tmp_path / "nowhere" / "file")


def test_people_who_are_there_already_are_not_replaced_unasked(
    source: str, target: str, file: Path
) -> None:
    _fill(source)
    back_up(source, file)
    _fill(target)
    before = _contents(target)

    with pytest.raises(BackupError, match="not empty"):
        restore(target, file)
    assert _contents(target) == before

    restore(target, file, replace=True)
    assert _contents(target) == _travelling(source)
    assert _is_guarded(target)


def test_a_damaged_file_replaces_nobody(source: str, target: str, file: Path) -> None:
    _fill(source)
    back_up(source, file)
    file.write_bytes(file.read_bytes()[:-40])
    _fill(target)
    before = _contents(target)

    with pytest.raises(BackupError, match="damaged"):
        restore(target, file, replace=True)

    assert _contents(target) == before
    assert _is_guarded(target)


def _is_guarded(url: str) -> bool:
    """Whether entries of the audit log stay, as ever."""
    with operators_engine(url) as (dialect, engine):
        writing = engine.execution_options(**dialect.writing_options())
        try:
            with writing.begin() as connection:
                connection.execute(delete(tables.audit_entries))
        except IntegrityError:
            return True
    return False


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small backup."""
    folder = tmp_path_factory.mktemp("whole")
    with _database("sqlite", folder / "source") as url:
        _fill(url)
        back_up(url, folder / "file")
    return (folder / "file").read_bytes()


def _require_refused(folder: Path, damaged: bytes) -> None:
    (folder / "file").write_bytes(damaged)
    with _database("sqlite", folder / "target") as target:
        with pytest.raises(BackupError):
            restore(target, folder / "file")
        assert not any(_contents(target).values())


@settings(max_examples=100)
@given(place=st.integers(0, 10**6))
def test_a_file_that_is_cut_short_anywhere_is_refused(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, place: int
) -> None:
    _require_refused(tmp_path_factory.mktemp("cut"), whole[: place % len(whole)])


@settings(max_examples=150)
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_file_with_any_bit_flipped_is_refused_or_says_the_same(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= 1 << bit
    with contextlib.suppress(OSError, EOFError, zlib.error):
        if gzip.decompress(damaged) == gzip.decompress(whole):
            return  # in the head of gzip some bits mean nothing
    _require_refused(tmp_path_factory.mktemp("flipped"), bytes(damaged))


@pytest.mark.parametrize(
    "contents",
    [b"", b"not a backup", gzip.compress(b""), gzip.compress(b"{}\n"), gzip.compress(b"[1]\n")],
    ids=["empty", "text", "packed nothing", "packed object", "packed list"],
)
def test_what_is_no_backup_is_refused(contents: bytes, file: Path, tmp_path: Path) -> None:
    file.write_bytes(contents)

    with pytest.raises(BackupError):
        restore(migrated_sqlite(tmp_path), file)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    file: Path, tmp_path: Path
) -> None:
    file.write_bytes(gzip.compress(b"[" * (1 << 27)))

    with pytest.raises(BackupError):
        restore(migrated_sqlite(tmp_path), file)


def _with_header(**changes: Any) -> Callable[[list[bytes]], None]:
    def change(lines: list[bytes]) -> None:
        lines[0] = json.dumps(json.loads(lines[0]) | changes).encode() + b"\n"

    return change


def _replaced(old: bytes, new: bytes) -> Callable[[list[bytes]], None]:
    def change(lines: list[bytes]) -> None:
        assert any(old in line for line in lines)
        lines[1:] = [line.replace(old, new, 1) for line in lines[1:]]

    return change


def _without_last_table(lines: list[bytes]) -> None:
    place = max(place for place, line in enumerate(lines) if line.startswith(b'{"table"'))
    del lines[place:-1]


@pytest.mark.parametrize("backend", DATABASES)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_with_header(version=2), "version 2"),
        (_with_header(schema="9999"), "newer release"),
        (_with_header(format="other"), "not a backup"),
        (_with_header(rows={}), "not one of ours"),
        (
            _replaced(b'"table":"updates"', b'"table":"updates; DROP TABLE users"'),
            "not one of ours",
        ),
        (_replaced(b'["step","text"]', b'["step, key","text"]'), "not ours"),
        (_replaced(b'["step","text"]', b'["step","colour"]'), "damaged"),
        (_without_last_table, "what its beginning says"),
        (_replaced(b'"2100-03-15T12:00:00.000000Z"', b'"soon"'), "make no sense"),
        (_replaced(b'"Europe/Moscow"', b"7, 7"), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_somebody_wrote_into_it_is_looked_at(
    backend: str,
    change: Callable[[list[bytes]], None],
    reason: str,
    whole: bytes,
    file: Path,
    tmp_path: Path,
) -> None:
    file.write_bytes(whole)
    lines = _lines(file)
    change(lines)
    _rewritten(file, lines)

    with _database(backend, tmp_path / "target") as target:
        with pytest.raises(BackupError, match=reason):
            restore(target, file)
        assert not any(_contents(target).values())


def _as_written_at(revision: str, lines: list[bytes], folder: Path) -> list[bytes]:
    """The backup as a release of that time would have written it."""
    url = f"sqlite:///{folder / 'old.db'}"
    migrate(url, revision)
    with operators_engine(url) as (_, engine):
        inspector = inspect(engine)
        columns = {
            name: [column["name"] for column in inspector.get_columns(name)]
            for name in inspector.get_table_names()
        }
    header = json.loads(lines[0])
    header["schema"] = revision
    header["rows"] = {name: rows for name, rows in header["rows"].items() if name in columns}
    kept: list[Any] = [header]
    places: list[int] | None = None
    for line in map(json.loads, lines[1:]):
        if isinstance(line, dict) and "table" in line:
            known = columns.get(line["table"])
            names = [name for name, _ in line["columns"]]
            places = None if known is None else [n for n, one in enumerate(names) if one in known]
            if places is not None:
                kept.append(line | {"columns": [line["columns"][n] for n in places]})
        elif isinstance(line, list) and places is not None:
            kept.append([line[n] for n in places])
        elif isinstance(line, dict):
            kept.append(line)
    return [json.dumps(line).encode() + b"\n" for line in kept]


@pytest.mark.parametrize("backend", DATABASES)
def test_a_backup_of_an_older_release_is_restored_and_brought_up_to_date(
    backend: str, whole: bytes, file: Path, tmp_path: Path
) -> None:
    file.write_bytes(whole)
    _rewritten(file, _as_written_at("0001", _lines(file), tmp_path))

    with _database(backend, tmp_path / "target") as target:
        restore(target, file)

        contents = _contents(target)
        (task,), (reminder,) = contents["tasks"], contents["reminders"]
        assert task[-1] == " куп молок"
        assert reminder[-3:] == (False, False, None)
        with operators_engine(target) as (_, engine):
            assert "signing_keys" in inspect(engine).get_table_names()


def test_the_file_says_what_it_is_to_ordinary_tools(source: str, file: Path) -> None:
    _fill(source)
    back_up(source, file)

    header = json.loads(_lines(file)[0])

    assert header["format"] == FORMAT
    assert header["schema"] == HEAD
    assert header["rows"]["tasks"] == 1
    assert any("Купить молока".encode() in line for line in _lines(file))


def test_every_column_has_a_kind() -> None:
    for table in tables.metadata.tables.values():
        for column in table.columns:
            assert kind_of(column)
