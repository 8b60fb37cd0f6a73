"""The command line. A command loads what it needs when it runs: none waits for another's."""

import asyncio
import importlib.metadata
import sys
from datetime import datetime
from pathlib import Path

import click

from taskbot.entrypoints.admin import admin
from taskbot.entrypoints.commands import (
    one_line_for_what_the_operator_can_mend,
    settings_or_exit,
)
from taskbot.entrypoints.dead_letters import dead_letters
from taskbot.entrypoints.doctor.command import doctor
from taskbot.entrypoints.processes import run
from taskbot.entrypoints.settings import settings_help

# ruff: noqa: PLC0415 - see above


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(importlib.metadata.version("taskbot"), prog_name="taskbot")
def main() -> None:
    """Run taskbot, a self-hosted task manager whose face is a Telegram bot."""


@main.command()
def up() -> None:
    """Run everything in one process: API, bot, scheduler and delivery.

    Without TASKBOT_BOT_TOKEN a simulator stands in for Telegram, with a page to chat in.
    """
    from taskbot.entrypoints.up import up as run_all

    settings = settings_or_exit("up")
    with one_line_for_what_the_operator_can_mend(settings):
        status = run(run_all(settings))
    sys.exit(status)


@main.command()
def api() -> None:
    """Run the REST API alone.

    On PostgreSQL the schema must be there: run `taskbot migrate` before.
    """
    from taskbot.entrypoints.api import serve_api

    settings = settings_or_exit("api")
    with one_line_for_what_the_operator_can_mend(settings):
        status = run(serve_api(settings))
    sys.exit(status)


@main.command()
@click.option(
    "--api-url", help="work over the REST API there, without the database  [TASKBOT_API_URL]"
)
@click.option(
    "--webhook",
    "is_called",
    is_flag=True,
    help="have Telegram call TASKBOT_WEBHOOK_URL; then there may be any number of copies",
)
def bot(api_url: str | None, *, is_called: bool) -> None:
    """Run the conversations alone; one copy, for it asks Telegram for news."""
    from taskbot.entrypoints.roles.bot import converse, converse_over_api

    settings = settings_or_exit("bot", api_url=api_url)
    with one_line_for_what_the_operator_can_mend(settings):
        talk = converse if settings.api_url is None else converse_over_api
        status = run(talk(settings, is_called=is_called))
    sys.exit(status)


@main.command()
def scheduler() -> None:
    """Claim due reminders and ring for the workers; any number of copies."""
    from taskbot.entrypoints.roles.scheduler import schedule

    settings = settings_or_exit("scheduler")
    with one_line_for_what_the_operator_can_mend(settings):
        status = run(schedule(settings))
    sys.exit(status)


@main.command()
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    help="reminders that one process sends at the same time  [default: 16]",
)
@click.option(
    "--queues",
    multiple=True,
    help="reminders, alerts, maintenance, or some of them with commas  [default: all]",
)
# How a worker with several processes starts each of them.
@click.option("--is-part", is_flag=True, hidden=True)
@click.option("--metrics-socket", type=click.Path(path_type=Path), hidden=True)
def worker(
    *,
    processes: int,
    threads: int | None,
    queues: tuple[str, ...],
    is_part: bool,
    metrics_socket: Path | None,
) -> None:
    """Send reminders; any number of copies, they share Telegram's limits."""
    from taskbot.application.delivery import AT_A_TIME
    from taskbot.entrypoints.roles.worker import chosen_queues, work

    settings = settings_or_exit("worker")
    with one_line_for_what_the_operator_can_mend(settings):
        chosen = chosen_queues(queues)
        status = work(
            settings,
            processes=processes,
            threads=threads or AT_A_TIME,
            queues=chosen,
            is_part=is_part,
            metrics_socket=metrics_socket,
        )
    sys.exit(status)


@main.command()
def simulator() -> None:
    """Run the Telegram simulator alone; it accepts any well-formed bot token."""
    from taskbot.entrypoints.simulator import simulate

    settings = settings_or_exit("simulator")
    with one_line_for_what_the_operator_can_mend(settings):
        status = run(simulate(settings))
    sys.exit(status)


@main.command()
def migrate() -> None:
    """Create the database's schema, or bring it up to date."""
    from taskbot.adapters.persistence import migrate as migrate_database
    from taskbot.entrypoints.database import prepare_database

    settings = settings_or_exit()
    with one_line_for_what_the_operator_can_mend(settings):
        prepare_database(settings, migrate_database)
    click.echo("The schema is up to date.", err=True)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="take the place of a file of that name")
def backup(file: Path, *, overwrite: bool) -> None:
    """Write everything into FILE, while taskbot goes on working.

    The file fits any database of taskbot: see restore. It has all that people wrote; only its
    owner may read it.
    """
    from taskbot.entrypoints.backup import back_up_to

    settings = settings_or_exit()
    with one_line_for_what_the_operator_can_mend(settings):
        made = back_up_to(settings, file, overwrite=overwrite)
    click.echo(f"{made.rows:,} rows are in {file} ({made.bytes / 2**20:,.1f} MiB).", err=True)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="take the place of what is in the database")
def restore(file: Path, *, replace: bool) -> None:
    """Fill the database from FILE, which backup made of this or another database.

    Stop taskbot before. To move from SQLite to PostgreSQL: backup, set TASKBOT_DATABASE_URL,
    restore.
    """
    from taskbot.entrypoints.backup import restore_from

    settings = settings_or_exit()
    with one_line_for_what_the_operator_can_mend(settings):
        rows = restore_from(settings, file, replace=replace)
    click.echo(f"{rows:,} rows were restored.", err=True)


@main.command("seed-data")
@click.option("--tasks", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--people", type=click.IntRange(min=1), help="[default: one for each hundred tasks]")
@click.option(
    "--seed",
    type=click.IntRange(0, 999),
    default=1,
    show_default=True,
    help="another number makes other people",
)
@click.option("--at", type=click.DateTime(), help="the present of these people [default: today]")
@click.option("--beside-others", is_flag=True, help="add them although there are people already")
def seed_data(
    tasks: int, people: int | None, seed: int, at: datetime | None, *, beside_others: bool
) -> None:
    """Fill the database with made-up people and tasks, the same for the same options.

    For machines to measure and to try things on: nobody real gets their reminders.
    """
    from taskbot.entrypoints.seed_data import seed_data as fill

    settings = settings_or_exit()
    with one_line_for_what_the_operator_can_mend(settings):
        fill(settings, tasks=tasks, people=people, number=seed, at=at, beside_others=beside_others)
    click.echo(f"{tasks:,} tasks were added.", err=True)


@main.command()
def health() -> None:
    """Say how the process is that runs with the same TASKBOT_HEARTBEAT_FILE.

    The exit status is 0 if it can do its work, else 1; the reasons are on standard output.
    """
    from taskbot.adapters.clock import SystemClock
    from taskbot.entrypoints.heartbeat import problems_of

    file = settings_or_exit().heartbeat_file
    if file is None:
        raise click.ClickException("TASKBOT_HEARTBEAT_FILE is not set: there is nothing to look at")
    problems = list(problems_of(file, SystemClock().now()))
    click.echo("\n".join(problems) or "all is well")
    sys.exit(1 if problems else 0)


@main.command()
def settings() -> None:
    """List every setting with its default and its meaning."""
    click.echo(settings_help())


@main.command("alert-test")
def alert_test() -> None:
    """Send a test by every way on which the operator is to be told of trouble."""
    from taskbot.entrypoints.alert_test import test_alerts

    settings = settings_or_exit()
    with one_line_for_what_the_operator_can_mend(settings):
        problems = asyncio.run(test_alerts(settings))
    if not problems:
        raise click.ClickException(
            "no way is set up: see TASKBOT_ALERT_CHAT_ID and TASKBOT_ALERT_EMAIL"
        )
    for name, problem in problems.items():
        click.echo(f"{name}: {problem or 'sent'}")
    sys.exit(1 if any(problems.values()) else 0)


main.add_command(admin)
main.add_command(dead_letters)
main.add_command(doctor)


@main.group()
def token() -> None:
    """Access tokens for the API."""


@token.command("create")
@click.option("--telegram-id", type=click.IntRange(1, 2**52 - 1), required=True)
@click.option("--name", default="command line", show_default=True, help="to tell it from others")
@click.option(
    "--operator",
    "for_operator",
    is_flag=True,
    help="good for dead letters and metrics, and for nothing else",
)
def create_token(telegram_id: int, name: str, *, for_operator: bool) -> None:
    """Make an access token for a person, whom it registers if need be.

    Prints the secret alone on standard output, this once.
    """
    from taskbot.entrypoints.tokens import create_token as create

    settings = settings_or_exit()
    with one_line_for_what_the_operator_can_mend(settings):
        secret = asyncio.run(
            create(settings, telegram_id=telegram_id, name=name, for_operator=for_operator)
        )
    click.echo(secret)
