"""The operator's commands, on one file."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.backends import migrated_sqlite, sql_storage
from support.builders import NOW, a_reminder_of, a_task, a_user
from taskbot.adapters.persistence import create_database
from taskbot.application.delivery import AT_A_TIME
from taskbot.domain.access_token import Scope, digest_of
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.entrypoints.cli import main
from taskbot.entrypoints.roles.worker import chosen_queues

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASKBOT_DATABASE_URL", migrated_sqlite(tmp_path))

    def run(*command: str) -> Result:
        return CliRunner().invoke(main, command)

    return run


def _keep(folder: Path, number: int) -> list[Reminder]:
    """Leave so many dead letters in the file, and one reminder that is none."""
    owner = a_user()
    task = a_task(owner_id=owner.id, title="Divorce lawyer")
    dead = [a_reminder_of(task, attempt=3).give_up(error="no route") for _ in range(number)]

    async def keep() -> None:
        database = create_database(f"sqlite:///{folder / 'taskbot.db'}")
        await sql_storage(database).keep(owner, task, *dead, a_reminder_of(task))
        await database.dispose()

    asyncio.run(keep())
    return sorted(dead, key=lambda one: one.id)


def _state(folder: Path, reminder: Reminder) -> ReminderState:
    async def state() -> ReminderState:
        database = create_database(f"sqlite:///{folder / 'taskbot.db'}")
        found = await sql_storage(database).reminder(reminder.id)
        await database.dispose()
        return found.state

    return asyncio.run(state())


def _scopes(folder: Path, secret: str) -> frozenset[Scope]:
    async def scopes() -> frozenset[Scope]:
        database = create_database(f"sqlite:///{folder / 'taskbot.db'}")
        held = await sql_storage(database).queries.holder(digest_of(secret))
        await database.dispose()
        assert held is not None
        return held[0].scopes

    return asyncio.run(scopes())


def test_dead_letters_are_listed_one_a_line(run: Run, tmp_path: Path) -> None:
    dead = _keep(tmp_path, 2)

    listed = run("dead-letters", "list")

    assert listed.exit_code == 0
    lines = listed.stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [str(one.id) for one in dead]
    assert lines[0].split("\t")[1:3] == [f"{NOW:%Y-%m-%d %H:%M:%S}Z", "3"]
    assert lines[0].endswith("\tno route")
    assert "Divorce" not in listed.output


def test_more_than_a_page_is_listed(run: Run, tmp_path: Path) -> None:
    _keep(tmp_path, 101)

    assert len(run("dead-letters", "list").stdout.splitlines()) == 101


def test_one_is_shown_without_what_the_person_wrote(run: Run, tmp_path: Path) -> None:
    (dead,) = _keep(tmp_path, 1)

    shown = run("dead-letters", "show", str(dead.id))

    assert shown.exit_code == 0
    assert f"reminder          {dead.id}" in shown.stdout
    assert "no route" in shown.stdout
    assert "Divorce" not in shown.output


def test_some_are_tried_anew_and_others_put_away(run: Run, tmp_path: Path) -> None:
    first, second, third = _keep(tmp_path, 3)

    retried = run("dead-letters", "retry", str(first.id))
    discarded = run("dead-letters", "discard", str(second.id))

    assert (retried.output, discarded.output) == ("1 will be tried anew.\n", "1 were put away.\n")
    assert _state(tmp_path, first) is ReminderState.PLANNED
    assert _state(tmp_path, second) is ReminderState.CANCELLED
    assert _state(tmp_path, third) is ReminderState.FAILED


def test_all_are_tried_anew(run: Run, tmp_path: Path) -> None:
    _keep(tmp_path, 3)

    assert run("dead-letters", "retry", "--all").output == "3 will be tried anew.\n"
    assert run("dead-letters", "discard", "--all").output == "0 were put away.\n"


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        (("retry",), 2, "name the reminders, or say --all"),
        (("discard", "--all", "01K2Y7T0ZK8Q4M6V3R9XWBN5HC"), 2, "name the reminders"),
        (("show", "nonsense"), 2, "'nonsense' is not the id of a reminder"),
        (("show", "01K2Y7T0ZK8Q4M6V3R9XWBN5HC"), 1, "there is no reminder"),
        (("retry", "01K2Y7T0ZK8Q4M6V3R9XWBN5HC"), 1, "there is no reminder"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    run: Run, command: tuple[str, ...], status: int, said: str
) -> None:
    ended = run("dead-letters", *command)

    assert ended.exit_code == status
    assert said in ended.output


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


@pytest.mark.parametrize(
    ("options", "scopes"),
    [
        ((), {Scope.TASKS_READ, Scope.TASKS_WRITE, Scope.ACCOUNT}),
        (("--operator",), {Scope.OPERATOR}),
    ],
)
def test_a_token_is_an_operators_only_if_that_is_said(
    run: Run, tmp_path: Path, options: tuple[str, ...], scopes: set[Scope]
) -> None:
    made = run("token", "create", "--telegram-id", "101", *options)

    assert made.exit_code == 0
    assert _scopes(tmp_path, made.stdout.strip()) == scopes


def test_a_queue_that_there_is_not_is_named(run: Run) -> None:
    ended = run("worker", "--queues", "reminders,parcels")

    assert ended.exit_code == 2
    assert "there is no queue 'parcels', but reminders, alerts, maintenance" in ended.output


def test_queues_can_be_named_one_by_one_or_with_commas() -> None:
    assert chosen_queues(["reminders, alerts", "maintenance"]) == [
        "reminders",
        "alerts",
        "maintenance",
    ]
    assert chosen_queues([]) is None


def test_the_help_says_how_many_reminders_a_worker_sends_at_a_time(run: Run) -> None:
    assert f"at the same time [default: {AT_A_TIME}]" in " ".join(
        run("worker", "--help").output.split()
    )
