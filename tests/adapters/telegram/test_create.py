"""Creating a task, step by step."""

from datetime import UTC, date, datetime, timedelta

import pytest

from support.telegram import Person, Stage
from taskbot.application.ports import TaskPageRequest
from taskbot.application.views import TaskView
from taskbot.domain.deadline import DayDeadline, TimedDeadline

pytestmark = pytest.mark.anyio


async def tasks_of(stage: Stage, person: Person) -> list[TaskView]:
    user = await stage.core.queries.user_by_telegram_id(person.id)
    assert user is not None
    page = await stage.core.queries.tasks(TaskPageRequest(owner_id=user.id, limit=100))
    return list(page.items)


async def the_task_of(stage: Stage, person: Person) -> TaskView:
    (view,) = await tasks_of(stage, person)
    return view


async def at_the_deadline(person: Person, title: str = "Buy milk") -> None:
    """Lead *person* to the last step."""
    await person.send("/create")
    await person.send(title)
    await person.press("Skip")
    await person.press("No category")


async def test_four_answers_make_a_task(stage: Stage) -> None:
    ada = await stage.started()

    assert "step 1 of 4" in await ada.send("/create")
    assert "step 2 of 4" in await ada.send("Buy milk")
    assert "step 3 of 4" in await ada.send("2 litres\nof oat milk")
    assert "step 4 of 4" in await ada.send("Home")
    text = await ada.send("tomorrow 18:00")

    assert "The task is saved." in text
    assert "📌 Buy milk" in text
    assert "2 litres\nof oat milk" in text
    assert "🏷 Home" in text
    assert "📅 tomorrow at 18:00 (in 1 day 3 hours)" in text
    assert "🔔 I will remind you: tomorrow at 17:00, 18:00" in text
    assert ada.labels[:2] == ["✅ Done", "💤 Remind me"]
    view = await the_task_of(stage, ada)
    assert view.task.title == "Buy milk"
    assert view.task.description == "2 litres\nof oat milk"
    assert view.category is not None
    assert view.category.name == "Home"
    due_at = datetime(2100, 3, 16, 15, 0, tzinfo=UTC)
    assert view.task.deadline == TimedDeadline(due_at, "Europe/Moscow")


async def test_the_same_in_russian(stage: Stage) -> None:
    anna = await stage.started(language="ru")

    assert "шаг 1 из 4" in await anna.send("/create")
    await anna.send("Купить молоко")
    assert anna.labels == ["Пропустить ▶", "◀ Назад", "✖ Отменить"]
    await anna.press("Пропустить")
    await anna.press("Без категории")
    text = await anna.send("в пятницу в 10 утра")

    assert "🎉 Задача сохранена." in text
    assert "📅 пт, 19 марта в 10:00 (через 3 дня)" in text
    assert "🔔 Напомню: пт, 19 марта в 09:00, 10:00" in text


async def test_every_optional_step_can_be_skipped(stage: Stage) -> None:
    ada = await stage.started()

    await at_the_deadline(ada)
    await ada.press("No deadline")

    assert "📅 No deadline" in ada.text
    task = (await the_task_of(stage, ada)).task
    assert (task.description, task.category_id, task.deadline) == ("", None, None)


async def test_quick_buttons_choose_whole_days(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)
    assert ada.labels[:4] == ["Today", "Tomorrow", "Weekend · Sat 20", "Next week · Mon 22"]

    await ada.press("Weekend")

    task = (await the_task_of(stage, ada)).task
    assert task.deadline == DayDeadline(date(2100, 3, 20), "Europe/Moscow")
    assert "📅 Sat 20 March" in ada.text
    assert "🔔 I will remind you: Sat 20 March at 09:00" in ada.text


async def test_a_button_means_the_day_that_it_meant_when_it_was_shown(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)

    stage.core.clock.advance(timedelta(days=1))
    await ada.press("Tomorrow")

    task = (await the_task_of(stage, ada)).task
    assert task.deadline == DayDeadline(date(2100, 3, 16), "Europe/Moscow")


async def test_a_quick_button_of_a_day_that_is_over_is_explained(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)

    stage.core.clock.advance(timedelta(days=2))
    await ada.press("Today")

    assert "That is over already: Mon 15 March" in ada.text
    assert await tasks_of(stage, ada) == []


async def test_a_time_without_a_day_is_asked_about(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)

    assert "18:00 on which day?" in await ada.send("18:00")
    assert ada.labels[:2] == ["Today 18:00", "Tomorrow 18:00"]
    await ada.press("Today 18:00")

    assert "📅 today at 18:00 (in 3 hours)" in ada.text


async def test_a_time_that_is_over_today_is_offered_for_later_days(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)

    await ada.send("9:00")

    assert ada.labels[:2] == ["Tomorrow 09:00", "Wed 17 Mar 09:00"]


async def test_the_day_that_was_missing_can_be_typed(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)
    await ada.send("18:00")

    assert "📅 Fri 19 March at 18:00" in await ada.send("friday")


async def test_a_time_that_was_dropped_by_going_back_is_forgotten(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)
    await ada.send("18:00")
    await ada.press("Back")
    assert "step 4 of 4" in ada.text

    assert "📅 Fri 19 March\n" in await ada.send("friday")


async def test_going_back_keeps_and_shows_the_answers(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.send("oat")
    await ada.press("No category")

    await ada.press("Back")
    assert "step 3 of 4" in ada.text
    await ada.press("Back")
    assert "Now: oat" in ada.text
    await ada.press("Back")
    assert "Now: Buy milk" in ada.text
    await ada.press("Keep it")
    await ada.press("Keep it")
    await ada.press("No category")
    await ada.press("No deadline")

    task = (await the_task_of(stage, ada)).task
    assert (task.title, task.description) == ("Buy milk", "oat")


async def test_an_earlier_answer_can_be_changed_or_taken_away(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.send("oat")
    await ada.press("Back")

    await ada.press("No description")
    await ada.press("Back")
    await ada.press("Back")
    await ada.send("Buy bread")
    await ada.press("Skip")
    await ada.press("No category")
    await ada.press("No deadline")

    task = (await the_task_of(stage, ada)).task
    assert (task.title, task.description) == ("Buy bread", "")


async def test_a_chosen_category_is_kept_when_going_back(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    await ada.send("Home")

    await ada.press("Back")
    assert "Now: 🏷 Home" in ada.text
    await ada.press("Keep it")
    await ada.press("No deadline")

    assert "🏷 Home" in ada.text


async def test_a_known_category_is_a_button_and_is_not_made_twice(stage: Stage) -> None:
    ada = await stage.started()
    for choose in (ada.send("/create"), ada.send("One"), ada.press("Skip"), ada.send("Home")):
        await choose
    await ada.press("No deadline")

    await ada.send("/create")
    await ada.send("Two")
    await ada.press("Skip")
    assert ada.labels[0] == "🏷 Home"
    await ada.press("New category")
    await ada.send("hOmE")
    await ada.press("No deadline")

    assert "🏷 Home" in ada.text
    user = await stage.core.queries.user_by_telegram_id(ada.id)
    assert user is not None
    assert len(await stage.core.categories.list(actor=user.id)) == 1


async def test_many_categories_come_in_pages(stage: Stage) -> None:
    ada = await stage.started()
    user = await stage.core.users.find_or_register(ada.id)
    for number in range(20):
        await stage.core.categories.create(f"Category {number:02}", actor=user.id)
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    assert ada.labels[15:19] == ["🏷 Category 15", "◀", "1 / 2", "▶"]

    await ada.press("▶")
    assert ada.labels[:7] == [*(f"🏷 Category {n}" for n in (16, 17, 18, 19)), "◀", "2 / 2", "▶"]
    await ada.press("▶")
    assert ada.labels[0] == "🏷 Category 00", "round it goes"
    await ada.press("◀")
    await ada.press("Category 19")
    await ada.press("No deadline")

    assert "🏷 Category 19" in ada.text


async def test_the_last_press_handled_again_makes_no_second_task(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)
    key = f"{stage.bot.id}:{ada.id}:{ada.id}"
    kept, question = await stage.dialogues.read(key), int(ada.shown["message_id"])
    await ada.press("No deadline")

    await stage.dialogues.write(key, kept)  # as if it was killed before it could forget
    await ada.press_data("sd:none", message_id=question)

    assert len(await tasks_of(stage, ada)) == 1
    assert "🎉 The task is saved." in ada.text


@pytest.mark.parametrize("step", range(4))
async def test_the_dialogue_can_be_cancelled_at_every_step(stage: Stage, step: int) -> None:
    ada = await stage.started()
    await ada.send("/create")
    for answer in ("Buy milk", "oat", "Home")[:step]:
        await ada.send(answer)

    await ada.press("Cancel")

    assert ada.text == "✖ Cancelled: no task was created."
    assert ada.labels == []
    assert await tasks_of(stage, ada) == []
    assert "nothing to cancel" in await ada.send("/cancel")


async def test_the_command_cancels_too_and_cleans_the_question(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    question = ada.shown["message_id"]

    assert "no task was created" in await ada.send("/cancel")

    assert (await ada.message(question))["buttons"] == []


async def test_an_answered_question_loses_its_buttons(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    question = ada.shown["message_id"]
    assert ada.labels

    await ada.send("oat")

    assert (await ada.message(question))["buttons"] == []


async def test_a_button_of_an_answered_question_is_no_longer_current(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    question = ada.shown["message_id"]
    await ada.send("oat")
    latest = ada.shown["message_id"]

    answer = await ada.press_data("s:back", message_id=question)

    assert answer["text"] == "This is no longer current."
    assert "step 3 of 4" in (await ada.message(latest))["text"]
    await ada.look()
    assert "step 3 of 4" in ada.text


async def test_a_button_of_a_finished_dialogue_is_no_longer_current(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)
    await ada.press("No deadline")

    answer = await ada.press_data("sd:none")

    assert answer["text"] == "This is no longer current."
    assert len(await tasks_of(stage, ada)) == 1


async def test_pressing_the_last_button_twice_makes_one_task(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)

    await ada.press_data("sd:none")
    await ada.press_data("sd:none")

    assert len(await tasks_of(stage, ada)) == 1


async def test_a_category_deleted_meanwhile_costs_only_that_answer(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    await ada.send("Home")
    stage.core.database.tables.categories.clear()

    await ada.press("No deadline")

    assert "deleted meanwhile" in ada.text
    assert "step 3 of 4" in ada.text
    await ada.press("No category")
    await ada.press("No deadline")
    assert "Buy milk" in ada.text


async def test_the_dialogue_survives_a_restart_of_the_bot(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")

    await stage.restart()
    await ada.send("oat")
    await ada.press("No category")
    await ada.press("No deadline")

    task = (await the_task_of(stage, ada)).task
    assert (task.title, task.description) == ("Buy milk", "oat")
