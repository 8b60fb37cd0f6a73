"""Whether reminders get from their plan to the person, for the doctor to tell."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from attrs import frozen

from taskbot.application.doctor import Area, Problem, ProblemKind, Reason, Seen, Skipped
from taskbot.application.ports import (
    Clock,
    OperatorQueries,
    Part,
    Queries,
    SignsOfLife,
    StorageUnavailable,
)
from taskbot.application.troubles import Trouble, TroubleKind, troubles

_SAME_IN_BOTH: Final = {
    TroubleKind.STALLED: ProblemKind.STALLED,
    TroubleKind.PART_MISSING: ProblemKind.PART_MISSING,
    TroubleKind.DEAD_LETTERS: ProblemKind.DEAD_LETTERS,
    TroubleKind.SEVERAL_RELEASES: ProblemKind.SEVERAL_RELEASES,
}


@frozen(kw_only=True)
class ReminderPath:
    """Tells it by who is at work and by what is waiting.

    *is_one_process*: `taskbot up` does everything here.
    """

    queries: Queries
    figures: OperatorQueries
    signs_of_life: SignsOfLife
    clock: Clock
    stalled_after: timedelta
    is_one_process: bool

    async def look(self) -> Seen:
        try:
            return await self._told_by_figures()
        except StorageUnavailable:
            raise Skipped(reason=Reason.NOT_ASKED, name=Area.DATABASE) from None

    async def _told_by_figures(self) -> Seen:
        now = self.clock.now()
        gauges = await self.queries.reminder_gauges(now=now)
        queue = await self.figures.queue_figures(now=now)
        signs = await self.signs_of_life.last_of_all()
        alive = [one.process for one in signs if one.is_alive(now=now)]
        facts: dict[str, str | float | None] = {
            f"processes_{part.value}": sum(one.part is part for one in alive) for part in Part
        }
        facts |= {
            "due": gauges.due,
            "oldest_due_seconds": (
                None if gauges.oldest_due is None else gauges.oldest_due.total_seconds()
            ),
            "queue": queue.claimable,
            "within_hour": queue.within_hour,
            "dead_letters": gauges.dead_letters,
        }
        found = troubles(
            now=now,
            findings=(),
            signs_of_life=signs,
            gauges=gauges,
            hours=(),
            stalled_after=self.stalled_after,
        )
        return Seen(facts, self._problems(found))

    def _problems(self, found: Sequence[Trouble]) -> list[Problem]:
        if self.is_one_process:  # one cause is told once
            missing = [one for one in found if one.kind is TroubleKind.PART_MISSING]
            found = [one for one in found if one not in missing[1:]]
        return [
            Problem(
                kind=_SAME_IN_BOTH[one.kind],
                values=self._values(one),
                remedy=self._remedy(one),
                is_grave=one.is_grave,
            )
            for one in found
        ]

    def _values(self, trouble: Trouble) -> dict[str, str]:
        about = trouble.about
        if trouble.kind is TroubleKind.PART_MISSING and self.is_one_process:
            about = Part.ALL.value
        age = "" if trouble.age is None else f"{trouble.age.total_seconds() / 60:.0f}"
        return {"about": about, "number": f"{trouble.number}", "minutes": age}

    def _remedy(self, trouble: Trouble) -> str | None:
        match trouble.kind:
            case TroubleKind.PART_MISSING:
                return "taskbot up" if self.is_one_process else f"taskbot {trouble.about}"
            case TroubleKind.DEAD_LETTERS:
                return "taskbot dead-letters list"
            case _:
                return None
