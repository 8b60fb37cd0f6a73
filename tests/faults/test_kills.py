"""`kill -9` at every point on the way of a reminder; schedulers that die, or sleep too long."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from support import postgres, redis
from support.reliability import IS_WHOLE, note, said
from support.scene import Scene, a_scene, doom, now

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

KILLS: Final = 25 if IS_WHOLE else 2
REMINDERS: Final = 80 if IS_WHOLE else 12
LEASE: Final = None if IS_WHOLE else 3.0
RESUMED_WITHIN: Final = 40.0

# In this order a reminder passes them. The three in the middle are the only ones at which a
# message may have arrived that nobody knows of.
POINTS: Final = {
    "unclaimed": "before the claim is committed",
    "claimed": "after it, before ringing",
    "sending": 'after "sending" is committed',
    "written": "the request is written",
    "unanswered": "accepted, not answered",
    "answered": "answered, not recorded",
    "recorded": "recorded, not acknowledged",
    "acknowledged": "acknowledged",
}
MAY_COPY: Final = {"written", "unanswered", "answered"}
OF_THE_SCHEDULER: Final = {"unclaimed", "claimed"}


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_scene(tmp_path, lease=LEASE) as scene:
        yield scene


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_costs_no_reminder_and_at_most_a_copy(scene: Scene, point: str) -> None:
    role = "scheduler" if point in OF_THE_SCHEDULER else "worker"
    other = "worker" if role == "scheduler" else "scheduler"
    await scene.start(other)
    doomed = await doom(scene, role, point, KILLS)
    # A scheduler's claims are for as many as are due: so for it they become due little by little.
    spread = KILLS * 1.5 if role == "scheduler" else 0.0
    await scene.promise(REMINDERS, after=0.5, over=spread)

    await doomed.until_all_are_dead(within=60 + 10 * KILLS)
    await scene.telegram.control.clear_faults()
    await scene.start(role)
    await scene.all_settled(within=120)

    verdict, last_kill = scene.verdict(), max(doomed.killed_at)
    resumed = scene.last_arrival - last_kill
    note(
        f"`kill -9` of a {role}: {POINTS[point]}, {len(doomed.killed_at)} kills",
        "lost 0; " + ("at most one copy a kill" if point in MAY_COPY else "no copy"),
        f"{said(verdict, REMINDERS)}; all there {max(resumed, 0):.0f} s after the last kill",
    )
    assert len(doomed.killed_at) == KILLS
    assert (verdict.lost, verdict.early, verdict.forbidden) == ([], [], [])
    copies = sum(number - 1 for number in verdict.duplicated.values())
    assert copies <= (KILLS if point in MAY_COPY else 0), verdict.duplicated
    assert verdict.most_copies <= 2
    assert resumed <= RESUMED_WITHIN


async def test_of_two_schedulers_one_is_killed_and_one_sleeps_through_its_lease(
    scene: Scene,
) -> None:
    sleeper, victim, _ = await asyncio.gather(
        scene.start("scheduler"), scene.start("scheduler"), scene.start("worker")
    )
    lease = 30.0 if LEASE is None else LEASE
    await scene.promise(REMINDERS, after=1, over=lease + 8)

    await asyncio.sleep(2)
    sleeper.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(1)
    victim.process.kill()
    await asyncio.sleep(1)
    await scene.start("scheduler")
    await asyncio.sleep(lease + 2)
    sleeper.process.send_signal(signal.SIGCONT)
    woken_at = now()
    await scene.all_settled(within=lease + 60)

    verdict = scene.verdict()
    note(
        "two schedulers: one is killed, one is stopped for longer than its lease and woken",
        "each reminder once",
        f"{said(verdict, REMINDERS)}; slept {lease + 3:.0f} s",
    )
    assert woken_at > 0
    assert (verdict.lost, verdict.duplicated, verdict.early) == ([], {}, [])


async def test_a_worker_that_sleeps_through_its_lease_sends_nothing_twice(scene: Scene) -> None:
    lease = 30.0 if LEASE is None else LEASE
    _, sleeper = await asyncio.gather(scene.start("scheduler"), scene.start("worker"))
    await scene.promise(REMINDERS, after=1, over=4)

    await asyncio.sleep(2.5)
    sleeper.process.send_signal(signal.SIGSTOP)
    await scene.start("worker")
    await asyncio.sleep(lease + 2)
    sleeper.process.send_signal(signal.SIGCONT)
    await scene.all_settled(within=lease + 60)

    verdict = scene.verdict()
    copies = sum(number - 1 for number in verdict.duplicated.values())
    note(
        "a worker is stopped for longer than its lease, in the middle of its work, and woken",
        "lost 0; a copy only of what it was sending",
        said(verdict, REMINDERS),
    )
    assert (verdict.lost, verdict.early) == ([], [])
    assert copies <= 3  # what it had written and not recorded when it fell asleep
