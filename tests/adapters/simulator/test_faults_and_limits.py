"""Failures on demand, and Telegram's sending limits."""

import asyncio
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from support.simulator import RunningSimulator, SettableClock, eventually

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("403-blocked", TelegramForbiddenError, "Forbidden: bot was blocked by the user"),
        ("403-deactivated", TelegramForbiddenError, "Forbidden: user is deactivated"),
        ("400-chat-not-found", TelegramBadRequest, "Bad Request: chat not found"),
        ("500", TelegramServerError, "Internal Server Error"),
    ],
)
async def test_a_fault_is_answered_as_telegram_would(
    sim: RunningSimulator, bot: Bot, ada: int, kind: str, error: type[Exception], words: str
) -> None:
    await sim.control.fault(kind)

    with pytest.raises(error) as failed:
        await bot.send_message(ada, "x")

    assert getattr(failed.value, "message", None) == words
    assert (await bot.send_message(ada, "after")).text == "after"


async def test_429_says_how_long_to_wait_in_body_and_header(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.fault("429", method="sendMessage", retry_after=7, times=2)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(ada, "x")

    raw = await sim.control.http.post("/bot4242:a/sendMessage", json={"chat_id": ada, "text": "x"})

    assert refused.value.retry_after == 7
    assert raw.status_code == 429
    assert raw.headers["retry-after"] == "7"
    assert raw.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


async def test_a_migrated_chat_names_the_new_one(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    await sim.control.fault("migrated")

    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(ada, "x")

    assert moved.value.migrate_to_chat_id == -1_000_000_000_007


async def test_accept_then_reset_delivers_the_message_and_breaks_the_connection(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.fault("accept-then-reset", method="sendmessage")

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ada, "did it arrive?")

    assert (await sim.control.last(ada))["text"] == "did it arrive?"
    assert (await sim.control.calls("sendMessage"))[-1]["outcome"] == {
        "ok": False,
        "fault": "accept-then-reset",
    }


async def test_a_stalled_call_that_is_given_up_is_not_performed(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.fault("stall", method="sendMessage")

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ada, "never", request_timeout=1)
    await sim.control.clear_faults()
    await bot.send_message(ada, "then")

    assert [m["text"] for m in await sim.control.messages(ada)] == ["/start", "then"]


async def test_a_stalled_call_goes_on_when_faults_are_cleared(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.fault("stall", method="sendMessage")
    sending = asyncio.create_task(bot.send_message(ada, "late"))

    async def has_arrived() -> bool:
        return bool(await sim.control.calls("sendMessage"))

    await eventually(has_arrived)
    await sim.control.clear_faults()

    async with asyncio.timeout(10):
        assert (await sending).text == "late"


async def test_a_fault_hits_only_the_method_and_person_it_names(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    bob = await sim.control.person(8, "Bob")
    await sim.control.send(bob, "/start")
    await sim.control.fault("500", method="sendMessage", person=bob)

    await bot.send_message(ada, "x")
    await bot.send_chat_action(bob, "typing")
    with pytest.raises(TelegramServerError):
        await bot.send_message(bob, "x")

    await bot.send_message(bob, "only once")


async def test_polling_does_not_use_up_faults_that_do_not_name_it(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.fault("500")

    await bot.get_updates()

    with pytest.raises(TelegramServerError):
        await bot.get_me()


async def test_polling_can_fail_when_it_is_named(sim: RunningSimulator, bot: Bot) -> None:
    await sim.control.fault("500", method="getUpdates")

    with pytest.raises(TelegramServerError):
        await bot.get_updates()


async def test_a_fault_without_a_number_lasts_until_it_is_removed(
    sim: RunningSimulator, bot: Bot
) -> None:
    await sim.control.fault("500", times=None)
    for _ in range(3):
        with pytest.raises(TelegramServerError):
            await bot.get_me()

    await sim.control.clear_faults()

    assert (await bot.get_me()).is_bot


async def test_a_fault_of_no_probability_never_happens(sim: RunningSimulator, bot: Bot) -> None:
    await sim.control.fault("500", probability=0)

    for _ in range(20):
        assert (await bot.get_me()).is_bot


async def test_the_faults_in_force_are_listed(sim: RunningSimulator) -> None:
    await sim.control.fault("429", retry_after=3, times=2)

    listed = await sim.control.request("GET", "/sim/faults")

    assert [(f["kind"], f["times"], f["retry_after"]) for f in listed] == [("429", 2, 3)]


async def test_a_chat_gets_a_short_burst_and_then_one_message_a_second(
    sim: RunningSimulator, bot: Bot, ada: int, clock: SettableClock
) -> None:
    await sim.control.limits(enforce=True)
    for number in range(3):
        await bot.send_message(ada, str(number))
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(ada, "too fast")

    clock.now += timedelta(seconds=refused.value.retry_after)

    assert refused.value.retry_after == 1
    assert (await bot.send_message(ada, "now")).text == "now"


async def test_a_bot_sends_30_messages_a_second_and_no_more(
    sim: RunningSimulator, bot: Bot, clock: SettableClock
) -> None:
    people = [await sim.control.person(number, "X") for number in range(1, 33)]
    for person in people:
        await sim.control.send(person, "/start")
    await sim.control.limits(enforce=True)

    async def accepted(chats: list[int]) -> int:
        sent = await asyncio.gather(
            *(bot.send_message(chat, "x") for chat in chats), return_exceptions=True
        )
        return sum(not isinstance(outcome, TelegramRetryAfter) for outcome in sent)

    first = await accepted(people)
    clock.now += timedelta(seconds=1)
    second = await accepted(people[:30])

    assert (first, second) == (30, 30)


async def test_without_enforcement_there_is_no_limit(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.limits(enforce=False)

    sent = await asyncio.gather(*(bot.send_message(ada, str(number)) for number in range(40)))

    assert len(sent) == 40


async def test_reading_is_not_limited(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    await sim.control.limits(enforce=True, per_bot=1, per_chat=1)

    for _ in range(5):
        await bot.get_me()
        await bot.send_chat_action(ada, "typing")


async def test_every_call_is_recorded_with_its_outcome(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await bot.send_message(ada, "x", parse_mode="HTML")
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(999, "y")

    calls = await sim.control.calls("sendmessage")
    later = await sim.control.calls(after=calls[0]["id"])

    first, second = calls
    assert first["method"] == "sendMessage"
    assert first["parameters"] == {"chat_id": ada, "text": "x", "parse_mode": "HTML"}
    assert (first["outcome"], first["person"], first["bot"]) == ({"ok": True}, ada, 4242)
    assert second["outcome"]["description"] == "Bad Request: chat not found"
    assert second["time"] >= first["time"]
    assert later == [second]


async def test_no_token_is_recorded(sim: RunningSimulator, bot: Bot) -> None:
    await bot.get_me()
    await sim.control.http.get("/bot77:very-secret/getMe")
    await sim.control.http.get("/botvery-secret/getMe")

    shown = str(await sim.control.calls())

    assert "very-secret" not in shown
    assert "made-up" not in shown


async def test_accept_then_stall_delivers_the_message_and_keeps_the_answer_back(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.fault("accept-then-stall", method="sendMessage")
    sending = asyncio.create_task(bot.send_message(ada, "it arrived"))

    async def has_arrived() -> bool:
        return bool((await sim.control.last(ada))["text"] == "it arrived")

    await eventually(has_arrived)
    assert not sending.done()
    await sim.control.clear_faults()

    async with asyncio.timeout(10):
        assert (await sending).text == "it arrived"


async def test_nobody_needs_to_wait_for_an_answer_that_is_kept_back(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.fault("accept-then-stall", method="sendMessage")

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ada, "it arrived", request_timeout=1)

    assert (await sim.control.last(ada))["text"] == "it arrived"
