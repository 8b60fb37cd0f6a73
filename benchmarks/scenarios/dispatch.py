"""How many due reminders are claimed in a second among a million tasks, and an idle look.

The service claims by a clock that stands in 2001, where nothing is due but what was made for this:
what was seeded stays as it was.
"""

import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from attrs import frozen
from psycopg.rows import dict_row
from sqlalchemy import delete, select

from benchmarks.figures import Comparison, Round, comparison
from benchmarks.place import Place
from benchmarks.promises import promise
from benchmarks.results import Section
from benchmarks.rounds import alternating, in_turns
from benchmarks.scale import Scale
from benchmarks.targets import Verdict, at_least, at_most
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.persistence import (
    Database,
    SqlQueries,
    SqlTransactions,
    create_database,
    tables,
)
from taskbot.adapters.queue.between_processes import (
    REMINDERS,
    DramatiqReminderQueue,
    create_broker,
)
from taskbot.application.dispatch import DispatchService
from taskbot.application.ports import ReminderQueue
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.reminder import Reminder
from taskbot.entrypoints.scheduler import BATCH

_ABOUT: Final = """\
`DispatchService` of the scheduler, in this process, on the database with 1,000,000 tasks and
2,000,000 reminders: 100 claims at a time until nothing is due, each claim a transaction that is
kept. Beside the same statement as text, in the same transaction, through psycopg. *Rung for* is
with the queue in Redis, which is emptied as fast as it can be; its floor rings for nobody. An idle
look is what the scheduler does twice a second when nothing is due. Rates are reminders a second,
latencies those of one claim of 100; CPU is that of the process that claims, without PostgreSQL's.
"""
_OF_ROOM: Final = """\
Dispatch that rings waits while 60 claims wait for a worker, and looks again every 50 ms: in
production the workers decide how fast it goes."""
_NOW: Final = datetime(2001, 1, 2, tzinfo=UTC)
_THEN: Final = _NOW + timedelta(days=1)
_DUE: Final = _NOW - timedelta(hours=1)
_LEASE: Final = DeliveryPolicy().lease
_OF_A_PERSON: Final = 50
_PENDING: Final = str(tables.IS_PENDING.compile(compile_kwargs={"literal_binds": True}))

# All names in these are those of our own tables.
_CLAIM: Final = f"""
    WITH due AS (
        SELECT reminders.id FROM reminders
        WHERE {_PENDING} AND reminders.available_at <= %(now)s
        ORDER BY reminders.available_at, reminders.id LIMIT %(limit)s
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE reminders SET
        state = 'claimed',
        attempt = attempt + 1,
        failures = failures + CASE WHEN state = 'sending' THEN 1 ELSE 0 END,
        alone = alone OR state = 'sending',
        available_at = %(until)s
    WHERE id IN (SELECT due.id FROM due)
    RETURNING *
"""  # noqa: S608 - see above
_EARLIEST: Final = f"""
    SELECT min(reminders.available_at) AS earliest FROM reminders
    WHERE {_PENDING} AND reminders.available_at IS NOT NULL
"""  # noqa: S608 - see above
_AGAIN: Final = """
    UPDATE reminders SET state = 'planned', attempt = 0, available_at = fire_at
    WHERE owner_id = ANY(%s) AND state <> 'planned'
"""

Claim = Callable[[], Awaitable[int]]


class _NobodyRungFor:
    async def enqueue(self, claims: Sequence[Reminder]) -> None:
        """What is claimed is all that is measured."""


@frozen
class _Bench:
    """What is due, again and again, and both ways to claim it."""

    database: Database
    raw: psycopg.AsyncConnection[dict[str, Any]]
    owners: list[uuid.UUID]
    number: int

    async def make_due(self) -> None:
        """As it was before; what the claims left behind is cleared away."""
        await self.raw.execute(_AGAIN, [self.owners])
        await self.raw.execute("VACUUM (INDEX_CLEANUP ON) reminders")

    def service(self, queue: ReminderQueue) -> DispatchService:
        return DispatchService(
            SqlTransactions(self.database),
            SqlQueries(self.database),
            queue,
            ManualClock(_NOW),
            DeliveryPolicy(),
        )

    async def claim_by_hand(self) -> int:
        async with self.raw.transaction(), self.raw.cursor() as cursor:
            await cursor.execute(
                _CLAIM.encode(), {"now": _NOW, "until": _NOW + _LEASE, "limit": BATCH}
            )
            return len(await cursor.fetchall())

    async def look_by_hand(self) -> None:
        cursor = await self.raw.execute(_EARLIEST.encode())
        await cursor.fetchone()

    async def claim_all(self, claim: Claim) -> Round:
        await self.make_due()
        taken, claimed = [], 0
        cpu, begun = time.process_time(), time.perf_counter()
        while True:
            start = time.perf_counter()
            if not (found := await claim()):
                break
            taken.append(time.perf_counter() - start)
            claimed += found
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        if claimed != self.number:
            raise RuntimeError(f"{self.number} were due, and {claimed} were claimed")
        return Round(claimed, seconds, cpu, taken)


async def measure(place: Place, scale: Scale) -> Section:
    url, redis_url = place.large(), place.emptied_redis()
    async with _bench(url, scale.of(5_000, 1_000)) as bench:
        plain = await _claims(bench, scale)
        rung = await _rung(bench, redis_url, scale)
        idle = await _idle(bench, scale)
    return Section(
        title="Dispatch",
        sides=("dispatch", "the statement by psycopg"),
        about=_ABOUT,
        comparisons=[plain, rung, idle],
        verdicts=_verdicts(plain, idle),
        notes=[_OF_ROOM],
    )


@contextlib.asynccontextmanager
async def _bench(url: str, number: int) -> AsyncIterator[_Bench]:
    database = create_database(url)
    await _tidy_up(database)
    people = promise(url, [_DUE] * number, each=_OF_A_PERSON)
    owners = [uuid.UUID(bytes=person.bytes) for person in people]
    try:
        async with await psycopg.AsyncConnection.connect(
            url, autocommit=True, row_factory=dict_row, options="-c TimeZone=UTC"
        ) as raw:
            await raw.execute("ANALYZE reminders")
            yield _Bench(database, raw, owners, number)
    finally:
        await _tidy_up(database)
        await database.dispose()


async def _tidy_up(database: Database) -> None:
    """Remove what was made here, also by a run that was broken off."""
    reminders = tables.reminders
    of_then = select(reminders.c.owner_id).where(
        tables.IS_PENDING, reminders.c.available_at < _THEN
    )
    async with database.writing.begin() as connection:
        await connection.execute(delete(tables.users).where(tables.users.c.id.in_(of_then)))


async def _claims(bench: _Bench, scale: Scale) -> Comparison:
    service = bench.service(_NobodyRungFor())

    async def ours() -> int:
        return await service.dispatch_due(limit=BATCH)

    both = await in_turns(
        scale.of(6, 2),
        lambda: bench.claim_all(ours),
        lambda: bench.claim_all(bench.claim_by_hand),
    )
    return comparison("claim", *both)


async def _rung(bench: _Bench, redis_url: str, scale: Scale) -> Comparison:
    broker = create_broker(redis_url)
    service = bench.service(DramatiqReminderQueue(broker))

    async def ours() -> int:
        claimed = await service.dispatch_due(limit=BATCH)
        broker.flush(REMINDERS)
        return claimed

    try:
        both = await in_turns(
            scale.of(4, 2),
            lambda: bench.claim_all(ours),
            lambda: bench.claim_all(bench.claim_by_hand),
        )
    finally:
        broker.close()
    return comparison("claim, rung for", *both)


async def _idle(bench: _Bench, scale: Scale) -> Comparison:
    """Of a look that finds nothing due: everything was claimed, for half a minute."""
    service = bench.service(_NobodyRungFor())
    await bench.make_due()
    while await service.dispatch_due(limit=BATCH):
        pass
    rounds, looks = scale.of(10, 3), scale.of(100, 20)
    ours, floor = list[Round](), list[Round]()
    sides: list[tuple[list[Round], Callable[[], Awaitable[Any]]]] = [
        (ours, service.next_due_at),
        (floor, bench.look_by_hand),
    ]
    async for _, (kept, look) in alternating(rounds, sides):
        kept.append(await _looks(look, looks))
    return comparison("an idle look", ours, floor)


async def _looks(look: Callable[[], Awaitable[Any]], number: int) -> Round:
    taken = []
    cpu, begun = time.process_time(), time.perf_counter()
    for _ in range(number):
        start = time.perf_counter()
        await look()
        taken.append(time.perf_counter() - start)
    return Round(number, time.perf_counter() - begun, time.process_time() - cpu, taken)


def _verdicts(plain: Comparison, idle: Comparison) -> list[Verdict]:
    return [
        *at_least("reminders claimed, among 1,000,000 tasks", plain.ours.rate, 5000, "a second"),
        *at_most("an idle look for what is due, p50", idle.ours.p50_ms, 5, "ms"),
    ]
