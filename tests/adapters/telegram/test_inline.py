"""Inline mode: a person's own tasks in any chat."""

from datetime import date, timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import AnswerInlineQuery, SendMessage
from aiogram.types import Update

from support.builders import NOW
from support.core import a_core
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from support.telegram import Person, Stage, a_dispatcher, plain
from taskbot.adapters.memory import MemoryQueries
from taskbot.domain.deadline import DayDeadline, TimedDeadline

pytestmark = pytest.mark.anyio


async def ask(stage: Stage, person: Person, query: str = "", **more: Any) -> dict[str, Any]:
    return await stage.sim.control.inline(person.id, query, **more)


def titles(offered: dict[str, Any]) -> list[str]:
    return [result["title"] for result in offered["results"]]


async def test_without_words_what_is_open_is_offered_the_nearest_deadline_first(
    stage: Stage,
) -> None:
    ada = await stage.started()
    await stage.has(ada, "Some day")
    await stage.has(ada, "Evening", deadline=TimedDeadline(NOW + timedelta(hours=5), "UTC"))
    await stage.has_done(ada, "Done before")

    offered = await ask(stage, ada)

    assert titles(offered) == ["Evening", "Some day"]
    assert [plain(one["description"]) for one in offered["results"]] == [
        "today at 20:00",
        "No deadline",
    ]
    assert (offered["is_personal"], offered["next_offset"], offered["button"]) == (True, "", None)
    assert offered["cache_time"] <= 10


async def test_words_find_what_is_done_as_well(stage: Stage) -> None:
    ada = await stage.started()
    actor = (await stage.core.users.find_or_register(ada.id)).id
    home = await stage.core.categories.create("Home", actor=actor)
    await stage.has_done(ada, "Buy milk", description="Two bottles\nthe blue ones")
    await stage.has(ada, "Milk the cow", category_id=home.id)
    await stage.has(ada, "Bread")

    offered = await ask(stage, ada, "milk")

    assert sorted(titles(offered)) == ["Milk the cow", "✅ Buy milk"]
    lines = {one["title"]: plain(one["description"]) for one in offered["results"]}
    assert lines["Milk the cow"] == "No deadline · Home"
    assert lines["✅ Buy milk"] == "Done: today at 15:00 · Two bottles"


async def test_what_is_sent_can_be_understood_by_others_at_any_time(stage: Stage) -> None:
    ada = await stage.started()
    moment = TimedDeadline(NOW + timedelta(days=1), "Europe/Moscow")
    await stage.has(ada, "Meet <us>", description="At the & corner", deadline=moment)
    await stage.has(ada, "Pay", deadline=DayDeadline(date(2100, 3, 17), "Europe/Moscow"))

    meet, pay = (await ask(stage, ada))["results"]

    assert plain(meet["text"]) == (
        "📌 Meet <us>\n\nAt the & corner\n\n📅 Tue 16 March 2100 at 15:00 (Moscow)"
    )
    assert "<b>" in meet["html"]
    assert plain(pay["text"]) == "📌 Pay\n\n📅 Wed 17 March 2100"
    ((button,),) = meet["buttons"]
    assert button["url"].startswith("https://t.me/simulated_4242_bot?start=task_")
    assert "callback_data" not in button


async def test_in_russian(stage: Stage) -> None:
    anna = await stage.started(name="Анна", language="ru")
    soon = TimedDeadline(NOW + timedelta(minutes=5), "Europe/Moscow")
    await stage.has(anna, "Купить молока", deadline=soon)
    stage.core.clock.advance(timedelta(minutes=6))

    (found,) = (await ask(stage, anna, "молоко"))["results"]
    nothing = await ask(stage, anna, "хлеб")

    assert found["title"] == "⚠️ Купить молока"
    assert found["description"] == "сегодня в 15:05"
    assert plain(found["text"]).endswith("📅 пн, 15 марта 2100 в 15:05 (Москва)")
    assert nothing["button"]["text"] == "🤷 Ничего не нашлось: поискать в боте"


async def test_pages_follow_each_other_without_loss_or_repetition(stage: Stage) -> None:
    ada = await stage.started()
    for number in range(45):
        await stage.has(ada, f"Milk {number:02}")

    page = await ask(stage, ada, "milk")
    seen = [titles(page)]
    while page["next_offset"]:
        page = await ask(stage, ada, "milk", offset=page["next_offset"])
        seen.append(titles(page))

    assert [len(one) for one in seen] == [20, 20, 5]
    assert sorted(title for one in seen for title in one) == [f"Milk {n:02}" for n in range(45)]


async def test_what_is_chosen_in_the_chat_with_the_bot_opens_its_card(stage: Stage) -> None:
    ada = await stage.started()
    task = await stage.has(ada, "Buy milk")
    await ask(stage, ada, "milk")

    await stage.sim.control.choose(ada.id, str(task.id))
    await stage.handled()
    await ada.look()

    assert "📌 Buy milk" in ada.text
    assert "✅ Done" in ada.labels
    assert len(stage.core.database.tables.tasks) == 1  # its text is no new task


async def test_what_is_chosen_in_the_middle_of_a_dialogue_is_no_answer(stage: Stage) -> None:
    ada = await stage.started()
    task = await stage.has(ada, "Buy milk")
    await ada.send("/create")
    await ask(stage, ada, "milk")

    await stage.sim.control.choose(ada.id, str(task.id))
    await stage.handled()

    assert "📌 Buy milk" in await ada.look()
    assert "step 2 of 4" in await ada.send("Bread")


async def test_what_is_chosen_may_be_gone(stage: Stage) -> None:
    ada = await stage.started()
    task = await stage.has(ada, "Buy milk")
    await ask(stage, ada, "milk")
    await stage.core.tasks.delete(task.id, actor=task.owner_id)

    await stage.sim.control.choose(ada.id, str(task.id))
    await stage.handled()

    assert "This task is gone" in await ada.look()


async def test_nothing_found_leads_to_the_bot(stage: Stage) -> None:
    ada = await stage.started()

    empty, nothing = await ask(stage, ada), await ask(stage, ada, "milk")

    assert (empty["results"], nothing["results"]) == ([], [])
    assert empty["button"]["text"] == "🌿 Nothing is open: write down a new task"
    assert nothing["button"] == {
        "text": "🤷 Nothing found: look for it in the bot",
        "start_parameter": "find",
    }


async def test_a_stranger_is_led_to_the_bot_and_stays_a_stranger(stage: Stage) -> None:
    eve = await stage.person(9, "Eve", "ru")

    offered = await ask(stage, eve, "milk")

    assert offered["results"] == []
    assert offered["button"]["text"] == "👋 Открыть бота и записать первую задачу"
    assert await stage.core.queries.user_by_telegram_id(9) is None


async def test_who_blocked_the_bot_is_not_reminded_because_they_asked_it_inline(
    stage: Stage,
) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    await stage.sim.control.block(ada.id)
    await stage.handled()

    offered = await ask(stage, ada)

    user = await stage.core.queries.user_by_telegram_id(ada.id)
    assert user is not None
    assert titles(offered) == ["Buy milk"]
    assert not user.reachable


async def test_nobody_is_offered_what_is_somebody_elses(stage: Stage) -> None:
    ada, bob = await stage.started(), await stage.started(8, "Bob")
    await stage.has(bob, "Buy milk")

    assert (await ask(stage, ada, "milk"))["results"] == []


async def test_a_query_repeated_by_telegram_is_answered_once(stage: Stage) -> None:
    ada = await stage.started()
    await ask(stage, ada)
    (call,) = await stage.sim.control.calls("answerInlineQuery")
    offsets = [
        one["parameters"].get("offset") for one in await stage.sim.control.calls("getUpdates")
    ]

    for update_id in sorted({offset - 1 for offset in offsets if offset}):
        await stage.sim.control.redeliver(update_id)
    await stage.handled()

    assert await stage.sim.control.calls("answerInlineQuery") == [call]


def a_query(query: str = "milk", offset: str = "") -> Update:
    ada = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    asked = {"id": "1", "from": ada, "query": query, "offset": offset}
    return Update.model_validate({"update_id": 1, "inline_query": asked})


class Broken(MemoryQueries):
    async def user_by_telegram_id(self, telegram_id: int) -> Any:
        raise RuntimeError(telegram_id)


async def test_when_something_breaks_there_is_a_button_at_least() -> None:
    session = RecordingSession()
    core = a_core()
    dispatcher = a_dispatcher(a_core(queries=Broken(core.database)))

    await dispatcher.feed_update(Bot(TOKEN, session=session), a_query())

    (answer,) = session.calls
    assert isinstance(answer, AnswerInlineQuery)
    assert answer.results == []
    assert answer.button is not None
    assert answer.button.text == "⚠️ That did not work: open the bot"


@pytest.mark.parametrize("offset", ["nonsense", "_" * 32, "х" * 10])
async def test_an_offset_that_is_none_of_ours_is_answered_all_the_same(offset: str) -> None:
    session = RecordingSession()
    core = a_core()
    await core.users.find_or_register(7)

    await a_dispatcher(core).feed_update(Bot(TOKEN, session=session), a_query(offset=offset))

    assert isinstance(session.calls[-1], AnswerInlineQuery)


async def test_the_bot_asks_telegram_for_inline_queries(stage: Stage) -> None:
    ada = await stage.started()
    await ask(stage, ada)

    call = (await stage.sim.control.calls("getUpdates"))[0]

    assert "inline_query" in call["parameters"]["allowed_updates"]


def chosen(**more: Any) -> Update:
    """A result of ours, sent in the chat with the bot."""
    ada = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    us = {"id": 4242, "is_bot": True, "first_name": "taskbot"}
    chat = {"id": 7, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": ada, "via_bot": us, "text": "x"}
    return Update.model_validate({"update_id": 1, "message": message | more})


async def test_a_result_that_names_no_task_leads_to_the_list() -> None:
    session, core = RecordingSession(), a_core()

    await a_dispatcher(core).feed_update(Bot(TOKEN, session=session), chosen())

    (answer,) = session.calls
    assert isinstance(answer, SendMessage)
    assert "Nothing is open" in answer.text


async def test_a_result_of_another_bot_is_a_message_like_any_other() -> None:
    session, core = RecordingSession(), a_core()
    other = {"id": 1, "is_bot": True, "first_name": "gif"}

    await a_dispatcher(core).feed_update(Bot(TOKEN, session=session), chosen(via_bot=other))

    (answer,) = session.calls
    assert isinstance(answer, SendMessage)
    assert "A new task" in answer.text


async def test_without_knowing_its_own_name_the_bot_offers_results_without_links(
    stage: Stage,
) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    await stage.sim.control.fault("500", method="getMe", times=5)
    stage.bot._me = None

    (result,) = (await ask(stage, ada))["results"]

    await stage.sim.control.clear_faults()
    assert result["buttons"] == []


async def test_an_answer_that_comes_too_late_is_no_failure(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await stage.started()
    await stage.sim.control.fault("stall", method="answerInlineQuery")
    await ask(stage, ada, wait=0)
    (question,) = stage.sim.simulator.world.current.questions.values()
    question.date -= 60

    await stage.sim.control.clear_faults()
    await stage.handled()

    assert [one for one in caplog.records if one.levelname == "ERROR"] == []
