"""The canary: what is sent, what is seen of it, and what is left of it."""

from datetime import timedelta
from typing import Any

import pytest

from support.builders import NOW
from support.core import Core, a_core
from taskbot.adapters.memory import ManualClock
from taskbot.application.canary import NAME, CanaryService
from taskbot.application.ports import NotSent, PersonUnreachable, Receipt
from taskbot.application.task_commands import ListTasks

pytestmark = pytest.mark.anyio

GROUP = -1001234
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class Moody:
    """A messenger that does as it is told."""

    def __init__(self) -> None:
        self.problem: Exception | None = None
        self.number = 0

    async def send(self, notification: Any) -> Receipt:
        if self.problem is not None:
            raise self.problem
        self.number += 1
        return Receipt(self.number)


def _canary_of(core: Core) -> CanaryService:
    return CanaryService(core.users, core.tasks, core.queries, core.clock, GROUP)


async def _titles(core: Core) -> list[str]:
    person = await core.users.find(GROUP)
    assert person is not None
    page = await core.tasks.page(ListTasks(actor=person.id, timezone="UTC"))
    return [view.task.title for view in page.items]


async def test_a_canary_takes_the_way_of_every_reminder() -> None:
    core = a_core()
    canary = _canary_of(core)

    task_id = await canary.send()
    before = await canary.has_arrived(task_id)
    core.clock.advance(3 * SECOND)
    await core.deliver_due()

    (notification,) = core.notifier.notifications
    assert notification.user.chat_id == GROUP
    assert notification.user.name == NAME
    assert not before
    assert await canary.has_arrived(task_id)
    report = await canary.report()
    assert (report.seconds, report.waiting) == (2.0, timedelta(0))
    assert report.arrived_at == NOW + 3 * SECOND


async def test_of_many_canaries_only_the_last_two_are_kept() -> None:
    core = a_core()
    canary = _canary_of(core)

    for _ in range(5):
        await canary.send()
        core.clock.advance(SECOND)
        await core.deliver_due()
        core.clock.advance(5 * MINUTE)

    assert len(core.notifier.notifications) == 5
    assert len(await _titles(core)) == 2
    assert (await canary.report()).arrived_at == core.clock.now() - 5 * MINUTE


async def test_where_nothing_arrives_one_waits_longer_and_longer() -> None:
    core = a_core()
    canary = _canary_of(core)
    await canary.send()
    core.clock.advance(SECOND)
    await core.deliver_due()

    first = await canary.send()
    core.clock.advance(SECOND + 5 * MINUTE)
    second = await canary.send()
    core.clock.advance(5 * MINUTE)

    report = await canary.report()
    assert second == first
    assert report.waiting == 10 * MINUTE
    assert report.arrived_at == NOW + SECOND, "the one that arrived is not forgotten"


async def test_after_an_hour_another_is_sent_in_its_place() -> None:
    core = a_core()
    canary = _canary_of(core)
    first = await canary.send()
    core.clock.advance(timedelta(hours=1, seconds=1))

    second = await canary.send()

    assert second != first
    assert len(await _titles(core)) == 1


async def test_one_that_is_tried_again_and_again_is_waited_for() -> None:
    moody = Moody()
    core = a_core(notifier=moody)
    canary = _canary_of(core)
    task_id = await canary.send()
    core.clock.advance(SECOND)
    moody.problem = NotSent("no route")
    await core.deliver_due()
    core.clock.advance(30 * SECOND)

    waiting = (await canary.report()).waiting
    moody.problem = None
    await core.deliver_due()

    assert waiting == 30 * SECOND
    assert await canary.has_arrived(task_id)
    assert (await canary.report()).seconds == 30


async def test_a_bot_that_was_put_out_of_the_group_and_is_back_sends_again() -> None:
    moody = Moody()
    core = a_core(notifier=moody)
    canary = _canary_of(core)
    moody.problem = PersonUnreachable("kicked")
    await canary.send()
    core.clock.advance(SECOND)
    await core.deliver_due()
    moody.problem = None

    core.clock.advance(5 * MINUTE)
    task_id = await canary.send()
    await core.deliver_due()

    assert await canary.has_arrived(task_id)


async def test_before_the_first_there_is_nothing_to_report() -> None:
    core = a_core(clock=ManualClock(NOW))

    report = await _canary_of(core).report()

    assert (report.seconds, report.arrived_at, report.waiting) == (None, None, timedelta(0))
