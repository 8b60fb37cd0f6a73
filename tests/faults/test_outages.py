"""Redis forgets, is restarted, is away; PostgreSQL is restarted; Telegram misbehaves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from support import postgres, redis
from support.postgres import OwnServer, binaries, fresh_database
from support.processes import RunningProcess, taskbot_says
from support.promises import arrivals_at
from support.reliability import IS_WHOLE, note, said
from support.scene import Scene, a_scene
from support.simulator import eventually
from taskbot.domain.reminder import ReminderState

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LEASE: Final = None if IS_WHOLE else 3.0
LEASE_SECONDS: Final = 30.0 if LEASE is None else LEASE
REMINDERS: Final = 400 if IS_WHOLE else 60
LOAD_SECONDS: Final = 40.0 if IS_WHOLE else 6.0
AWAY_SECONDS: Final = 60.0 if IS_WHOLE else 6.0
RESTART_LEASE: Final = None if IS_WHOLE else 12.0
"""A lease that is longer than PostgreSQL is away, as it is in production."""
BAN: Final = 1 if IS_WHOLE else 2
"""Seconds for which Telegram wants to hear nothing."""
ON_ITS_WAY: Final = 0.2 if IS_WHOLE else 1.0
"""Seconds that a call takes at most; more where it shares its machine with other tests."""
STANDSTILL: Final = 0.5
"""Seconds: limited sends are a thirtieth of a second apart, unless the machine stands still."""


@pytest.fixture
async def scene(tmp_path: Path, lease: float | None) -> AsyncIterator[Scene]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_scene(tmp_path, lease=lease) as scene:
        yield scene


@pytest.fixture
def lease() -> float | None:
    """How long a lease lasts, in seconds; None: as long as in production."""
    return LEASE


# Where reminders wait their turn for seconds, a lease of as many would end meanwhile.
as_in_production = pytest.mark.parametrize("lease", [None])


async def _start(scene: Scene, *roles: str) -> None:
    await asyncio.gather(*(scene.start(role) for role in roles))


async def test_redis_forgets_everything_under_load_and_is_restarted(scene: Scene) -> None:
    await _start(scene, "scheduler", "scheduler", "worker", "worker")
    await scene.promise(REMINDERS, after=0.5, over=LOAD_SECONDS)

    for _ in range(round(LOAD_SECONDS)):
        await asyncio.to_thread(scene.redis.forget_everything)
        await asyncio.sleep(0.5)
    await asyncio.to_thread(scene.redis.restart)
    await scene.all_settled(within=LEASE_SECONDS + 60)

    verdict = scene.verdict()
    note(
        "Redis: `FLUSHALL` twice a second under load, then a restart without persistence",
        "lost 0",
        f"{said(verdict, REMINDERS)}; the latest {verdict.late_by(1):.0f} s late",
    )
    assert (verdict.lost, verdict.duplicated, verdict.early) == ([], {}, [])


async def test_redis_is_away_while_people_and_programs_go_on(scene: Scene) -> None:
    api = await scene.start("api")
    address = (await api.address("API docs")).removesuffix("/docs")
    await _start(scene, "scheduler", "worker", "bot")
    (person,) = await scene.people(1)
    secret = await taskbot_says(
        *("token", "create", "--telegram-id", str(person)),
        folder=scene.folder,
        environment=scene.environment,
    )
    await scene.promise(REMINDERS // 2, after=0.5, over=AWAY_SECONDS)
    scene.redis.stop()

    answers: list[int] = []
    loop = asyncio.get_running_loop()
    end = loop.time() + AWAY_SECONDS
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {secret}"}) as client:
        while loop.time() < end:
            created = await client.post(f"{address}/tasks", json={"title": "Meanwhile"})
            answers.append(created.status_code)
            said_by_bot = await scene.telegram.control.ask(person, "/tasks")
            assert "Meanwhile" in str(said_by_bot)
            await asyncio.sleep(0.5)
    scene.redis.start()
    await scene.all_settled(within=LEASE_SECONDS + 60)

    verdict = scene.verdict()
    note(
        f"Redis: unreachable for {AWAY_SECONDS:.0f} s",
        "lost 0; API and bot keep answering",
        f"{said(verdict, REMINDERS // 2)}; the API and the bot answered all {len(answers)} times",
    )
    assert set(answers) == {201}
    assert (verdict.lost, verdict.duplicated, verdict.early) == ([], {}, [])


async def test_postgresql_is_restarted_under_load(tmp_path: Path) -> None:
    if binaries() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    restarts = 6 if IS_WHOLE else 2
    with OwnServer() as server, fresh_database(server.url) as url:
        async with a_scene(tmp_path, lease=RESTART_LEASE, url=url) as scene:
            await _start(scene, "scheduler", "scheduler", "worker", "worker")
            await scene.promise(REMINDERS, after=0.5, over=LOAD_SECONDS)

            for _ in range(restarts):
                await asyncio.sleep(LOAD_SECONDS / restarts)
                await asyncio.to_thread(server.restart, "immediate")
            await scene.all_settled(within=2 * LEASE_SECONDS + 90)

            verdict = scene.verdict()
            unclaimed = await _sent_without_a_claim(scene)
            copies = sum(number - 1 for number in verdict.duplicated.values())
            note(
                f"PostgreSQL: restarted {restarts} times under load (`immediate`)",
                "lost 0; nothing sent without a recorded claim",
                f"{said(verdict, REMINDERS)}; sent without a claim {unclaimed}; "
                f"the latest {verdict.late_by(1):.0f} s late",
            )
            assert (verdict.lost, verdict.early, unclaimed) == ([], [], 0)
            assert copies == 0, "an outcome that could not be recorded was waited for"


async def _sent_without_a_claim(scene: Scene) -> int:
    reminders = await scene.reminders()
    return sum(
        reminder.attempt == 0 or reminder.state is ReminderState.PLANNED for reminder in reminders
    )


@as_in_production
async def test_telegram_misbehaves_in_every_way_at_once(scene: Scene) -> None:
    await _start(scene, "scheduler", "worker", "worker")
    await scene.promise(REMINDERS, after=4, over=LOAD_SECONDS / 2)
    blocked = [promise for promise in scene.promises.made if promise.person % 10 == 0]
    control = scene.telegram.control
    for kind, share, more in (
        ("429", 0.2, {"retry_after": BAN}),
        ("500", 0.1, {}),
        ("accept-then-reset", 0.1, {}),
    ):
        await control.fault(kind, method="sendMessage", probability=share, times=None, **more)
    for promise in blocked:
        await control.block(promise.person)
        scene.promises.over[promise.title] = datetime.now(UTC)
    done = [one for one in scene.promises.made if one.person % 10 == 1]
    for promise in done:
        await scene.core.tasks.complete(promise.task.id, actor=promise.task.owner_id)
        scene.promises.over[promise.title] = datetime.now(UTC)

    await scene.all_settled(within=400)
    await control.clear_faults()

    verdict, reminders = scene.verdict(), await scene.reminders()
    calls = scene.telegram.simulator.calls.after(0, method="sendMessage")
    inside = _sends_inside_a_ban(calls)
    held = [one for one in reminders if one.state is ReminderState.PLANNED]
    note(
        "Telegram: 20 % `429`, 10 % `500`, 10 % accepted and then reset; a tenth of the people "
        "block the bot meanwhile, a tenth of the tasks are done",
        "lost 0; no send inside a ban; at most 2 copies, for the resets only",
        f"{said(verdict, REMINDERS)}; {len(calls):,} calls, {inside} inside a ban; at most "
        f"{verdict.most_copies} copies; {len(held)} kept for who returns",
    )
    assert (verdict.lost, verdict.early, verdict.forbidden, inside) == ([], [], [], 0)
    assert verdict.most_copies <= 2
    assert len(held) == len(blocked)
    assert not {one.state for one in reminders} & {ReminderState.FAILED, ReminderState.SENDING}


def _sends_inside_a_ban(calls: list[dict[str, Any]]) -> int:
    """Calls that were made after a `429` had been answered and before its time was over.

    Those that were on their way when the answer came cannot be called back.
    """
    bans = [
        (call["time"] + ON_ITS_WAY, call["time"] + call["outcome"]["parameters"]["retry_after"])
        for call in calls
        if (call["outcome"] or {}).get("error_code") == 429
    ]
    return sum(any(begin < call["time"] < end for begin, end in bans) for call in calls)


@as_in_production
async def test_very_many_are_due_in_the_same_minute(scene: Scene) -> None:
    number = 10_000 if IS_WHOLE else 450
    await _start(scene, "scheduler", "worker", "worker")
    await scene.people(0)
    await scene.telegram.control.request(
        "POST", "/sim/limits", json={"per_bot": 30, "per_chat": 1, "enforce": True}
    )
    await scene.promise(number, after=15 if IS_WHOLE else 3)

    await scene.all_settled(within=number / 30 * 2 + 60)

    verdict, claims = scene.verdict(), sum(one.attempt for one in await scene.reminders())
    calls = scene.telegram.simulator.calls.after(0, method="sendMessage")
    refused = [one for one in calls if (one["outcome"] or {}).get("error_code") == 429]
    rate = _rate(sorted(call["time"] for call in calls))
    note(
        f"{number:,} reminders due at the same moment, limits enforced",
        "zero `429`; at least 95 % of 30 a second; all sent",
        f"{said(verdict, number)}; `429`: {len(refused)}; {rate:.1f} a second; {claims:,} claims",
    )
    assert (verdict.lost, verdict.duplicated, verdict.early) == ([], {}, [])
    if not IS_WHOLE:  # it shares its machine with other tests, which may hold all of it
        refused = [one for one in refused if not _is_after_a_standstill(one, calls)]
    assert refused == []
    assert claims <= 1.2 * number, "what finds no turn is claimed again and again"
    if IS_WHOLE:
        assert rate >= 0.95 * 30


def _is_after_a_standstill(call: dict[str, Any], calls: list[dict[str, Any]]) -> bool:
    """Whether shortly before *call* nothing came, so that all came together after it."""
    moments = sorted(one["time"] for one in calls if call["time"] - 5 < one["time"] <= call["time"])
    return any(later - sooner > STANDSTILL for sooner, later in pairwise(moments))


def _rate(moments: list[float]) -> float:
    """Calls a second, from the first to the last; the first second warms up."""
    warm = [moment for moment in moments if moment >= moments[0] + 1]
    return (len(warm) - 1) / (warm[-1] - warm[0])


async def test_reminders_that_break_their_sender_are_parked(scene: Scene) -> None:
    patience = {"ALTERED_LEASE": "3", "ALTERED_FAILURES": "3", "ALTERED_TIME_LIMIT": "5"}
    number = 100 if IS_WHOLE else 30
    await scene.start("scheduler", **patience)
    ending = asyncio.Event()
    workers = [await scene.start("worker", ALTERED_POISON="yes", **patience) for _ in range(2)]
    keeper = asyncio.create_task(_keep_up(scene, workers, patience, ending))
    await scene.promise(3, after=3)
    for promise, what in zip(scene.promises.made, ("raise", "kill", "hang"), strict=True):
        await _rename(scene, promise.task.id, promise.task.owner_id, what)
    poison = [scene.promises.made.pop() for _ in range(3)]
    await scene.promise(number, after=3, over=20)

    await eventually(partial(_are_dead, scene, [one.reminder.id for one in poison]), within=150)
    arrivals = arrivals_at(scene.telegram.simulator)
    kept_meanwhile = scene.promises.share_kept_by(datetime.now(UTC), arrivals)
    await scene.all_settled(within=60)
    ending.set()
    deaths = await keeper

    verdict = scene.verdict()
    note(
        "poison: a reminder whose sending raises, one that kills the worker, one that never ends",
        "parked after their attempts; others not delayed",
        f"{said(verdict, number)}; all three are dead letters; the worker died {deaths} times; "
        f"others: median {verdict.late_by(0.5):.2f} s late, the latest {verdict.late_by(1):.1f} s",
    )
    assert (verdict.lost, verdict.early) == ([], [])
    # Whoever is killed may just have sent another.
    assert verdict.most_copies <= 2
    assert len(verdict.duplicated) <= deaths
    assert kept_meanwhile >= 0.5, "others waited until the poison was parked"
    if IS_WHOLE:  # the quick form shares its machine with other tests
        assert verdict.late_by(0.5) < 1
    assert deaths >= 1


async def _rename(scene: Scene, task_id: Any, owner_id: Any, title: str) -> None:
    from taskbot.application.task_commands import EditTask  # noqa: PLC0415 - one name for one use

    await scene.core.tasks.edit(EditTask(actor=owner_id, task_id=task_id, title=title))


async def _are_dead(scene: Scene, ids: list[Any]) -> bool:
    await asyncio.sleep(0.2)
    letters = await scene.core.queries.letters(ids)
    return {letter.reminder.state for letter in letters} == {ReminderState.FAILED}


async def _keep_up(
    scene: Scene, workers: list[RunningProcess], variables: dict[str, str], ending: asyncio.Event
) -> int:
    """Start another worker for each that dies, as any supervisor does; say how many died."""
    deaths = 0
    while not ending.is_set():
        for place, worker in enumerate(workers):
            if worker.process.returncode is not None:
                deaths += 1
                workers[place] = await scene.start("worker", ALTERED_POISON="yes", **variables)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), 0.1)
    return deaths


async def test_the_clock_jumps_to_and_fro(scene: Scene, tmp_path: Path) -> None:
    hour, clock = 3600.0, tmp_path / "clock"
    clock.write_text("0")
    wrong = {"ALTERED_CLOCK": str(clock)}
    await asyncio.gather(*(scene.start(role, **wrong) for role in ("scheduler", "worker")))
    number = REMINDERS // 2

    # Due now; due in two hours, which the jump brings; due after that, which nothing brings.
    await scene.promise(number, after=1, over=2)
    await scene.promise(number, after=2 * hour, over=hour / 2)
    now, later = scene.promises.made[:number], scene.promises.made[number:]
    await _have_arrived(scene, {one.title for one in now})
    first = scene.verdict()
    jump = 2.2 * hour  # by which the first of the later ones are due
    due_by_the_jump = [
        one for one in later if (one.fire_at - datetime.now(UTC)).total_seconds() < jump - 1
    ]
    clock.write_text(str(jump))
    await _have_arrived(scene, {one.title for one in due_by_the_jump})
    await asyncio.sleep(3)  # those that are due by it in a moment
    second = scene.verdict()
    clock.write_text("0")  # and two hours back
    await asyncio.sleep(3)  # in which nothing must come
    third = scene.verdict()
    await scene.promise(number, after=1, over=2)
    fresh = {one.title for one in scene.promises.made[2 * number :]}
    await _have_arrived(scene, fresh)

    verdict = scene.verdict()
    note(
        "the clock jumps two hours ahead, and back",
        "none early by the clock; none lost",
        f"{3 * number} reminders: {number - len(set(first.lost) & {o.title for o in now})} in "
        f"time, {len(set(first.lost) - set(second.lost))} by the jump ahead, "
        f"{len(set(second.lost) - set(third.lost))} in the moments after the jump back, "
        f"{len(fresh - set(verdict.lost))} of {number} promised afterwards",
    )
    assert not set(first.lost) & {one.title for one in now}
    assert not set(second.lost) & {one.title for one in due_by_the_jump}
    assert set(second.lost) == set(third.lost), "after the jump back nothing is due"
    assert not fresh & set(verdict.lost)
    assert verdict.duplicated == {}


async def _have_arrived(scene: Scene, titles: set[str]) -> None:
    async def have_arrived() -> bool:
        await asyncio.sleep(0.1)
        return not titles & set(scene.verdict().lost)

    await eventually(have_arrived, within=LEASE_SECONDS + 60)


def test_a_ban_is_known_when_it_is_seen() -> None:
    def call(at: float, **outcome: Any) -> dict[str, Any]:
        return {"time": at, "outcome": outcome or None}

    banned = call(10.0, error_code=429, parameters={"retry_after": 2})
    quiet = [call(9.0), banned, call(10.1), call(12.0)]

    assert _sends_inside_a_ban(quiet) == 0
    assert _sends_inside_a_ban([*quiet, call(11.5)]) == 1
