"""What the linters cannot say about the shape of the code."""

import ast
import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from attrs import has

import taskbot
from support.nursery import COUNTING
from taskbot.domain.errors import Conflict, DomainError, Forbidden, InvalidValue, NotFound

ROOT = Path(taskbot.__file__).parent
KINDS = (InvalidValue, NotFound, Forbidden, Conflict)
PROJECT = Path(__file__).parents[2]


def refusals() -> list[type[DomainError]]:
    """All of them; not what attrs made one with slots from, which stays until it is collected."""
    return [error for kind in KINDS for error in kind.__subclasses__() if has(cast("Any", error))]


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_every_refusal_has_one_kind_and_a_code_of_its_own() -> None:
    codes = [error.code for error in refusals()]

    assert set(DomainError.__subclasses__()) == set(KINDS)
    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and " " not in code for code in codes)


def test_every_invalid_value_names_its_field() -> None:
    assert all(error.field for error in refusals() if issubclass(error, InvalidValue))


@pytest.mark.parametrize(
    "module", modules("domain", "application"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_core_never_reads_a_clock_by_itself(module: Path) -> None:
    asked = {
        (call.func.value.id, call.func.attr)
        for call in ast.walk(ast.parse(module.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
    }

    for name in ("now", "utcnow", "today"):
        assert ("datetime", name) not in asked
        assert ("date", name) not in asked
    assert not {pair for pair in asked if pair[0] == "time"}


@pytest.mark.parametrize(
    "module",
    [*modules("."), *sorted((PROJECT / "benchmarks").rglob("*.py"))],
    ids=lambda path: "/".join(path.parts[-3:]),
)
def test_modules_stay_small_enough_to_be_read(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= 350
    assert module.stem not in {"utils", "helpers", "models", "constants", "common", "misc"}


@pytest.mark.parametrize(
    "module",
    [
        "taskbot.entrypoints.cli",
        "taskbot.entrypoints.container",
        "taskbot.entrypoints.tokens",
        "taskbot.adapters.api_client",
        "taskbot.adapters.http",
        "taskbot.adapters.persistence",
    ],
)
def test_what_does_not_talk_to_telegram_does_not_load_its_library(module: str) -> None:
    assert "aiogram" not in _loaded_by(module)


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (PROJECT / "requirements.lock").read_text()

    assert "--hash=sha256:" in lock
    assert "://" not in lock


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("taskbot.entrypoints.cli", "httpx"),
        ("taskbot.entrypoints.container", "taskbot.adapters.api_client"),
        ("taskbot.entrypoints.container", "PIL"),
        ("taskbot.entrypoints.bot_container", "PIL"),
        ("taskbot.entrypoints.api_bot_container", "PIL"),
        ("taskbot.entrypoints.bot_container", "taskbot.adapters.api_client"),
        ("taskbot.entrypoints.api_bot_container", "sqlalchemy"),
        ("taskbot.entrypoints.api_bot_container", "litestar"),
        ("taskbot.adapters.telegram.texts.reminders", "aiogram"),
        ("taskbot.adapters.telegram.texts.digests", "aiogram"),
    ],
)
def test_no_process_loads_what_it_does_not_use(module: str, unwanted: str) -> None:
    assert unwanted not in _loaded_by(module)


@functools.cache
def _loaded_by(module: str) -> frozenset[str]:
    """The names of all modules that are there once *module* is loaded, by itself."""
    look = f"import sys, {module}; print(*sys.modules)"
    uncounted = {name: value for name, value in os.environ.items() if name != COUNTING}
    loaded = subprocess.run(
        [sys.executable, "-c", look], check=True, capture_output=True, env=uncounted, timeout=60
    )
    return frozenset(loaded.stdout.decode().split())
