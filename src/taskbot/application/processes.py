"""The signs of life of this very process."""

import logging

from attrs import frozen

from taskbot.application.ports import Clock, Process, SignOfLife, SignsOfLife, StorageUnavailable

_log = logging.getLogger(__name__)


@frozen
class Pulse:
    """A storage that fails costs a sign of life, and nothing else."""

    _process: Process
    _signs_of_life: SignsOfLife
    _clock: Clock

    async def beat(self) -> None:
        try:
            await self._signs_of_life.give(SignOfLife(self._process, self._clock.now()))
        except StorageUnavailable as error:
            _log.warning("no sign of life could be given: %s", error)

    async def end(self) -> None:
        """It ends in order: nobody is to wait for another sign."""
        try:
            await self._signs_of_life.end(self._process.name)
        except StorageUnavailable as error:
            _log.warning("the end could not be told: %s", error)
