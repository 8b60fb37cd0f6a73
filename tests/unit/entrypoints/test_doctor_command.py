"""`taskbot doctor`, as it is run and read."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from support import canaries
from support.ports import a_free_port
from taskbot.adapters.persistence import migrate
from taskbot.entrypoints.cli import main
from taskbot.entrypoints.doctor.configuration import secret_settings

CANARY = "canary-of-the-doctor"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which it is run, without any setting from outside."""
    for name in list(_environment()):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = list(root.handlers)
    yield tmp_path
    root.handlers[:] = before


def _environment() -> list[str]:
    import os  # noqa: PLC0415 - for this alone

    return [name for name in os.environ if name.startswith("TASKBOT_")]


def run(*arguments: str, **settings: str) -> Result:
    variables = {f"TASKBOT_{name.upper()}": value for name, value in settings.items()}
    result = CliRunner().invoke(main, ["doctor", *arguments], env=variables)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def checks(**settings: str) -> dict[str, Any]:
    result = run("--json", **settings)
    return {one["name"]: one for one in json.loads(result.stdout)["checks"]}


def kinds(check: dict[str, Any]) -> list[str]:
    return [problem["kind"] for problem in check["problems"]]


@pytest.mark.usefixtures("here")
def test_before_the_first_start_it_says_how_to_begin_and_makes_nothing(here: Path) -> None:
    result = run()

    assert result.exit_code == 1
    assert "There is no database yet" in result.stdout
    assert "taskbot migrate" in result.stdout
    assert list(here.iterdir()) == []


def test_strictness_makes_no_warning_of_a_failure(here: Path) -> None:
    migrate(f"sqlite:///{here}/taskbot.sqlite3")

    found = checks(data_dir=str(here), prot="80")

    assert found["schema"]["verdict"] == "ok"
    assert found["configuration"]["verdict"] == "warning"
    assert kinds(found["reminders"]) == ["part-missing"]
    assert run("--strict", data_dir=str(here), prot="80").exit_code == 1


def test_json_has_every_check_with_what_is_wrong_and_what_mends_it(here: Path) -> None:
    result = run("--json")

    report = json.loads(result.stdout)
    assert (report["format"], report["verdict"]) == (1, "failed")
    assert [one["name"] for one in report["checks"]] == [
        *("configuration", "files", "database", "schema", "redis", "api", "clock"),
        *("telegram", "webhook", "alerts", "mail", "reminders", "canary"),
    ]
    by_name = {one["name"]: one for one in report["checks"]}
    assert by_name["database"]["problems"] == [
        {
            "kind": "no-database",
            "verdict": "failed",
            "text": f"There is no database yet: {here}/data/taskbot.sqlite3 does not exist.",
            "advice": "Is the folder the right one? A new database is made by:",
            "remedy": "taskbot migrate",
        }
    ]
    assert by_name["redis"]["skipped"] == {
        "reason": "not-set",
        "text": "TASKBOT_REDIS_URL is not set",
    }


@pytest.mark.usefixtures("here")
def test_each_setting_that_is_refused_is_named_and_the_rest_is_looked_at() -> None:
    found = checks(
        port="http",
        redis_url="redis://:change-me@127.0.0.1/0",
        prot="8080",
        alert_email="op@example.org",
    )

    texts = [problem["text"] for problem in found["configuration"]["problems"]]
    assert [text.partition(":")[0] for text in texts] == [
        "TASKBOT_PORT",
        "TASKBOT_REDIS_URL",
        "TASKBOT_SMTP_URL",
        "TASKBOT_PROT is set, but there is no such setting.",
    ]
    assert found["configuration"]["problems"][3]["remedy"] == "TASKBOT_PORT"
    assert found["redis"]["skipped"]["reason"] == "setting-refused"
    assert kinds(found["database"]) == ["no-database"]


@pytest.mark.usefixtures("here")
def test_a_refused_database_is_not_taken_for_the_usual_file() -> None:
    found = checks(database_url="mysql://db/tasks")

    for name in ("database", "schema", "reminders"):
        assert found[name]["skipped"]["reason"] == "setting-refused", name


def test_an_env_file_that_cannot_be_read_is_a_finding(here: Path) -> None:
    (here / ".env").write_bytes(b"TASKBOT_PORT=\xff\xfe")

    found = checks()

    reason = "it cannot be read: it is no text in UTF-8"
    assert found["configuration"]["problems"][0]["text"] == f".env: {reason}"


def test_an_env_file_with_secrets_that_everybody_can_read_is_a_failure(here: Path) -> None:
    env_file = here / ".env"
    env_file.write_text("TASKBOT_WEBHOOK_SECRET=abcdefgh\n")
    env_file.chmod(0o644)

    assert checks()["files"]["problems"][0]["remedy"] == "chmod 600 .env"
    assert run().exit_code == 1


@pytest.mark.usefixtures("here")
def test_a_bot_over_the_api_is_asked_for_what_it_has() -> None:
    found = checks(api_url=f"http://127.0.0.1:{a_free_port()}")

    assert kinds(found["api"]) == ["api-away"]
    for name in ("database", "schema", "alerts", "reminders"):
        assert found[name]["skipped"]["reason"] == "over-api", name


def test_no_secret_is_ever_shown(here: Path) -> None:
    port = a_free_port()
    secrets = {
        "database_url": f"postgresql://taskbot:{CANARY}@127.0.0.1:{port}/tasks",
        "redis_url": f"redis://:{CANARY}@127.0.0.1:{port}/0",
        "bot_token": f"123456789:{CANARY}",
        "telegram_api_url": f"http://127.0.0.1:{port}",
        "webhook_secret": CANARY,
        "webhook_url": "https://bot.example.org/telegram",
        "smtp_url": f"smtp://taskbot:{CANARY}@127.0.0.1:{port}",
        "sentry_dsn": f"https://{CANARY}@127.0.0.1:{port}/1",
        "alert_email": "op@example.org",
        "alert_chat_id": "7",
    }
    assert set(secret_settings()) <= set(secrets)

    with canaries.let_out():
        results = [run(**secrets), run("--json", **secrets)]
        wrong = {f"{name}_file": value for name, value in secrets.items() if CANARY in value}
        results += [run(**wrong), run("--json", **wrong)]
        refused = {name: f"{CANARY} {value}" for name, value in secrets.items()}
        results += [run(**refused), run("--json", **refused)]

    for result in results[:2] + results[4:]:
        assert CANARY not in result.output
    for result in results[2:4]:  # a secret where the name of a file should be, as far as it shows
        assert f":{CANARY}" not in result.output


def test_a_password_that_is_the_users_name_hides_nothing_else(here: Path) -> None:
    (here / ".env").touch(mode=0o644)
    address = f"127.0.0.1:{a_free_port()}/taskbot"

    found = checks(database_url=f"postgresql://taskbot:taskbot@{address}")

    assert found["database"]["facts"]["name"] == "127.0.0.1/taskbot"
    assert found["files"]["verdict"] == "ok"  # the secret is not in that file


def test_a_terminal_that_knows_ascii_alone_is_told_all_the_same(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "дом").mkdir()
    monkeypatch.chdir(here / "дом")

    result = CliRunner(charset="ascii").invoke(main, ["doctor"])

    assert result.exit_code == 1
    assert "FAIL" in result.output
    assert "\\u0434" in result.output
