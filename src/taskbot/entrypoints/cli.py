"""The command line."""

import asyncio
import importlib.metadata
import logging
import sys

import click

from taskbot.entrypoints.logs import configure_logging
from taskbot.entrypoints.processes import run
from taskbot.entrypoints.settings import BadSetting, Settings, read_settings, settings_help

_log = logging.getLogger(__name__)


def _settings() -> Settings:
    """Read the settings, or end with one line that names the variable at fault."""
    try:
        settings = read_settings()
    except BadSetting as refusal:
        raise click.ClickException(str(refusal)) from None
    configure_logging(settings)
    return settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(importlib.metadata.version("taskbot"), prog_name="taskbot")
def main() -> None:
    """Run taskbot, a self-hosted task manager whose face is a Telegram bot."""


@main.command()
def up() -> None:
    """Run everything in one process: API, bot, scheduler and delivery.

    Without TASKBOT_BOT_TOKEN a simulator stands in for Telegram, with a page to chat in.
    """
    from taskbot.entrypoints.up import up as run_all  # noqa: PLC0415 - a command loads its own
    from taskbot.entrypoints.web_server import AddressTaken  # noqa: PLC0415 - as above

    settings = _settings()
    try:
        status = run(run_all(settings))
    except (AddressTaken, BadSetting) as refusal:
        raise click.ClickException(str(refusal)) from None
    sys.exit(status)


@main.command()
def simulator() -> None:
    """Run the Telegram simulator alone; it accepts any well-formed bot token."""
    from taskbot.entrypoints.simulator import simulate  # noqa: PLC0415 - a command loads its own
    from taskbot.entrypoints.web_server import AddressTaken  # noqa: PLC0415 - as above

    settings = _settings()
    try:
        status = run(simulate(settings))
    except AddressTaken as refusal:
        raise click.ClickException(str(refusal)) from None
    sys.exit(status)


@main.command()
def migrate() -> None:
    """Create the database's schema, or bring it up to date."""
    from taskbot.adapters.persistence import migrate as migrate_database  # noqa: PLC0415

    settings = _settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate_database(settings.database)
    click.echo("The schema is up to date.", err=True)


@main.command()
def settings() -> None:
    """List every setting with its default and its meaning."""
    click.echo(settings_help())


@main.group()
def token() -> None:
    """Access tokens for the API."""


@token.command("create")
@click.option("--telegram-id", type=click.IntRange(1, 2**52 - 1), required=True)
@click.option("--name", default="command line", show_default=True, help="to tell it from others")
def create_token(telegram_id: int, name: str) -> None:
    """Make an access token for a person, whom it registers if need be.

    Prints the secret alone on standard output, this once.
    """
    from taskbot.entrypoints.tokens import create_token as create  # noqa: PLC0415

    click.echo(asyncio.run(create(_settings(), telegram_id=telegram_id, name=name)))
