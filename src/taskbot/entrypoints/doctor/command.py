"""`taskbot doctor`."""

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from taskbot.application.doctor import Doctor, Report

# ruff: noqa: PLC0415 - a command loads what it needs when it runs

_FAILED: Final = 1
_WARNED: Final = 3
"""Not 2: that is what a wrong option ends with."""


@click.command()
@click.option("--json", "is_json", is_flag=True, help="print one object, for programs")
@click.option("--strict", is_flag=True, help="end with 3 where there are warnings, but no failures")
def doctor(*, is_json: bool, strict: bool) -> None:
    """Look at everything that taskbot stands on; say what is wrong and what mends it.

    Configuration, files, database and its schema, Redis, clocks, Telegram and the webhook, alerts
    and mail, and whether reminders get through. It takes up to ten seconds and changes nothing.

    The exit status is 0 if everything works, warnings or not, and 1 if something failed.
    """
    from taskbot.application.doctor import Verdict
    from taskbot.entrypoints.doctor.examinations import doctor_of_what_is_set
    from taskbot.entrypoints.doctor.report import as_json, as_text
    from taskbot.entrypoints.processes import run

    # What libraries and the loop say of what was given up may have secrets in it.
    logging.getLogger().addHandler(logging.NullHandler())
    report = run(_quietly(doctor_of_what_is_set()))
    shown = as_json(report) if is_json else as_text(report, has_signs=_shows_signs())
    click.echo(_fitting(shown))
    match report.verdict:
        case Verdict.FAILED:
            sys.exit(_FAILED)
        case Verdict.WARNING if strict:
            sys.exit(_WARNED)


async def _quietly(doctor: "Doctor") -> "Report":
    """What an examination no longer waits for may fail afterwards: nobody wants to know."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    return await doctor.examine()


def _encoding() -> str:
    return sys.stdout.encoding or "ascii"


def _shows_signs() -> bool:
    try:
        "✓✗".encode(_encoding())
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _fitting(text: str) -> str:
    """A name of a file may hold what the terminal cannot show; that is no reason to fail."""
    return text.encode(_encoding(), "backslashreplace").decode(_encoding())
