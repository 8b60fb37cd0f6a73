"""How many reminders a worker sends, how punctual they are, and what many of them cost in memory.

A scheduler and a worker run as processes of their own, on PostgreSQL and Redis, against a stub in
Telegram's place.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

from attrs import frozen

from benchmarks.environment import BOT_TOKEN, UNLIMITED, variables
from benchmarks.figures import Comparison, Figure, Round, comparison, figure, percentile
from benchmarks.place import FOLDER, Place
from benchmarks.processes import Running, benchmarks_own, running, taskbot
from benchmarks.promises import promise
from benchmarks.results import Section
from benchmarks.rounds import in_turns
from benchmarks.scale import Scale
from benchmarks.targets import Verdict, at_least, at_most
from benchmarks.telegram.server import Moment, Stub, telegram
from taskbot.application.delivery import AT_A_TIME

_ABOUT: Final = """\
`taskbot scheduler` and one `taskbot worker`, each in a process of its own, with PostgreSQL, Redis
and a stub in Telegram's place on the same machine. Without limits: so many reminders due at one
moment, each to somebody else, from the first tenth to the last; beside aiohttp posting the same
form to the same stub, as many at a time, from one process that knows no database."""
_OF_THE_FLOOR: Final = """\
The floor is arguable: it knows beforehand what to send and to whom, and keeps no promise. A worker
reads each reminder, takes its turn at Telegram's limits and records what became of it, in two
transactions. Without limits: `TASKBOT_MESSAGES_PER_SECOND=100000`, so that each takes its turn and
nobody waits for it."""
_OF_LIMITS: Final = """\
With limits: 10,000 reminders due at one moment, of which those of the first minute are sent; the
stub refuses what is more than 30 a second. The rate is that from five seconds after the first to
the end. Memory above idle is the highest of what was seen every half second, scheduler and worker
together, less what they had before. Punctuality is measured with Telegram's limits, by reminders
that are due at random moments, 1,000 in a minute, which the limits do not hold back."""
_PER_SECOND: Final = 30.0
_WARM_SECONDS: Final = 5.0
_MEMORY: Final = "memory above idle with {:,} due"


@frozen
class _Pair:
    """A scheduler and a worker, and what they send to."""

    database_url: str
    stub: Stub
    scheduler: Running
    worker: Running

    def memory(self) -> float:
        return self.scheduler.memory().pss + self.worker.memory().pss


async def measure(place: Place, scale: Scale) -> Section:
    with place.scratch() as database_url:
        compared, memory = await _unlimited(database_url, place, scale)
    with place.scratch() as database_url:
        limited = await _limited(database_url, place, scale)
    with place.scratch() as database_url:
        late = await _lateness(database_url, place, scale)
    punctual = [
        figure("after `fire_at`, median", [percentile(late, 50) * 1000], "ms"),
        figure("after `fire_at`, 99th percentile", [percentile(late, 99) * 1000], "ms"),
        figure("after `fire_at`, latest", [max(late) * 1000], "ms"),
    ]
    punctual = [_of_many(one, len(late)) for one in punctual]
    return Section(
        title="Delivery",
        sides=("worker", "aiohttp, same form"),
        about=_ABOUT,
        comparisons=[compared],
        figures=[*memory, *limited, *punctual],
        verdicts=_verdicts(compared, limited, punctual),
        notes=[_OF_THE_FLOOR, _OF_LIMITS],
    )


@contextlib.asynccontextmanager
async def _at_work(
    database_url: str, place: Place, *, messages_per_second: str, enforced: float | None
) -> AsyncIterator[_Pair]:
    async with telegram(per_second=enforced) as stub:
        settings = variables(
            database_url=database_url,
            redis_url=place.emptied_redis(),
            bot_token=BOT_TOKEN,
            telegram_api_url=stub.url,
            messages_per_second=messages_per_second,
        )
        folder = FOLDER / "delivery"
        async with (
            running(*taskbot("scheduler"), folder=folder, environment=settings) as scheduler,
            running(*taskbot("worker"), folder=folder, environment=settings) as worker,
        ):
            await scheduler.line("at work")
            await worker.line("at work")
            yield _Pair(database_url, stub, scheduler, worker)


async def _unlimited(
    database_url: str, place: Place, scale: Scale
) -> tuple[Comparison, list[Figure]]:
    number = scale.of(1500, 200)
    async with _at_work(database_url, place, messages_per_second=UNLIMITED, enforced=None) as pair:
        await _round(pair, number // 4)  # warms up, and leaves a message for the floor
        both = await in_turns(
            scale.of(5, 2), lambda: _round(pair, number), lambda: _floor(pair.stub, number)
        )
        memory = [
            figure("memory of `worker` after the load", [pair.worker.memory().pss], "MiB"),
            figure("memory of `scheduler` after the load", [pair.scheduler.memory().pss], "MiB"),
        ]
    return comparison("send a reminder, without limits", *both), memory


async def _round(pair: _Pair, number: int) -> Round:
    """Send so many reminders, all due at one moment."""
    await pair.stub.forget()
    due = datetime.now(UTC) + timedelta(seconds=2 + number / 1000)
    await asyncio.to_thread(promise, pair.database_url, [due] * number)
    cpu = pair.worker.cpu_seconds()
    arrived = await pair.stub.arrivals(number, within=60 + number / 5)
    cpu = pair.worker.cpu_seconds() - cpu
    if len(arrived) != number:
        raise RuntimeError(f"{number} were promised, and {len(arrived)} arrived")
    warm = arrived[number // 10 :]
    seconds = warm[-1].at - warm[0].at
    # The worker's CPU is that of all of them, their rate that of those behind the first tenth.
    return Round(len(warm) - 1, seconds, cpu * (len(warm) - 1) / number)


async def _floor(stub: Stub, number: int) -> Round:
    command = benchmarks_own("floors.sender", stub.url, str(number), str(AT_A_TIME))
    async with running(*command, folder=FOLDER / "delivery") as sender:
        said = json.loads((await sender.line(r"\{.*\}")).group(0))
    return Round(number, said["seconds"], said["cpu"])


async def _limited(database_url: str, place: Place, scale: Scale) -> list[Figure]:
    """With Telegram's limits: the rate, refusals, and the memory that many due ones need."""
    number, seconds = scale.of((10_000, 60.0), (1_000, 12.0))
    async with _at_work(
        database_url, place, messages_per_second="30", enforced=_PER_SECOND
    ) as pair:
        await _round(pair, 60)
        await pair.stub.forget()
        await asyncio.sleep(3)
        idle = pair.memory()
        now = datetime.now(UTC)
        await asyncio.to_thread(promise, pair.database_url, [now] * number)
        above = await _memory_above(idle, pair, seconds)
        arrived, counts = await pair.stub.arrived(), await pair.stub.counts()
    steady = [one for one in arrived if one.at > arrived[0].at + _WARM_SECONDS]
    rate = (len(steady) - 1) / (steady[-1].at - steady[0].at)
    return [
        _of_many(figure("rate with Telegram's limits", [rate], "a second"), len(steady)),
        _of_many(figure("refused with 429", [counts["refused"]], ""), len(arrived)),
        _of_many(figure("sent twice", [_twice(arrived)], ""), len(arrived)),
        figure(_MEMORY.format(number), [above], "MiB"),
    ]


async def _memory_above(idle: float, pair: _Pair, seconds: float) -> float:
    highest = idle
    async with asyncio.TaskGroup() as looking:
        end = looking.create_task(asyncio.sleep(seconds))
        while not end.done():
            highest = max(highest, pair.memory())
            await asyncio.sleep(0.5)
    return highest - idle


def _twice(arrived: list[Moment]) -> int:
    return len(arrived) - len({one.number for one in arrived})


async def _lateness(database_url: str, place: Place, scale: Scale) -> list[float]:
    """How many seconds after their moments reminders came."""
    number, seconds = scale.of((1_000, 60), (100, 6))
    dice = random.Random(1)  # noqa: S311 - dice, not a secret
    async with _at_work(
        database_url, place, messages_per_second="30", enforced=_PER_SECOND
    ) as pair:
        await _round(pair, 30)
        await pair.stub.forget()
        begin = datetime.now(UTC) + timedelta(seconds=4)
        moments = sorted(begin + timedelta(seconds=dice.random() * seconds) for _ in range(number))
        await asyncio.to_thread(promise, database_url, moments)
        arrived = await pair.stub.arrivals(number, within=seconds + 60)
    first: dict[int, float] = {}
    for one in arrived:
        first.setdefault(one.number, one.at)
    return [at - moments[place].timestamp() for place, at in first.items()]


def _of_many(one: Figure, samples: int) -> Figure:
    return Figure(name=one.name, value=one.value, unit=one.unit, samples=samples)


def _verdicts(compared: Comparison, limited: list[Figure], punctual: list[Figure]) -> list[Verdict]:
    rate, refused, _, memory = limited
    return [
        *at_least("sends by one worker, without limits", compared.ours.rate, 500, "a second"),
        *at_least(
            "with Telegram's 30 a second: part of it", rate.value / _PER_SECOND * 100, 95, "%"
        ),
        *at_most("with Telegram's 30 a second: refused with 429", refused.value, 0, ""),
        *at_most(memory.name, memory.value, 30, "MiB"),
        *at_most(
            "reminders not limited by Telegram: p99 after `fire_at`", punctual[1].value, 1000, "ms"
        ),
    ]
