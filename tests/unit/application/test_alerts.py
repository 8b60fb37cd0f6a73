"""Alerts: kept, told together, not told all day, and never in the way."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from attrs import Factory, define

from support.builders import NOW
from taskbot.adapters.memory import (
    ManualClock,
    MemoryDatabase,
    MemoryQueries,
    MemoryTransactions,
)
from taskbot.application.alerts import AT_ONCE, QUIET, AlertService
from taskbot.application.ports import Alert, AlertKind, AlertNotTold, StorageUnavailable, UnitOfWork

pytestmark = pytest.mark.anyio

_T = TypeVar("_T")

MINUTE = timedelta(minutes=1)
NO_ROUTE = Alert(AlertKind.DEAD_LETTER, "no route", "reminder 1")


@define
class Mailbox:
    name: str = "a mailbox"
    broken: bool = False
    messages: list[tuple[str, list[str]]] = Factory(list)

    async def tell(self, title: str, lines: list[str]) -> None:
        if self.broken:
            raise AlertNotTold("no route to the mailbox")
        self.messages.append((title, lines))


def _service(*mailboxes: Mailbox) -> tuple[AlertService, ManualClock]:
    clock, database = ManualClock(NOW), MemoryDatabase()
    return (
        AlertService(MemoryTransactions(database), MemoryQueries(database), clock, mailboxes),
        clock,
    )


async def test_an_alert_says_what_where_and_when() -> None:
    mailbox = Mailbox()
    alerts, _ = _service(mailbox)
    await alerts.send(NO_ROUTE)

    assert await alerts.tell() == 1

    (title, lines) = mailbox.messages[0]
    assert title == "taskbot: alert"
    assert lines == [
        "A reminder could not be delivered: no route · reminder 1 [2100-03-15 12:00 UTC]"
    ]


async def test_every_kind_has_its_words() -> None:
    mailbox = Mailbox()
    alerts, _ = _service(mailbox)
    for kind in AlertKind:
        await alerts.send(Alert(kind, "why"))

    assert await alerts.tell() == len(AlertKind)


async def test_many_alerts_are_one_message() -> None:
    mailbox = Mailbox()
    alerts, _ = _service(mailbox)
    for number in range(AT_ONCE + 5):
        for _ in range(3):
            await alerts.send(Alert(AlertKind.DEAD_LETTER, f"error {number}"))

    assert [await alerts.tell() for _ in range(3)] == [AT_ONCE, 5, 0]

    assert len(mailbox.messages) == 2
    assert all("(3 times)" in line for _, lines in mailbox.messages for line in lines)


async def test_the_same_thing_is_told_again_after_a_while_with_how_often_it_came() -> None:
    mailbox = Mailbox()
    alerts, clock = _service(mailbox)
    await alerts.send(NO_ROUTE)
    await alerts.tell()

    told = []
    for _ in range(QUIET // MINUTE):
        clock.advance(MINUTE)
        await alerts.send(NO_ROUTE)
        told.append(await alerts.tell())

    assert told == [0] * (len(told) - 1) + [1]
    assert f"({len(told)} times)" in mailbox.messages[-1][1][0]


async def test_something_else_is_told_at_once() -> None:
    mailbox = Mailbox()
    alerts, _ = _service(mailbox)
    await alerts.send(NO_ROUTE)
    await alerts.tell()

    await alerts.send(Alert(AlertKind.TOKEN_REJECTED, "401"))

    assert await alerts.tell() == 1


async def test_what_no_way_takes_stays_untold() -> None:
    mailbox = Mailbox(broken=True)
    alerts, _ = _service(mailbox)
    await alerts.send(NO_ROUTE)

    assert await alerts.tell() == 0
    mailbox.broken = False
    assert await alerts.tell() == 1


async def test_one_way_that_works_is_enough() -> None:
    broken, mailbox = Mailbox(broken=True), Mailbox(name="another")
    alerts, _ = _service(broken, mailbox)
    await alerts.send(NO_ROUTE)

    assert await alerts.tell() == 1
    assert len(mailbox.messages) == 1


async def test_without_any_way_the_log_is_the_way() -> None:
    alerts, _ = _service()
    await alerts.send(NO_ROUTE)

    assert await alerts.tell() == 1
    assert await alerts.tell() == 0


async def test_only_old_ones_can_be_asked_for() -> None:
    mailbox = Mailbox()
    alerts, clock = _service(mailbox)
    await alerts.send(NO_ROUTE)

    assert await alerts.tell(raised_before=clock.now()) == 0
    clock.advance(MINUTE)
    assert await alerts.tell(raised_before=clock.now()) == 1


async def test_an_alert_never_breaks_what_it_tells_of() -> None:
    class Away:
        async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
            raise StorageUnavailable

        once = run

    database = MemoryDatabase()
    alerts = AlertService(Away(), MemoryQueries(database), ManualClock(NOW), [])

    await alerts.send(NO_ROUTE)

    assert await MemoryQueries(database).untold_alerts(quiet_since=NOW, limit=9) == []


async def test_a_test_goes_every_way_and_says_what_is_wrong() -> None:
    broken, mailbox = Mailbox("one", broken=True), Mailbox("two")
    alerts, _ = _service(broken, mailbox)

    assert await alerts.test() == {"one": "no route to the mailbox", "two": None}
    assert mailbox.messages[0][0] == "taskbot: test"
