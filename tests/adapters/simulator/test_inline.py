"""Inline mode: what a bot may offer, and what becomes of it."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultContact,
    InlineQueryResultsButton,
    InputTextMessageContent,
)

from support.simulator import ControlError, RunningSimulator, SettableClock, running_simulator

pytestmark = pytest.mark.anyio


def an_article(result_id: str = "1", text: str = "<b>Milk</b>", **more: Any) -> Any:
    content = InputTextMessageContent(message_text=text, parse_mode="HTML")
    more.setdefault("title", "Buy milk")
    return InlineQueryResultArticle(id=result_id, input_message_content=content, **more)


async def asked(sim: RunningSimulator, bot: Bot, person: int, query: str = "milk") -> str:
    """Have *person* ask; give the id of the query."""
    await sim.control.inline(person, query, wait=0)
    question = (await bot.get_updates(offset=-1))[-1].inline_query
    assert question is not None
    return question.id


async def test_a_query_reaches_the_bot_and_its_answer_the_person(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await bot.get_updates(offset=-1)
    asking = asyncio.create_task(sim.control.inline(ada, " milk ", offset="20"))
    while not (updates := await bot.get_updates(offset=100_002, timeout=1)):
        pass
    query = updates[-1].inline_query
    assert query is not None
    button = InlineQueryResultsButton(text="Open", start_parameter="find")
    article = an_article(description="tomorrow")
    await query.answer([article], cache_time=3, is_personal=True, next_offset="40", button=button)

    offered = await asking

    assert (query.from_user.id, query.query, query.offset) == (ada, "milk", "20")
    assert offered == {
        "answered": True,
        "results": [
            {
                "id": "1",
                "title": "Buy milk",
                "description": "tomorrow",
                "text": "Milk",
                "html": "<b>Milk</b>",
                "buttons": [],
            }
        ],
        "next_offset": "40",
        "button": {"text": "Open", "start_parameter": "find"},
        "cache_time": 3,
        "is_personal": True,
    }


async def test_a_bot_that_says_nothing_has_offered_nothing(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    offered = await sim.control.inline(ada, "milk", wait=0)

    assert (offered["answered"], offered["results"]) == (False, [])


async def test_what_is_chosen_is_sent_by_the_person_via_the_bot(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    row = [InlineKeyboardButton(text="Open", url="https://t.me/some_bot?start=1")]
    markup = InlineKeyboardMarkup(inline_keyboard=[row])
    await bot.answer_inline_query(await asked(sim, bot, ada), [an_article(reply_markup=markup)])

    message_id = await sim.control.choose(ada, "1")

    message = (await bot.get_updates(offset=-1))[-1].message
    shown = await sim.control.last(ada)
    assert message is not None
    assert message.from_user is not None
    assert message.via_bot is not None
    assert (message.message_id, message.text, message.html_text) == (
        message_id,
        "Milk",
        "<b>Milk</b>",
    )
    assert (message.from_user.id, message.via_bot.id) == (ada, bot.id)
    assert message.reply_markup is not None
    assert message.reply_markup.inline_keyboard[0][0].url == row[0].url
    assert (shown["from"], shown["via_bot"]) == ("person", True)
    assert shown["buttons"] == [[{"text": "Open", "url": "https://t.me/some_bot?start=1"}]]


async def test_only_what_was_offered_to_that_person_can_be_chosen(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    bob = await sim.control.person(8, "Bob")
    await bot.answer_inline_query(await asked(sim, bot, ada), [an_article()])

    for person, result in ((ada, "2"), (bob, "1")):
        with pytest.raises(ControlError) as refusal:
            await sim.control.choose(person, result)
        assert refusal.value.status == 404


@pytest.mark.parametrize(
    ("results", "more", "words"),
    [
        ([an_article(str(n)) for n in range(51)], {}, "RESULTS_TOO_MUCH"),
        ([an_article("1"), an_article("1")], {}, "RESULT_ID_DUPLICATE"),
        ([an_article("")], {}, "RESULT_ID_INVALID"),
        ([an_article("я" * 33)], {}, "RESULT_ID_INVALID"),
        ([an_article(title=" ")], {}, "ARTICLE_TITLE_EMPTY"),
        ([an_article(text="<b>")], {}, "can't parse entities"),
        ([an_article(text="x" * 4097)], {}, "message is too long"),
        ([an_article(text="")], {}, "message text is empty"),
        (
            [InlineQueryResultContact(id="1", phone_number="1", first_name="Ada")],
            {},
            "RESULT_TYPE_INVALID",
        ),
        ([], {"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ([], {"button": InlineQueryResultsButton(text="Open")}, "START_PARAM_EMPTY"),
        (
            [],
            {"button": InlineQueryResultsButton(text="Open", start_parameter="a b")},
            "START_PARAM_INVALID",
        ),
        (
            [],
            {"button": InlineQueryResultsButton(text=" ", start_parameter="a")},
            "SWITCH_PM_TEXT_EMPTY",
        ),
    ],
)
async def test_what_telegram_does_not_take_is_refused(
    sim: RunningSimulator,
    bot: Bot,
    ada: int,
    results: list[Any],
    more: dict[str, Any],
    words: str,
) -> None:
    query = await asked(sim, bot, ada)

    with pytest.raises(TelegramBadRequest, match=words):
        await bot.answer_inline_query(query, results, **more)

    assert await bot.answer_inline_query(query, [])


async def test_fifty_results_with_the_longest_ids_fit(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    results = [an_article(f"{number:064}") for number in range(50)]

    assert await bot.answer_inline_query(await asked(sim, bot, ada), results, next_offset="x" * 64)


async def test_a_query_is_answered_once_and_in_time(
    sim: RunningSimulator, bot: Bot, ada: int, clock: SettableClock
) -> None:
    answered, late = await asked(sim, bot, ada), await asked(sim, bot, ada)
    await bot.answer_inline_query(answered, [])
    clock.now += timedelta(seconds=31)

    for query in (answered, late, "no such query"):
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await bot.answer_inline_query(query, [])


async def test_what_was_offered_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite"
    async with running_simulator(storage_path=path) as sim, sim.bot() as bot:
        ada = await sim.control.person()
        await bot.answer_inline_query(await asked(sim, bot, ada), [an_article()])

    async with running_simulator(storage_path=path) as sim:
        assert await sim.control.choose(ada, "1")
