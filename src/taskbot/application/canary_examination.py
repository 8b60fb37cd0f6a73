"""Whether a canary arrives, for the doctor to tell."""

from datetime import timedelta
from typing import Final

from attrs import frozen

from taskbot.application.canary import CanaryService
from taskbot.application.doctor import Problem, ProblemKind, Seen
from taskbot.application.ports import Clock

PATIENCE: Final = timedelta(seconds=6)
"""Where all is well one takes two or three."""
_LOOK_EVERY: Final = timedelta(seconds=0.2)


@frozen
class CanaryExamination:
    """Sends a canary, or waits for the one that is on its way."""

    _canary: CanaryService
    _clock: Clock

    async def look(self) -> Seen:
        until = self._clock.now() + PATIENCE
        task_id = await self._canary.send()
        while not await self._canary.has_arrived(task_id):
            if self._clock.now() >= until:
                waiting = (await self._canary.report()).waiting.total_seconds()
                values = {"seconds": f"{waiting:.0f}"}
                return Seen(problems=[Problem(kind=ProblemKind.CANARY_LOST, values=values)])
            await self._clock.sleep(_LOOK_EVERY)
        seconds = (await self._canary.report()).seconds
        return Seen({"arrived_after_seconds": None if seconds is None else round(seconds, 2)})
