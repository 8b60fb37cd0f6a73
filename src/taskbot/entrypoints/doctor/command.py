"""`taskbot doctor`."""

import sys
from typing import Final

import click

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

    report = run(doctor_of_what_is_set().examine())
    shown = as_json(report) if is_json else as_text(report, has_signs=_shows_signs())
    click.echo(_fitting(shown))
    match report.verdict:
        case Verdict.FAILED:
            sys.exit(_FAILED)
        case Verdict.WARNING if strict:
            sys.exit(_WARNED)


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
