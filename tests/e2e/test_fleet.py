"""A process for each role, several of some, on PostgreSQL and Redis."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta

import pytest

from support import postgres, redis
from support.fleet import Fleet, a_fleet
from support.processes import RunningProcess
from support.product import Product
from support.simulator import eventually
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import SqlSignsOfLife, create_database
from taskbot.application.ports import SignsOfLife

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PEOPLE = 5
EACH = 6


@pytest.fixture(scope="module")
async def fleet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fleet]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_fleet(tmp_path_factory.mktemp("fleet")) as fleet:
        await asyncio.gather(
            *(fleet.start(role) for role in ("scheduler", "scheduler", "worker", "worker"))
        )
        yield fleet


@pytest.fixture(scope="module")
async def product(fleet: Fleet) -> Product:
    return await fleet.product()


async def _promise(product: Product, titles: list[str], *, after: timedelta) -> list[int]:
    """Have people who are to be reminded of *titles*, each of all of them; give their ids."""
    people = [await product.a_person(name=f"Person {number}") for number in range(PEOPLE)]
    for person in people:
        async with product.program_of(person) as program:
            for place, title in enumerate(titles):
                due_at = datetime.now(UTC) + after + place * timedelta(seconds=0.2)
                body = {"title": title, "due_at": due_at.isoformat()}
                assert (await program.post("/tasks", json=body)).status_code == 201
    return [person.id for person in people]


async def _reminders_of(product: Product, person_id: int, titles: list[str]) -> Counter[str]:
    """How often a person was reminded of each title, alone or together with others."""
    texts = [m["text"] for m in await product.control.messages(person_id)]
    reminders = [text for text in texts if text.startswith("🔔")]
    return Counter(title for title in titles for text in reminders if title in text)


async def test_two_schedulers_and_two_workers_remind_each_person_once(
    fleet: Fleet, product: Product
) -> None:
    titles = [f"Task {number}" for number in range(EACH)]

    people = await _promise(product, titles, after=timedelta(seconds=8))

    async def all_are_there() -> bool:
        counts = [await _reminders_of(product, person, titles) for person in people]
        return all(len(count) == EACH for count in counts)

    await eventually(all_are_there, within=60)
    for person in people:
        assert set((await _reminders_of(product, person, titles)).values()) == {1}


async def test_redis_that_forgets_everything_costs_no_reminder(
    fleet: Fleet, product: Product
) -> None:
    titles = [f"Remembered {number}" for number in range(EACH)]

    people = await _promise(product, titles, after=timedelta(seconds=5))
    for _ in range(8):
        await asyncio.to_thread(fleet.redis.forget_everything)
        await asyncio.sleep(0.5)
    await asyncio.to_thread(fleet.redis.restart)

    async def all_are_there() -> bool:
        counts = [await _reminders_of(product, person, titles) for person in people]
        return all(len(count) == EACH for count in counts)

    await eventually(all_are_there, within=90)
    for person in people:
        assert set((await _reminders_of(product, person, titles)).values()) == {1}


async def _parts_at_work(
    signs_of_life: SignsOfLife, processes: Collection[RunningProcess]
) -> set[str]:
    """As what *processes* are known, by their signs of life."""
    numbers = {str(one.process.pid) for one in processes}
    seen = [one.process for one in await signs_of_life.last_of_all()]
    return {one.part.value for one in seen if one.name.rpartition(":")[2] in numbers}


async def test_every_role_is_seen_at_work_until_it_ends(fleet: Fleet) -> None:
    roles = {"scheduler", "worker", "bot", "api"}
    processes = await asyncio.gather(*map(fleet.start, roles))
    database = create_database(fleet.environment["TASKBOT_DATABASE_URL"])
    signs_of_life = SqlSignsOfLife(database, SystemClock())

    async def are_all_seen() -> bool:
        return await _parts_at_work(signs_of_life, processes) == roles

    try:
        await eventually(are_all_seen)
        for process in processes:
            await process.ask_to_stop()
        assert await _parts_at_work(signs_of_life, processes) == set()
    finally:
        await database.dispose()


async def test_every_role_stops_when_it_is_asked_to(fleet: Fleet) -> None:
    processes = await asyncio.gather(
        *(fleet.start(role, is_executed=True) for role in ("scheduler", "worker", "bot", "api"))
    )

    for process in processes:
        assert await process.ask_to_stop() == 0, process.log()
