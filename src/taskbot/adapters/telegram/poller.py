"""Receiving updates by long polling: handled first, confirmed then.

aiogram's own polling confirms updates before they are handled: a process that dies loses them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from itertools import groupby
from typing import Any, Final, TypeVar

from aiogram import Bot, Dispatcher
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetUpdates
from aiogram.types import Update
from aiogram.utils.backoff import Backoff, BackoffConfig
from attrs import define, field
from pydantic import ValidationError

from taskbot.adapters.telegram.journal import coming_from
from taskbot.adapters.telegram.webhook_address import CONNECTIONS
from taskbot.application.health import Rounds

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
BATCH: Final = 100
"""As many updates as Telegram gives at once."""

_REJECTED_PAUSE_SECONDS: Final = 60.0
_CONFIRM_SECONDS: Final = 2.0


@define(kw_only=True)
class PollingLimits:
    """Seconds.

    `wait`: how long Telegram may hold a call until there is something. `answer`: how much longer
    the call may take. `handling`: after so long an update is given up. `finishing`: how long what
    is being handled may take once the process is to stop.
    """

    wait: int = 25
    answer: float = 10.0
    handling: float = 30.0
    finishing: float = 2.0


@define
class Poller:
    """Fetches updates in batches; within a batch each person has a lane.

    A lane is worked off in order, some of them side by side: as many updates are at work as a
    webhook would be brought, and the time that one may take begins when it is begun. The next
    batch is asked for, and this one thereby confirmed, when all of it was handled: what a dying
    process leaves comes again.
    *rounds* hears of each time that Telegram answered.
    """

    _bot: Bot
    _dispatcher: Dispatcher
    _limits: PollingLimits = field(factory=PollingLimits)
    _backoff: Backoff = field(
        factory=lambda: Backoff(
            BackoffConfig(min_delay=0.5, max_delay=15.0, factor=1.6, jitter=0.2)
        )
    )
    _rounds: Rounds | None = None
    _places: asyncio.Semaphore = field(factory=lambda: asyncio.Semaphore(CONNECTIONS), init=False)
    _offset: int | None = None
    _confirmed: int | None = None
    _trouble: str | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until *stop* is set; what is being handled then is finished and confirmed."""
        while not stop.is_set():
            updates = await self._next_batch(stop)
            if updates:
                await self._handle_batch(updates, stop)
        await self._confirm()

    async def _next_batch(self, stop: asyncio.Event) -> Sequence[Update]:
        """The next updates; none if *stop* was set meanwhile, or there was trouble."""
        try:
            updates = await _unless(stop, self._fetch())
        except Exception as error:  # noqa: BLE001 - whatever it is: try again
            await _unless(stop, asyncio.sleep(await self._trouble_with(error)))
            return ()
        if updates is None:
            return ()
        self._recovered()
        return updates

    async def _fetch(self) -> Sequence[Update]:
        call = GetUpdates(
            offset=self._offset,
            limit=BATCH,
            timeout=self._limits.wait,
            allowed_updates=self._dispatcher.resolve_used_update_types(),
        )
        seconds = self._limits.wait + self._limits.answer
        self._confirmed = self._offset  # by the call itself, whether or not it is waited for
        try:
            return await self._bot(call, request_timeout=int(seconds))
        except ClientDecodeError as error:
            return self._readable(error)
        except Exception:
            self._confirmed = None
            raise

    def _readable(self, error: ClientDecodeError) -> Sequence[Update]:
        """One update that aiogram cannot read must not keep the others from being read."""
        raw = error.data.get("result") if isinstance(error.data, dict) else None
        if not isinstance(raw, list) or not raw:
            raise error
        updates = []
        for one in raw:
            try:
                updates.append(Update.model_validate(one, context={"bot": self._bot}))
            except ValidationError:
                update_id = int(one["update_id"])
                _log.error("update %s cannot be read and is left out", update_id)
                updates.append(Update(update_id=update_id))
        return updates

    async def _trouble_with(self, error: Exception) -> float:
        """Log *error*, the first of its kind in a row at least; return the seconds to wait.

        Its own text stays out: it may hold the address, and the address the token.
        """
        match error:
            case TelegramRetryAfter():
                return float(error.retry_after)
            case TelegramUnauthorizedError():
                self._log_trouble(logging.ERROR, "Telegram does not accept the bot's token")
                return _REJECTED_PAUSE_SECONDS
            case TelegramConflictError() if "webhook" in error.message:
                self._log_trouble(
                    logging.WARNING, "a webhook was set for this bot: it is removed, to poll"
                )
                await self._remove_webhook()
            case TelegramConflictError():
                self._log_trouble(
                    logging.ERROR,
                    "another process receives this bot's updates: only one may, stop the other",
                )
            case _:
                cause = type(error.__cause__ or error).__name__
                self._log_trouble(logging.WARNING, f"no updates from Telegram ({cause})")
        return next(self._backoff)

    async def _remove_webhook(self) -> None:
        try:
            await self._bot.delete_webhook()
        except Exception as error:  # noqa: BLE001 - it is tried again at the next conflict
            _log.warning("the webhook could not be removed: %s", type(error).__name__)

    def _log_trouble(self, level: int, message: str) -> None:
        _log.log(logging.DEBUG if message == self._trouble else level, message)
        self._trouble = message

    def _recovered(self) -> None:
        if self._trouble is not None:
            _log.info("updates come from Telegram again")
        self._trouble = None
        self._backoff.reset()
        if self._rounds is not None:
            self._rounds.finish()

    async def _handle_batch(self, updates: Sequence[Update], stop: asyncio.Event) -> None:
        handled: set[int] = set()
        by_person = sorted(updates, key=_person_of)  # stable: a person's updates keep their order
        lanes = [
            asyncio.create_task(self._work_off(list(lane), handled, stop))
            for _, lane in groupby(by_person, key=_person_of)
        ]
        try:
            await _finished(lanes, stop, self._limits.finishing)
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)
            left = [one.update_id for one in updates if one.update_id not in handled]
            self._offset = min(left, default=updates[-1].update_id + 1)

    async def _work_off(
        self, lane: Sequence[Update], handled: set[int], stop: asyncio.Event
    ) -> None:
        for update in lane:
            async with self._places:
                if stop.is_set():
                    return
                with coming_from(update):
                    await self._handle(update)
            handled.add(update.update_id)

    async def _handle(self, update: Update) -> None:
        try:
            async with asyncio.timeout(self._limits.handling):
                await self._dispatcher.feed_update(self._bot, update)
        except TimeoutError:
            _log.error("update %s took too long and was given up", update.update_id)
        except Exception:  # noqa: BLE001 - one update must not stop the others
            _log.exception("update %s failed", update.update_id)

    async def _confirm(self) -> None:
        """Tell Telegram what was handled: the next process need not look at it again.

        Not twice: Telegram lets a call with the same offset wait (three seconds).
        """
        if self._offset == self._confirmed:
            return
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                await self._bot(GetUpdates(offset=self._offset, limit=1, timeout=0))
        except Exception as error:  # noqa: BLE001 - they are known if they come again
            _log.info("the last updates could not be confirmed: %s", type(error).__name__)


def _person_of(update: Update) -> int:
    """Whose lane it is; 0 for what is nobody's."""
    for event in (
        update.message,
        update.callback_query,
        update.inline_query,
        update.my_chat_member,
    ):
        if event is not None and event.from_user is not None:
            return event.from_user.id
    return 0


async def _unless(stop: asyncio.Event, work: Awaitable[_T]) -> _T | None:
    """The result of *work*; None, and *work* is cancelled, if *stop* is set before."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        working.cancel()
        stopping.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


async def _finished(
    lanes: Sequence[asyncio.Task[Any]], stop: asyncio.Event, patience: float
) -> None:
    """Wait for *lanes*; once *stop* is set, *patience* seconds more at most."""
    stopping = asyncio.create_task(stop.wait())
    try:
        pending: set[asyncio.Task[Any]] = set(lanes)
        while pending and not stop.is_set():
            _, rest = await asyncio.wait({*pending, stopping}, return_when=asyncio.FIRST_COMPLETED)
            pending = rest - {stopping}
        if pending:
            await asyncio.wait(pending, timeout=patience)
    finally:
        stopping.cancel()
