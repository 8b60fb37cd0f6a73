"""The simulator's memory on disk: one SQLite file, written through before a call is answered."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (file_id TEXT PRIMARY KEY, content BLOB NOT NULL);
"""


class Storage:
    """Records by kind and key, and the contents of files. Without a *path* it lives in memory.

    A committed change survives the death of the process (not of the machine: the log is not
    synced each time, which a stand-in for tests and demos can afford).
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def open(self) -> None:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path or ":memory:", check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(SCHEMA)
        self._connection = connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.commit()
            self._connection.close()
            self._connection = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the simulator's storage is not open")
        return self._connection

    def load(self, kind: str) -> Iterator[dict[str, Any]]:
        rows = self._open.execute("SELECT body FROM records WHERE kind = ?", (kind,))
        for (body,) in rows:
            yield json.loads(body)

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        self._open.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (kind, key, json.dumps(body))
        )

    def remove(self, kind: str, key: str) -> None:
        self._open.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))

    def put_content(self, file_id: str, content: bytes) -> None:
        self._open.execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", (file_id, content))

    def content(self, file_id: str) -> bytes | None:
        row = self._open.execute(
            "SELECT content FROM contents WHERE file_id = ?", (file_id,)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def commit(self) -> None:
        if self._open.in_transaction:
            self._open.commit()

    def clear(self) -> None:
        self._open.execute("DELETE FROM records")
        self._open.execute("DELETE FROM contents")
        self.commit()
