"""`taskbot dead-letters`: reminders that were given up, to be looked at and decided on."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from taskbot.entrypoints.commands import run_on_database, settings_or_exit

if TYPE_CHECKING:
    from taskbot.application.dead_letters import DeadLetterService
    from taskbot.application.views import Letter
    from taskbot.domain.ids import ReminderId

# ruff: noqa: PLC0415 - a command loads what it needs when it runs

_T = TypeVar("_T")
_PAGE = 100


@click.group("dead-letters")
def dead_letters() -> None:
    """Reminders that were given up: list, show, retry, discard."""


@dead_letters.command("list")
def list_all() -> None:
    """List them, the earliest promise first: id, promised for, tries, person, what went wrong."""
    number = _run(_list)
    click.echo(f"{number} dead letters.", err=True)


async def _list(service: "DeadLetterService") -> int:
    number, place = 0, None
    while True:
        page = await service.page(limit=_PAGE, after=place)
        for letter in page.items:
            click.echo(_line(letter))
        number += len(page.items)
        place = page.following
        if place is None:
            return number


def _line(letter: "Letter") -> str:
    reminder = letter.reminder
    promised = f"{reminder.fire_at:%Y-%m-%d %H:%M:%S}Z"
    return "\t".join(
        [
            str(reminder.id),
            promised,
            str(reminder.attempt),
            str(letter.user.telegram_id),
            reminder.last_error or "",
        ]
    )


@dead_letters.command()
@click.argument("reminder")
def show(reminder: str) -> None:
    """Show all that is known about one; nothing of what the person wrote."""
    letter = _run(lambda service: service.get(_id(reminder)))
    one, user = letter.reminder, letter.user
    facts = {
        "reminder": one.id,
        "kind": one.kind,
        "promised for": f"{one.fire_at:%Y-%m-%d %H:%M:%S}Z",
        "planned at": f"{one.created_at:%Y-%m-%d %H:%M:%S}Z",
        "tries": one.attempt,
        "failures": one.failures,
        "unknown outcomes": one.uncertain,
        "last error": one.last_error or "",
        "task": f"{letter.task.id} ({letter.task.status})",
        "person": f"{user.id} (Telegram {user.telegram_id})",
    }
    width = max(map(len, facts))
    for name, value in facts.items():
        click.echo(f"{name:<{width}}  {value}")


@dead_letters.command()
@click.argument("reminders", nargs=-1)
@click.option("--all", "every", is_flag=True, help="all there are")
def retry(reminders: tuple[str, ...], *, every: bool) -> None:
    """Have REMINDERS tried anew, as if for the first time; who gets one is told how late it is."""
    number = _run(lambda service: _each(reminders, service.retry, service.retry_all, every=every))
    click.echo(f"{number} will be tried anew.")


@dead_letters.command()
@click.argument("reminders", nargs=-1)
@click.option("--all", "every", is_flag=True, help="all there are")
def discard(reminders: tuple[str, ...], *, every: bool) -> None:
    """Put REMINDERS away: nobody will be reminded by them."""
    number = _run(
        lambda service: _each(reminders, service.discard, service.discard_all, every=every)
    )
    click.echo(f"{number} were put away.")


async def _each(
    reminders: tuple[str, ...],
    do_one: Callable[["ReminderId"], Awaitable[object]],
    do_all: Callable[[], Awaitable[int]],
    *,
    every: bool,
) -> int:
    if every == bool(reminders):
        raise click.UsageError("name the reminders, or say --all")
    if every:
        return await do_all()
    for reminder_id in [_id(text) for text in reminders]:  # all of them read before one is done
        await do_one(reminder_id)
    return len(reminders)


def _id(text: str) -> "ReminderId":
    from ulid import ULID

    from taskbot.domain.ids import ReminderId

    try:
        return ReminderId(ULID.from_str(text))
    except ValueError:
        raise click.UsageError(f"{text!r} is not the id of a reminder") from None


def _run(work: Callable[["DeadLetterService"], Awaitable[_T]]) -> _T:
    return run_on_database(settings_or_exit(), lambda container: work(container.dead_letters()))
