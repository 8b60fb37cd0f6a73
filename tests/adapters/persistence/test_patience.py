"""Databases that do not answer are hung up on, and no others."""

import asyncio
from typing import Any

import pytest
from attrs import define, field

from support.simulator import eventually
from taskbot.adapters.persistence.patience import Patience

pytestmark = pytest.mark.anyio


@define
class _Dialect:
    """Stands for a database that is given so long."""

    patience_seconds: float | None
    hung_up_on: list[str] = field(factory=list)

    async def has_hung_up_on(self, *connections: str) -> bool:
        return set(self.hung_up_on) >= set(connections)

    def hang_up(self, driver_connection: str) -> None:
        self.hung_up_on.append(driver_connection)


def _patience(dialect: Any) -> Patience:
    return Patience(dialect)


async def test_whoever_answers_in_time_is_not_hung_up_on() -> None:
    dialect = _Dialect(0.1)
    patience = _patience(dialect)
    patience.begin("slow")

    async with asyncio.timeout(20):
        while not dialect.hung_up_on:
            patience.begin("quick")
            await asyncio.sleep(0.001)
            patience.end("quick")

    assert dialect.hung_up_on == ["slow"]


async def test_each_is_given_its_time_from_its_own_beginning() -> None:
    dialect = _Dialect(0.1)
    patience, loop = _patience(dialect), asyncio.get_running_loop()
    patience.begin("first")
    await asyncio.sleep(0.05)
    begun = loop.time()
    patience.begin("second")

    await eventually(lambda: dialect.has_hung_up_on("first", "second"))

    assert loop.time() - begun >= dialect.patience_seconds  # type: ignore[operator]


async def test_who_was_hung_up_on_is_told_so() -> None:
    dialect = _Dialect(0.01)
    patience = _patience(dialect)
    patience.begin("quick")
    assert patience.end("quick")

    patience.begin("slow")
    await eventually(lambda: dialect.has_hung_up_on("slow"))

    assert not patience.end("slow")


async def test_after_a_rest_it_watches_again() -> None:
    dialect = _Dialect(0.01)
    patience = _patience(dialect)
    patience.begin("first")
    await eventually(lambda: dialect.has_hung_up_on("first"))

    patience.begin("second")

    await eventually(lambda: dialect.has_hung_up_on("first", "second"))


def test_it_watches_on_the_loop_on_which_it_is_waited_for() -> None:
    dialect = _Dialect(0.01)
    patience = _patience(dialect)

    async def ask(connection: str) -> None:
        patience.begin(connection)

    asyncio.run(ask("of a loop that has ended"))

    async def ask_and_wait() -> None:
        patience.begin("of this one")
        await eventually(lambda: dialect.has_hung_up_on("of this one"))

    asyncio.run(ask_and_wait())


async def test_some_are_waited_for_without_end() -> None:
    dialect = _Dialect(None)
    patience = _patience(dialect)

    patience.begin("a file")
    patience.end("a file")

    assert not dialect.hung_up_on
