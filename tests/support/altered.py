"""`python -m support.altered COMMAND…`: taskbot with a shorter patience, or a clock that jumps.

What is altered is said by variables:

ALTERED_LEASE        seconds of a lease
ALTERED_FAILURES     failures that are allowed
ALTERED_TIME_LIMIT   seconds that a delivery may take in a worker
ALTERED_CLOCK        a file with the seconds by which the clock is wrong
ALTERED_AT_WORK      seconds after which an update was cut short
ALTERED_POISON       reminders do as their titles say: raise, kill, hang
"""

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from taskbot.adapters import clock
from taskbot.adapters.queue import free_hands
from taskbot.application.ports import Notification, Receipt
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.entrypoints.cli import main
from taskbot.entrypoints.container import Container


def alter() -> None:
    changes: dict[str, object] = {}
    if lease := os.environ.get("ALTERED_LEASE"):
        changes["lease"] = timedelta(seconds=float(lease))
    if failures := os.environ.get("ALTERED_FAILURES"):
        changes["failures_allowed"] = int(failures)
    if changes:
        policy = DeliveryPolicy(**changes)  # type: ignore[arg-type] # each is of its own type
        Container.delivery_policy.set_provides(lambda: policy)
    if limit := os.environ.get("ALTERED_TIME_LIMIT"):
        vars(free_hands)["_LONGEST_SECONDS"] = float(limit)
    if file := os.environ.get("ALTERED_CLOCK"):
        _let_the_clock_be_wrong(Path(file))
    if at_work := os.environ.get("ALTERED_AT_WORK"):
        _let_updates_be_short(timedelta(seconds=float(at_work)))
    if os.environ.get("ALTERED_POISON"):
        _let_titles_be_obeyed()


def _let_the_clock_be_wrong(file: Path) -> None:
    def now(_: clock.SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))

    clock.SystemClock.now = now  # type: ignore[method-assign,assignment]


def _let_updates_be_short(at_work: timedelta) -> None:
    from taskbot.adapters.telegram import middlewares  # noqa: PLC0415 - takes seconds

    vars(middlewares)["MAY_STILL_BE_AT_WORK"] = at_work


def _let_titles_be_obeyed() -> None:
    from taskbot.adapters.telegram import TelegramNotifier  # noqa: PLC0415 - takes seconds

    send = TelegramNotifier.send

    async def obey(self: TelegramNotifier, notification: Notification) -> Receipt:
        titles = {notice.task.title for notice in notification.notices}
        if "raise" in titles:
            raise RuntimeError("a bug of ours")
        if "kill" in titles:
            os.kill(os.getpid(), signal.SIGKILL)
        if "hang" in titles:
            await asyncio.Event().wait()
        return await send(self, notification)

    TelegramNotifier.send = obey  # type: ignore[method-assign]


if __name__ == "__main__":
    alter()
    main()
