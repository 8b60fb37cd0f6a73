"""`taskbot admin`, on one file: accounts are made, seen and changed."""

import asyncio
import os
import pty
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from click.testing import CliRunner, Result

from support.admin_accounts import OTHER_PASSWORD, PASSWORD
from support.backends import Storage, migrated_sqlite, sql_storage
from support.builders import NOW, an_admin_account
from support.core import a_core
from taskbot.adapters.passwords import Argon2Passwords
from taskbot.adapters.persistence import create_database
from taskbot.application.ports import AuditQuery
from taskbot.domain.admin_session import admin_digest
from taskbot.domain.operator import Role
from taskbot.entrypoints.admin_links import public_address
from taskbot.entrypoints.cli import main
from taskbot.entrypoints.settings import read_settings

Run = Callable[..., Result]
_T = TypeVar("_T")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASKBOT_DATABASE_URL", migrated_sqlite(tmp_path))

    def run(*command: str, said: str | None = None) -> Result:
        return CliRunner().invoke(main, ["admin", *command], input=said)

    return run


def _in(folder: Path, work: Callable[[Storage], Awaitable[_T]]) -> _T:
    async def opened() -> _T:
        database = create_database(f"sqlite:///{folder / 'taskbot.db'}")
        try:
            return await work(sql_storage(database))
        finally:
            await database.dispose()

    return asyncio.run(opened())


def _sign_in(folder: Path, name: str, password: str = PASSWORD) -> None:
    async def sign_in(storage: Storage) -> None:
        core = a_core(
            transactions=storage.transactions,
            queries=storage.queries,
            passwords=Argon2Passwords(),
        )
        await core.admin_sign_in.sign_in(name, password, client="192.0.2.7")

    _in(folder, sign_in)


def _link_in(result: Result) -> str:
    (link,) = result.stdout.splitlines()
    assert re.fullmatch(r"http://127\.0\.0\.1:8080/admin/invitation#[\w-]{43}", link)
    return link.partition("#")[2]


def test_a_password_is_taken_from_the_input(run: Run, tmp_path: Path) -> None:
    made = run(
        *("create-user", "Ann", "--role", "editor", "--password-stdin"), said=f"{PASSWORD}\r\n"
    )

    assert (made.exit_code, made.stdout) == (0, "")
    assert made.stderr == "ann can sign in as editor.\n"
    _sign_in(tmp_path, "ann")


@pytest.mark.slow
def test_a_password_is_asked_for_twice_on_a_terminal_and_not_shown(
    run: Run, tmp_path: Path
) -> None:
    said = _at_a_terminal(
        ["create-user", "ann", "--role", "viewer"], [PASSWORD, OTHER_PASSWORD, PASSWORD, PASSWORD]
    )

    assert "do not match" in said
    assert "ann can sign in as viewer." in said
    assert PASSWORD not in said
    _sign_in(tmp_path, "ann")


def _at_a_terminal(command: list[str], answers: list[str]) -> str:
    """Run the command on a terminal of its own, answering its questions; give what it showed."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "taskbot", "admin", *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, waiting = "", iter(answers)
    with os.fdopen(ours, "r+b", buffering=0) as screen:
        while True:
            try:
                shown += screen.read(1000).decode()
            except OSError:  # how Linux says that nobody is left at the other end
                break
            if shown.endswith(": "):
                shown += "\n"
                screen.write(next(waiting).encode() + b"\n")
    assert program.wait(timeout=60) == 0, shown
    return shown


def test_a_link_stands_alone_on_the_output_and_lets_choose_a_password(
    run: Run, tmp_path: Path
) -> None:
    made = run("create-user", "ann", "--role", "editor", "--link")

    secret = _link_in(made)
    assert made.stderr == "Whoever opens it chooses the password of ann.\n"
    invited = _in(tmp_path, lambda storage: storage.queries.invitation(admin_digest(secret)))
    assert invited is not None
    assert invited[1] is not None
    assert (invited[1].name, invited[1].role) == ("ann", Role.EDITOR)


def test_another_link_makes_the_one_before_void(run: Run, tmp_path: Path) -> None:
    first = _link_in(run("create-user", "ann", "--role", "editor", "--link"))
    second = _link_in(run("link", "ANN"))

    async def is_kept(storage: Storage) -> list[bool]:
        found = [
            await storage.queries.invitation(admin_digest(secret)) for secret in (first, second)
        ]
        return [one is not None for one in found]

    assert _in(tmp_path, is_kept) == [False, True]


def test_accounts_are_listed_one_a_line_without_anything_secret(run: Run, tmp_path: Path) -> None:
    accounts = [
        an_admin_account(name="bob", role=Role.VIEWER, password_hash=None),
        an_admin_account(name="ann", signed_in_at=NOW, signed_in_from="192.0.2.7"),
        an_admin_account(name="eve", active=False),
    ]
    _in(tmp_path, lambda storage: storage.keep(*accounts))

    listed = run("list-users")

    assert listed.stderr == "3 admin accounts.\n"
    assert listed.stdout.splitlines() == [
        "ann\teditor\tactive\t2100-03-15 12:00:00Z",
        "bob\tviewer\twithout password\tnever",
        "eve\teditor\tdeactivated\tnever",
    ]


def test_roles_change_and_accounts_come_and_go_on_the_record(run: Run, tmp_path: Path) -> None:
    for name in ("ann", "bob"):
        run("create-user", name, "--role", "editor", "--link")
    _in(tmp_path, lambda storage: storage.keep(an_admin_account()))

    said = [
        run("set-role", "Bob", "viewer").output,
        run("deactivate", "bob").output,
        run("reactivate", "bob").output,
    ]

    assert said == [
        "The role of bob is viewer.\n",
        "bob is deactivated.\n",
        "bob is active again.\n",
    ]
    entries = _in(tmp_path, lambda storage: storage.queries.audit_entries(AuditQuery()))
    assert {one.operator for one in entries} == {"command line"}
    assert [one.verb for one in entries][::-1] == [
        *("account.create", "account.invite") * 2,
        "account.role",
        "account.deactivate",
        "account.reactivate",
    ]


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        (("create-user", "a b", "--role", "viewer", "--link"), 1, "a name has 1 to 64"),
        (("create-user", "ann", "--role", "viewer", "--link"), 1, "account ann already"),
        (("create-user", "bob", "--role", "viewer", "--password-stdin"), 1, "at least 12"),
        (("create-user", "bob", "--role", "viewer"), 2, "no terminal to ask at"),
        (("create-user", "bob", "--role", "king", "--link"), 2, "'king' is not one of"),
        (("create-user", "bob", "--link"), 2, "Missing option '--role'"),
        (("create-user", "x", "--role", "viewer", "--link", "--password-stdin"), 2, "not both"),
        (("link", "nobody"), 1, "there is no admin account nobody"),
        (("deactivate", "ann"), 1, "no editor who can sign in would be left"),
        (("set-role", "ann", "viewer"), 1, "no editor who can sign in would be left"),
        (("reactivate", "nobody"), 1, "there is no admin account nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    run: Run, tmp_path: Path, command: tuple[str, ...], status: int, said: str
) -> None:
    _in(tmp_path, lambda storage: storage.keep(an_admin_account(name="ann")))

    ended = run(*command, said="too short\n")

    assert ended.exit_code == status
    assert ended.stdout == ""
    assert said in ended.stderr
    assert "too short" not in ended.output


def test_a_link_needs_a_port_that_is_known(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKBOT_PORT", "0")

    ended = run("create-user", "ann", "--role", "editor", "--link")

    assert ended.exit_code == 1
    assert "TASKBOT_PUBLIC_URL: is needed" in ended.output
    assert run("list-users").stdout == ""


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"TASKBOT_HOST": "0.0.0.0", "TASKBOT_PORT": "80"}, "http://127.0.0.1:80"),
        ({"TASKBOT_HOST": "::1"}, "http://[::1]:8080"),
        ({"TASKBOT_PUBLIC_URL": "https://tasks.example.org/"}, "https://tasks.example.org"),
        (
            {"TASKBOT_PUBLIC_URL": "https://[::1]:8443", "TASKBOT_PORT": "0"},
            "https://[::1]:8443",
        ),
    ],
)
def test_links_lead_where_browsers_find_the_panel(settings: dict[str, str], address: str) -> None:
    assert public_address(read_settings(settings)) == address
