"""Free hands: some errands at a time, whatever becomes of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from taskbot.adapters.queue import free_hands
from taskbot.adapters.queue.free_hands import FreeHands

pytestmark = pytest.mark.anyio


def _until(event: asyncio.Event, ended: list[str]) -> Callable[[], Awaitable[None]]:
    async def errand() -> None:
        await event.wait()
        ended.append("ended")

    return errand


async def _at_once() -> None:
    """There is nothing to do."""


async def _broken() -> None:
    raise RuntimeError("made up")


async def test_who_has_one_more_waits_for_a_free_hand() -> None:
    hands, go, ended = FreeHands(2), asyncio.Event(), list[str]()
    for _ in range(2):
        await hands.take(_until(go, ended))

    third = asyncio.create_task(hands.take(_until(go, ended)))
    done, _ = await asyncio.wait([third], timeout=0.05)
    assert not done

    go.set()
    await third
    await hands.rest(within=5)
    assert len(ended) == 3


async def test_an_errand_that_fails_frees_its_hand(caplog: pytest.LogCaptureFixture) -> None:
    hands = FreeHands(1)

    for _ in range(3):
        await hands.take(_broken)
    await hands.rest(within=5)

    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 3


async def test_an_errand_that_never_ends_frees_its_hand(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(free_hands, "_LONGEST_SECONDS", 0.01)
    hands = FreeHands(1)

    await hands.take(_until(asyncio.Event(), []))
    await hands.take(_at_once)
    await hands.rest(within=5)

    assert "delivering reminders failed" in caplog.text


async def test_at_the_end_nobody_waits_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    hands, ended = FreeHands(2), list[str]()
    await hands.take(_at_once)
    await hands.take(_until(asyncio.Event(), ended))

    await hands.rest(within=0.05)
    await hands.rest(within=5)

    assert ended == []
    assert "it will be repeated" in caplog.text
