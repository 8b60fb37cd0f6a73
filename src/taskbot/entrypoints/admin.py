"""`taskbot admin`: who may sign in to the panel."""

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from taskbot.domain.operator import COMMAND_LINE, Role
from taskbot.entrypoints.commands import (
    one_line_for_what_the_operator_can_mend,
    run_on_database,
    settings_or_exit,
)
from taskbot.entrypoints.settings import Settings

if TYPE_CHECKING:
    from taskbot.application.admin_accounts import AdminAccountService
    from taskbot.domain.admin_account import AdminAccount

# ruff: noqa: PLC0415 - a command loads what it needs when it runs

_T = TypeVar("_T")
_ROLES = click.Choice([role.value for role in Role])


@click.group()
def admin() -> None:
    """Accounts for the admin panel: who may sign in there, and as what."""


@admin.command("create-user")
@click.argument("name")
@click.option("--role", type=_ROLES, required=True, help="viewers see everything, editors mend it")
@click.option("--password-stdin", "from_stdin", is_flag=True, help="the first line of the input")
@click.option("--link", "by_link", is_flag=True, help="print a one-time link to choose it by")
def create_user(name: str, role: str, *, from_stdin: bool, by_link: bool) -> None:
    """Make an account that is called NAME. Asks for the password, twice.

    With --link prints the link alone on standard output; it is good once, for 24 hours.
    """
    if from_stdin and by_link:
        raise click.UsageError("--password-stdin or --link, not both")
    name, role = _usable_name(name), Role(role)
    settings = settings_or_exit()
    if by_link:
        base = _base_address(settings)
        secret = _run(settings, lambda accounts: _create_invited(accounts, name, role))
        _print_link(base, secret, name)
    else:
        password = _password(from_stdin=from_stdin)
        _run(settings, lambda accounts: accounts.create(name, role, password, by=COMMAND_LINE))
        click.echo(f"{name} can sign in as {role}.", err=True)


async def _create_invited(accounts: "AdminAccountService", name: str, role: Role) -> str:
    account = await accounts.create(name, role, None, by=COMMAND_LINE)
    return await accounts.invite(account.id, by=COMMAND_LINE)


def _usable_name(name: str) -> str:
    """Looked at before anybody has to think of a password."""
    from taskbot.domain.admin_account import admin_name
    from taskbot.domain.errors import AdminNameUnusable

    try:
        return admin_name(name)
    except AdminNameUnusable as refusal:
        raise click.ClickException(str(refusal)) from None


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("no terminal to ask at: --password-stdin, or --link")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return password


@admin.command("list-users")
def list_users() -> None:
    """List the accounts: name, role, whether they can be used, last sign-in."""
    accounts = _run(settings_or_exit(), lambda service: service.list())
    for account in accounts:
        click.echo("\t".join([account.name, account.role, _state(account), _last(account)]))
    click.echo(f"{len(accounts)} admin accounts.", err=True)


def _state(account: "AdminAccount") -> str:
    if not account.active:
        return "deactivated"
    return "active" if account.may_sign_in else "without password"


def _last(account: "AdminAccount") -> str:
    at = account.signed_in_at
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M:%S}Z"


@admin.command()
@click.argument("name")
def link(name: str) -> None:
    """Print a one-time link by which NAME chooses a new password, alone on standard output.

    It is good once, for 24 hours; the one before is void. Until it is used the old password stays.
    """
    settings = settings_or_exit()
    base = _base_address(settings)
    secret = _run(
        settings,
        lambda accounts: _found(
            accounts, name, lambda one: accounts.invite(one.id, by=COMMAND_LINE)
        ),
    )
    _print_link(base, secret, name)


@admin.command("set-role")
@click.argument("name")
@click.argument("role", type=_ROLES)
def set_role(name: str, role: str) -> None:
    """Make NAME a viewer or an editor."""
    account = _run(
        settings_or_exit(),
        lambda accounts: _found(
            accounts, name, lambda one: accounts.change_role(one.id, Role(role), by=COMMAND_LINE)
        ),
    )
    click.echo(f"The role of {account.name} is {account.role}.", err=True)


@admin.command()
@click.argument("name")
def deactivate(name: str) -> None:
    """Let nobody in as NAME any more; whoever is, is signed out."""
    account = _run(
        settings_or_exit(),
        lambda accounts: _found(
            accounts, name, lambda one: accounts.deactivate(one.id, by=COMMAND_LINE)
        ),
    )
    click.echo(f"{account.name} is deactivated.", err=True)


@admin.command()
@click.argument("name")
def reactivate(name: str) -> None:
    """Let NAME in again, by the old password."""
    account = _run(
        settings_or_exit(),
        lambda accounts: _found(
            accounts, name, lambda one: accounts.reactivate(one.id, by=COMMAND_LINE)
        ),
    )
    click.echo(f"{account.name} is active again.", err=True)


async def _found(
    accounts: "AdminAccountService",
    name: str,
    work: Callable[["AdminAccount"], Awaitable[_T]],
) -> _T:
    return await work(await accounts.find(name))


def _run(settings: Settings, work: Callable[["AdminAccountService"], Awaitable[_T]]) -> _T:
    return run_on_database(settings, lambda container: work(container.admin_accounts()))


def _base_address(settings: Settings) -> str:
    from taskbot.entrypoints.admin_links import public_address

    with one_line_for_what_the_operator_can_mend(settings):
        return public_address(settings)


def _print_link(base: str, secret: str, name: str) -> None:
    from taskbot.entrypoints.admin_links import invitation_link

    click.echo(invitation_link(base, secret))
    click.echo(f"Whoever opens it chooses the password of {name}.", err=True)
