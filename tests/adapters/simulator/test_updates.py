"""How a bot hears of what persons do: polling, buttons, blocks."""

import asyncio
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.types import InaccessibleMessage, InlineKeyboardButton, InlineKeyboardMarkup, Update

from support.simulator import RunningSimulator, SettableClock, eventually

pytestmark = pytest.mark.anyio

OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
GO = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]])


def texts(updates: list[Update]) -> list[str | None]:
    return [update.message.text if update.message else None for update in updates]


async def test_updates_come_in_order_and_go_when_confirmed(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.send(ada, "one")
    await sim.control.send(ada, "two")

    first = await bot.get_updates(limit=2)
    repeated = await bot.get_updates()
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    again = await bot.get_updates()

    assert texts(first) == ["/start", "one"]
    assert texts(repeated) == ["/start", "one", "two"]
    assert [u.update_id - first[0].update_id for u in repeated] == [0, 1, 2]
    assert texts(rest) == texts(again) == ["two"]


async def test_a_negative_offset_keeps_the_last_ones_only(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.send(ada, "one")
    await sim.control.send(ada, "two")

    last = await bot.get_updates(offset=-1)
    again = await bot.get_updates()

    assert texts(last) == texts(again) == ["two"]


async def test_a_poll_waits_for_the_next_update(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    seen = await bot.get_updates()
    poll = asyncio.create_task(bot.get_updates(offset=seen[-1].update_id + 1, timeout=50))
    await eventually(sim.control.is_polled)

    await sim.control.send(ada, "now")

    async with asyncio.timeout(10):
        assert texts(await poll) == ["now"]


async def test_a_second_poller_ends_the_first(sim: RunningSimulator, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=50))
    await eventually(sim.control.is_polled)
    async with sim.bot() as other:
        second = await other.get_updates(timeout=0)

    async with asyncio.timeout(10):
        with pytest.raises(TelegramConflictError) as refused:
            await first

    assert second == []
    assert refused.value.message == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


async def test_a_poller_that_hung_up_disturbs_nobody(sim: RunningSimulator, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await eventually(sim.control.is_polled)

    poll.cancel()

    async def is_free() -> bool:
        return not await sim.control.is_polled()

    await eventually(is_free)
    assert await bot.get_updates(timeout=0) == []


async def test_closing_ends_a_poll_at_once(sim: RunningSimulator, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await eventually(sim.control.is_polled)

    sim.simulator.stop_waiting()

    async with asyncio.timeout(2):
        assert await poll == []


async def test_an_update_is_kept_a_day(
    sim: RunningSimulator, bot: Bot, ada: int, clock: SettableClock
) -> None:
    clock.now += timedelta(hours=23)
    await sim.control.send(ada, "fresh")
    clock.now += timedelta(hours=1)

    assert texts(await bot.get_updates()) == ["fresh"]


async def test_only_the_kinds_asked_for_are_delivered(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["my_chat_member"])
    await sim.control.send(ada, "not asked for")
    await sim.control.block(ada)

    updates = await bot.get_updates(offset=-1)

    assert [update.event_type for update in updates] == ["my_chat_member"]


async def test_a_block_and_an_unblock_are_told(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    await bot.get_updates(offset=-1)
    await sim.control.block(ada)
    await sim.control.block(ada)
    await sim.control.unblock(ada)

    changes = [u.my_chat_member for u in (await bot.get_updates())[1:]]

    statuses = [(c.old_chat_member.status, c.new_chat_member.status) for c in changes if c]
    assert statuses == [("member", "kicked"), ("kicked", "member")]
    assert all(c.new_chat_member.user.id == bot.id for c in changes if c)


async def test_an_edited_message_is_told(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    message_id = await sim.control.send(ada, "one")

    await sim.control.edit(ada, message_id, "two")

    edited = (await bot.get_updates())[-1].edited_message
    assert edited is not None
    assert (edited.message_id, edited.text) == (message_id, "two")
    assert edited.edit_date is not None


async def test_the_same_update_can_be_delivered_again(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    updates = await bot.get_updates()
    offset = updates[-1].update_id + 1
    await bot.get_updates(offset=offset)

    await sim.control.redeliver(updates[0].update_id)

    assert await bot.get_updates(offset=offset) == updates
    assert await bot.get_updates(offset=offset) == []


async def test_a_press_shows_the_bots_answer(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    sent = await bot.send_message(ada, "x", reply_markup=GO)
    seen = await bot.get_updates()
    press = asyncio.create_task(sim.control.press(ada, sent.message_id, data="go"))
    updates = await bot.get_updates(offset=seen[-1].update_id + 1, timeout=20)
    query = updates[0].callback_query
    assert query is not None

    await bot.answer_callback_query(query.id, text="Done!", show_alert=True)

    seen_by_ada = await press
    assert query.data == "go"
    assert query.from_user.id == ada
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    assert (seen_by_ada["answered"], seen_by_ada["text"]) == (True, "Done!")
    assert seen_by_ada["show_alert"] is True


async def test_a_press_that_nobody_answers_ends_unanswered(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(ada, "x", reply_markup=GO)

    answer = await sim.control.press(ada, sent.message_id, text="Go", wait=0)

    assert (answer["answered"], answer["text"]) == (False, None)


async def test_a_query_can_be_answered_once_and_in_time(
    sim: RunningSimulator, bot: Bot, ada: int, clock: SettableClock
) -> None:
    sent = await bot.send_message(ada, "x", reply_markup=GO)
    first = await sim.control.press(ada, sent.message_id, data="go", wait=0)
    second = await sim.control.press(ada, sent.message_id, data="go", wait=0)
    await bot.answer_callback_query(first["callback_query_id"])
    clock.now += timedelta(seconds=151)

    for query_id in (first["callback_query_id"], second["callback_query_id"], "12345", ""):
        with pytest.raises(TelegramBadRequest) as refused:
            await bot.answer_callback_query(query_id)
        assert refused.value.message == OLD


async def test_a_query_expires_before_a_message_does(
    sim: RunningSimulator, bot: Bot, ada: int, clock: SettableClock
) -> None:
    sent = await bot.send_message(ada, "x", reply_markup=GO)
    await sim.control.press(ada, sent.message_id, data="go", wait=0)
    clock.now += timedelta(seconds=151)

    assert texts(await bot.get_updates()) == ["/start"]


async def test_an_answer_has_200_characters_at_most(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(ada, "x", reply_markup=GO)
    pressed = await sim.control.press(ada, sent.message_id, data="go", wait=0)

    with pytest.raises(TelegramBadRequest) as refused:
        await bot.answer_callback_query(pressed["callback_query_id"], text="я" * 201)

    assert refused.value.message == "Bad Request: MESSAGE_TOO_LONG"
    assert await bot.answer_callback_query(pressed["callback_query_id"], text="я" * 200)


async def test_forged_data_and_dead_messages_can_be_pressed_by_force(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(ada, "x", reply_markup=GO)
    await sent.delete()

    await sim.control.press(ada, sent.message_id, data="evil", force=True, wait=0)

    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.data == "evil"
    assert isinstance(query.message, InaccessibleMessage)
