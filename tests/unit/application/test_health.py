"""Health: what is looked at, for how long, and what follows from it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from support.builders import NOW, a_reminder_of, a_task
from support.core import a_core
from taskbot.application.health import Check, Facts, HealthService, Unwell, oldest_due
from taskbot.application.ports import StorageUnavailable, UnitOfWork

pytestmark = pytest.mark.anyio

Look = Callable[[], Awaitable[Facts]]


async def well() -> Facts:
    return {"found": "0007"}


async def unwell() -> Facts:
    raise Unwell("is too old", {"found": "0003"})


async def broken() -> Facts:
    raise StorageUnavailable("cannot connect to db.internal as root:hunter2")


async def silent() -> Facts:
    await asyncio.Event().wait()
    return {}


async def test_all_is_well_where_every_check_is() -> None:
    health = await HealthService(
        [Check(name="one", look=well), Check(name="two", look=well)]
    ).look()

    assert health.is_whole
    assert health.failed == ()
    assert [finding.facts for finding in health.findings] == [{"found": "0007"}] * 2


@pytest.mark.parametrize(
    ("look", "problem", "facts"),
    [
        (unwell, "is too old", {"found": "0003"}),
        (broken, "cannot be used", {}),
        (silent, "does not answer in time", {}),
    ],
)
async def test_what_fails_is_named_and_the_rest_is_looked_at_all_the_same(
    look: Look, problem: str, facts: Facts
) -> None:
    checks = [Check(name="one", look=look), Check(name="two", look=well)]

    health = await HealthService(checks, patience=timedelta(seconds=0.05)).look()

    assert [(one.name, one.problem, one.facts) for one in health.failed] == [
        ("one", problem, facts)
    ]
    assert health.findings[1].problem is None


async def test_what_can_be_done_without_fails_nothing() -> None:
    health = await HealthService([Check(name="spare", look=unwell, is_needed=False)]).look()

    assert health.failed == ()
    assert not health.is_whole


async def test_checks_are_made_side_by_side() -> None:
    met = asyncio.Barrier(2)

    async def meet() -> Facts:
        await met.wait()
        return {}

    health = await HealthService([Check(name=name, look=meet) for name in "ab"]).look()

    assert health.is_whole


async def test_those_who_ask_meanwhile_share_one_look() -> None:
    looks: list[int] = []
    go_on = asyncio.Event()

    async def slowly() -> Facts:
        looks.append(len(looks))
        await go_on.wait()
        return {"look": float(looks[-1])}

    service = HealthService([Check(name="one", look=slowly)])
    first, given_up, third = [asyncio.create_task(service.look()) for _ in range(3)]
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])
    go_on.set()

    assert await first is await third
    assert looks == [0]
    later = await service.look()
    assert later.findings[0].facts == {"look": 1.0}


async def test_how_long_the_oldest_due_reminder_waits_is_said_and_fails_nothing() -> None:
    core = a_core()
    owner = await core.users.find_or_register(7)
    task = a_task(owner_id=owner.id)
    check = oldest_due(core.queries, core.clock)
    assert await check.look() == {"oldest_due_seconds": None}

    async def promise(uow: UnitOfWork) -> None:
        await uow.tasks.add(task)
        await uow.reminders.add([a_reminder_of(task, fire_at=NOW)])

    await core.transactions.run(promise)
    core.clock.advance(timedelta(hours=2))

    assert await check.look() == {"oldest_due_seconds": 7200.0}
    assert not check.is_needed
