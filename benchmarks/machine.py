"""What it is measured on, and at which commit."""

import importlib.metadata
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
import redis
from psycopg.conninfo import conninfo_to_dict

from benchmarks.place import Place
from benchmarks.results import Machine

_PROJECT: Final = Path(__file__).parents[1]
_LIBRARIES: Final = (
    "aiogram",
    "aiohttp",
    "dramatiq",
    "litestar",
    "msgspec",
    "psycopg",
    "redis",
    "sqlalchemy",
    "uvicorn",
    "uvloop",
)
_MEASURED: Final = ("src", "benchmarks", "requirements.lock", "deploy/floors.lock")
_SETTINGS: Final = ("fsync", "synchronous_commit", "shared_buffers")


def describe(place: Place) -> Machine:
    options: dict[str, Any] = {**conninfo_to_dict(place.postgres_url)}
    with psycopg.connect(**options) as connection:
        settings = {name: _setting(connection, name) for name in (*_SETTINGS, "server_version")}
    with redis.Redis.from_url(place.redis_url) as client:
        info: Any = client.info("server")
    servers = {
        "PostgreSQL": settings.pop("server_version").split()[0],
        "Redis": str(info["redis_version"]),
    }
    return Machine(
        cpu=_first(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo")) or platform.machine(),
        cores=os.cpu_count() or 1,
        memory_mib=int(_first(r"^MemTotal:\s*(\d+)", Path("/proc/meminfo")) or 0) // 1024,
        kernel=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        versions=servers | {name: importlib.metadata.version(name) for name in _LIBRARIES},
        database_settings=settings,
    )


def commit() -> tuple[str, bool]:
    """The commit that is checked out, and whether what it is measured from differs from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--", *_MEASURED)
    return head or "unknown", bool(changed)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _setting(connection: psycopg.Connection[Any], name: str) -> str:
    found = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return "" if found is None else str(found[0])


def _first(pattern: str, file: Path) -> str | None:
    found = re.search(pattern, file.read_text(), re.MULTILINE) if file.exists() else None
    return None if found is None else found.group(1).strip()


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - wherever it is
            cwd=_PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip()
