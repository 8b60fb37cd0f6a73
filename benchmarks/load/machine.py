"""On what a run took place."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg


def described(database_url: str) -> dict[str, Any]:
    with psycopg.connect(database_url) as connection:
        (server,) = connection.execute("SHOW server_version").fetchone() or ("",)
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": _said("git", "rev-parse", "--short", "HEAD"),
        "processors": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.system() + " " + platform.release(),
        "python": platform.python_version(),
        "postgresql": server.split(" ")[0],
        "taskbot": version("taskbot"),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()
