"""What all commands share: settings, and errors in one line."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import click

from taskbot.entrypoints.error_tracking import track_errors
from taskbot.entrypoints.logs import configure_logging
from taskbot.entrypoints.settings import BadSetting, Settings, database_name, read_settings

if TYPE_CHECKING:
    from taskbot.entrypoints.container import Container

# ruff: noqa: PLC0415 - a command loads what it needs when it runs

_T = TypeVar("_T")


def settings_or_exit(process: str | None = None, **options: str | None) -> Settings:
    """Read the settings, or end with one line that names the variable at fault.

    *options* of the command go before them. *process*: what kind it is, if it is there to stay:
    its log may have a file, and its errors be reported.
    """
    try:
        settings = read_settings(None, **options)
        configure_logging(settings, process)
        if process is not None:
            track_errors(settings, process)
    except BadSetting as refusal:
        raise click.ClickException(str(refusal)) from None
    return settings


@contextlib.contextmanager
def one_line_for_what_the_operator_can_mend(settings: Settings) -> Iterator[None]:
    from taskbot.adapters.persistence import SchemaOutdated
    from taskbot.adapters.persistence.backup import BackupError
    from taskbot.adapters.persistence.seed import NotEmpty
    from taskbot.application.ports import StorageUnavailable
    from taskbot.domain.errors import AccountBeingDeleted
    from taskbot.entrypoints.web_server import AddressTaken

    try:
        yield
    except StorageUnavailable as refusal:
        name = database_name(settings)
        raise click.ClickException(f"the database {name} cannot be used: {refusal}") from None
    except (
        AccountBeingDeleted,
        AddressTaken,
        BackupError,
        BadSetting,
        NotEmpty,
        SchemaOutdated,
    ) as refusal:
        raise click.ClickException(str(refusal)) from None


def run_on_database(settings: Settings, work: Callable[["Container"], Awaitable[_T]]) -> _T:
    """Do *work* on the database of the settings; what is refused ends the command in one line."""
    from taskbot.domain.errors import DomainError

    with one_line_for_what_the_operator_can_mend(settings):
        try:
            return asyncio.run(_on_database(settings, work))
        except DomainError as refusal:
            raise click.ClickException(str(refusal)) from None


async def _on_database(settings: Settings, work: Callable[["Container"], Awaitable[_T]]) -> _T:
    from taskbot.entrypoints.container import Container
    from taskbot.entrypoints.database import migrates_if_alone, prepare_database

    await asyncio.to_thread(prepare_database, settings, migrates_if_alone(settings))
    container = Container(settings=settings)
    try:
        return await work(container)
    finally:
        await container.database().dispose()
