"""Troubles: what is wrong with taskbot as a whole, told from its figures."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from attrs import frozen

from taskbot.application.figures import DeliveryHour
from taskbot.application.health import Finding
from taskbot.application.ports.processes import Part, SignOfLife
from taskbot.application.views import ReminderGauges

_LATELY: Final = 2
"""Hours, the running one included: what was late before is over."""
_TOLERATED: Final = 20
"""One late in so many: who comes back after a pause gets what was held, and that is late."""


class TroubleKind(StrEnum):
    UNUSABLE = "unusable"
    """What is looked at for health cannot be used; `about` has its name."""
    STALLED = "stalled"
    """Reminders are due and not delivered: `number`, the oldest for `age`."""
    PART_MISSING = "part-missing"
    """No process does `about`, a `Part`."""
    DEAD_LETTERS = "dead-letters"
    LATE = "late"
    """`number` were sent late lately."""
    SEVERAL_RELEASES = "several-releases"
    """Processes of different releases are at work; `about` has them, with commas."""


@frozen(kw_only=True)
class Trouble:
    """*is_grave*: people do not get what they were promised, or soon will not."""

    kind: TroubleKind
    is_grave: bool
    about: str = ""
    number: int = 0
    age: timedelta | None = None


def troubles(
    *,
    now: datetime,
    findings: Sequence[Finding],
    signs_of_life: Sequence[SignOfLife],
    gauges: ReminderGauges,
    hours: Sequence[DeliveryHour],
    stalled_after: timedelta,
) -> tuple[Trouble, ...]:
    """All that is wrong, the gravest first; nothing where all is well."""
    alive = [one for one in signs_of_life if one.is_alive(now=now)]
    found = [
        *_unusable(findings),
        *_stalled(gauges, stalled_after),
        *_missing(alive),
        *_mixed(alive),
        *_late(hours),
        *_dead(gauges),
    ]
    return tuple(sorted(found, key=lambda trouble: not trouble.is_grave))


def _unusable(findings: Sequence[Finding]) -> Iterator[Trouble]:
    for finding in findings:
        if finding.problem is not None:
            yield Trouble(kind=TroubleKind.UNUSABLE, is_grave=True, about=finding.name)


def _stalled(gauges: ReminderGauges, stalled_after: timedelta) -> Iterator[Trouble]:
    if gauges.oldest_due is not None and gauges.oldest_due > stalled_after:
        yield Trouble(
            kind=TroubleKind.STALLED, is_grave=True, number=gauges.due, age=gauges.oldest_due
        )


def _missing(alive: Sequence[SignOfLife]) -> Iterator[Trouble]:
    """A bot that works over the API gives no sign: so it may be there all the same."""
    for part, is_grave in ((Part.SCHEDULER, True), (Part.WORKER, True), (Part.BOT, False)):
        if not any(one.process.does(part) for one in alive):
            yield Trouble(kind=TroubleKind.PART_MISSING, is_grave=is_grave, about=part.value)


def _mixed(alive: Sequence[SignOfLife]) -> Iterator[Trouble]:
    releases = sorted({one.process.release for one in alive})
    if len(releases) > 1:
        yield Trouble(kind=TroubleKind.SEVERAL_RELEASES, is_grave=False, about=", ".join(releases))


def _late(hours: Sequence[DeliveryHour]) -> Iterator[Trouble]:
    lately = [hour.delivered for hour in hours[-_LATELY:]]
    late = sum(one.late for one in lately)
    if late * _TOLERATED > sum(one.sent for one in lately):
        yield Trouble(kind=TroubleKind.LATE, is_grave=False, number=late)


def _dead(gauges: ReminderGauges) -> Iterator[Trouble]:
    if gauges.dead_letters:
        yield Trouble(kind=TroubleKind.DEAD_LETTERS, is_grave=False, number=gauges.dead_letters)
