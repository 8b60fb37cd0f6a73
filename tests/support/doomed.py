"""`python -m support.doomed ROLE POINT KILLS`: processes of ROLE, each of which is to be killed.

They are forked, one after the other, from one that has loaded everything: so a kill costs no
start. Each kills itself (SIGKILL) when it comes to POINT; at `written` and `unanswered` it is
the test that kills it, for only Telegram's side knows that it has come so far.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import click
from dramatiq.brokers.redis import _RedisConsumer

from support.altered import alter
from taskbot.adapters.persistence.reminders import SqlReminders
from taskbot.adapters.queue.between_processes import DramatiqReminderQueue
from taskbot.adapters.queue.free_hands import FreeHands
from taskbot.adapters.telegram import TelegramNotifier
from taskbot.entrypoints.commands import settings_or_exit
from taskbot.entrypoints.processes import run
from taskbot.entrypoints.roles.scheduler import schedule
from taskbot.entrypoints.roles.worker import work


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_after(owner: Any, name: str, *, when: Callable[[Any], bool] = lambda _: True) -> None:
    original = getattr(owner, name)

    async def call(*args: Any, **kwargs: Any) -> Any:
        result = await original(*args, **kwargs)
        if when(result):
            _die()
        return result

    setattr(owner, name, call)


def _die_before(owner: Any, name: str) -> None:
    async def call(*_: Any, **__: Any) -> None:
        _die()

    setattr(owner, name, call)


def _die_before_ringing() -> None:
    original = DramatiqReminderQueue.enqueue

    async def enqueue(self: DramatiqReminderQueue, claims: Sequence[Any]) -> None:
        if claims:
            _die()
        await original(self, claims)

    DramatiqReminderQueue.enqueue = enqueue  # type: ignore[method-assign]


def _die_after_acknowledging() -> None:
    original = _RedisConsumer.ack

    def ack(self: _RedisConsumer, message: Any) -> None:
        original(self, message)  # type: ignore[no-untyped-call]
        _die()

    _RedisConsumer.ack = ack  # type: ignore[method-assign]


_POINTS: dict[str, Callable[[], None]] = {
    "unclaimed": lambda: _die_after(SqlReminders, "claim_due", when=bool),
    "claimed": _die_before_ringing,
    "sending": lambda: _die_before(TelegramNotifier, "send"),
    "written": lambda: None,
    "unanswered": lambda: None,
    "answered": lambda: _die_after(TelegramNotifier, "send"),
    "recorded": lambda: _die_after(FreeHands, "_run"),
    "acknowledged": _die_after_acknowledging,
}


def _live(role: str) -> None:
    settings = settings_or_exit()
    if role == "scheduler":
        run(schedule(settings))
    else:
        work(settings, processes=1, threads=1, queues=None)


def main(role: str, point: str, kills: int) -> None:
    alter()
    _POINTS[point]()
    click.echo("ready")
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            _live(role)
            os._exit(1)
        click.echo(f"started {child}")
        _, status = os.waitpid(child, 0)
        click.echo(f"ended {child} {os.waitstatus_to_exitcode(status)} {time.time()}")
    click.echo("all ended")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
