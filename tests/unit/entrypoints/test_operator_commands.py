"""The operator's commands, on one file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.backends import migrated_sqlite
from taskbot.entrypoints.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASKBOT_DATABASE_URL", migrated_sqlite(tmp_path))

    def run(*command: str) -> Result:
        return CliRunner().invoke(main, command)

    return run


def test_a_test_of_alerts_says_that_there_is_no_way(run: Run) -> None:
    ended = run("alert-test")

    assert ended.exit_code == 1
    assert "no way is set up" in ended.output


def test_a_test_of_alerts_names_what_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKBOT_ALERT_EMAIL", "operator@example.org")
    monkeypatch.setenv("TASKBOT_SMTP_URL", "smtp://127.0.0.1:1")

    ended = run("alert-test")

    assert ended.exit_code == 1
    assert ended.output.startswith("e-mail to operator@example.org: the mail server cannot be used")


def test_half_of_a_way_stops_every_process(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKBOT_ALERT_EMAIL", "operator@example.org")
    monkeypatch.setenv("TASKBOT_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("TASKBOT_BOT_TOKEN", "1:made-up")

    for role in ("up", "worker", "alert-test"):
        ended = run(role)

        assert ended.exit_code == 1
        assert ended.output == "Error: TASKBOT_SMTP_URL: is needed for alerts by e-mail\n"
