"""Who may read what, and what cannot be written."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from taskbot.adapters.doctor import FileExamination
from taskbot.application.doctor import ProblemKind, Verdict


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One that everybody may enter, as pytest's own is not."""
    made = tmp_path / "a place"
    made.mkdir(mode=0o755)
    return made


def a_file(path: Path, mode: int) -> Path:
    path.touch()
    path.chmod(mode)
    return path


def told(folder: Path, **more: Any) -> list[tuple[ProblemKind, str | None, Verdict]]:
    given: dict[str, Any] = {"env_file": folder / ".env", "has_secrets": True} | more
    seen = asyncio.run(FileExamination(**given).look())
    return [(one.kind, one.remedy, one.verdict) for one in seen.problems]


def test_what_is_not_there_is_no_problem(folder: Path) -> None:
    assert told(folder, data_dir=folder / "data", database=folder / "data" / "x") == []


def test_an_env_file_with_secrets_is_for_its_owner_alone(folder: Path) -> None:
    env_file = a_file(folder / ".env", 0o644)

    assert told(folder) == [
        (ProblemKind.READABLE_BY_OTHERS, f"chmod 600 '{env_file}'", Verdict.FAILED)
    ]
    env_file.chmod(0o640)
    assert told(folder) == []


def test_an_env_file_without_secrets_may_be_read(folder: Path) -> None:
    a_file(folder / ".env", 0o644)

    assert told(folder, has_secrets=False) == []


def test_a_secret_in_a_file_is_kept_by_the_file_or_by_its_folder(folder: Path) -> None:
    secret = a_file(folder / "token", 0o444)
    (problem,) = told(folder, secret_files=(secret,))

    folder.chmod(0o700)

    assert problem == (ProblemKind.READABLE_BY_OTHERS, f"chmod 600 '{secret}'", Verdict.FAILED)
    assert told(folder, secret_files=(secret,)) == []


def test_a_database_that_everybody_can_read_is_a_warning(folder: Path) -> None:
    database = a_file(folder / "taskbot.sqlite3", 0o644)
    (problem,) = told(folder, database=database)

    folder.chmod(0o700)

    assert problem == (ProblemKind.READABLE_BY_OTHERS, f"chmod 700 '{folder}'", Verdict.WARNING)
    assert told(folder, database=database) == []


def test_logs_that_everybody_can_read_are_a_warning(folder: Path) -> None:
    log = a_file(folder / "up.log.1", 0o644)

    assert told(folder, log_dir=folder) == [
        (ProblemKind.READABLE_BY_OTHERS, f"chmod 640 '{log}'", Verdict.WARNING)
    ]


@pytest.mark.parametrize("setting", ["data_dir", "log_dir"])
def test_a_folder_that_cannot_be_made_is_a_failure(folder: Path, setting: str) -> None:
    in_the_way = a_file(folder / "file", 0o600)
    wanted = in_the_way / "below"

    assert told(folder, **{setting: wanted}) == [
        (ProblemKind.NOT_WRITABLE, f"chown \"$(id -un)\" '{wanted}'", Verdict.FAILED)
    ]


def test_the_folder_of_the_heartbeat_is_looked_at(folder: Path) -> None:
    in_the_way = a_file(folder / "file", 0o600)

    (problem,) = told(folder, heartbeat_file=in_the_way / "heartbeat")

    assert problem[0] is ProblemKind.NOT_WRITABLE


def test_looking_makes_nothing(folder: Path) -> None:
    told(folder, data_dir=folder / "data", log_dir=folder / "logs")

    assert list(folder.iterdir()) == []
