"""aiogram's dialogue state on our own store."""

import asyncio

import pytest
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import StorageKey

from support.builders import NOW
from taskbot.adapters.memory import ManualClock, MemoryDialogueStore, MemoryPersonLocks
from taskbot.adapters.telegram.storage import OneAtATime, StoredDialogues
from taskbot.application.ports import Dialogue

pytestmark = pytest.mark.anyio

KEY = StorageKey(bot_id=1, chat_id=7, user_id=7)
OTHER = StorageKey(bot_id=1, chat_id=8, user_id=8)


class Form(StatesGroup):
    name = State()


async def test_state_and_data_are_kept_per_person() -> None:
    storage = StoredDialogues(MemoryDialogueStore(ManualClock(NOW)))

    await storage.set_state(KEY, Form.name)
    await storage.set_data(KEY, {"a": 1})

    assert await storage.get_state(KEY) == "Form:name"
    assert await storage.get_data(KEY) == {"a": 1}
    assert await storage.update_data(KEY, {"b": 2}) == {"a": 1, "b": 2}
    assert await storage.get_state(OTHER) is None
    assert await storage.get_data(OTHER) == {}


async def test_both_are_written_at_once_and_forgotten_together() -> None:
    store = MemoryDialogueStore(ManualClock(NOW))
    storage = StoredDialogues(store)

    await storage.put(KEY, Form.name, {"a": 1})
    assert (await store.read("1:7:7")).step == "Form:name"
    await storage.put(KEY, None, {})

    assert await storage.get_state(KEY) is None
    assert await storage.get_data(KEY) == {}


async def test_one_update_of_a_person_at_a_time() -> None:
    turns, order = (
        OneAtATime(MemoryPersonLocks(), StoredDialogues(MemoryDialogueStore(ManualClock(NOW)))),
        list[str](),
    )

    async def take(name: str, key: StorageKey) -> None:
        async with turns.lock(key):
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    await asyncio.gather(take("a", KEY), take("b", KEY), take("c", OTHER))

    assert order.index("a ends") < order.index("b begins")
    assert order.index("c begins") < order.index("a ends")


async def test_a_dialogue_is_read_once_in_a_turn_and_never_stale_in_the_next() -> None:
    class Counting(MemoryDialogueStore):
        reads = 0

        async def read(self, key: str) -> Dialogue:
            self.reads += 1
            return await super().read(key)

    store = Counting(ManualClock(NOW))
    storage = StoredDialogues(store)
    with storage.turn_of(KEY):
        (await storage.get_data(KEY))["forgotten"] = True
        await storage.put(KEY, None, {"title": "Milk", "list": [1]})
        (await storage.get_data(KEY))["list"].append(2)
        assert await storage.get_data(KEY) == {"title": "Milk", "list": [1]}
    assert store.reads == 1

    await store.write(f"{KEY.bot_id}:{KEY.chat_id}:{KEY.user_id}", Dialogue("x", {"title": "Tea"}))

    with storage.turn_of(KEY):
        assert await storage.get_state(KEY) == "x"
        assert await storage.get_data(KEY) == {"title": "Tea"}
    assert store.reads == 2
