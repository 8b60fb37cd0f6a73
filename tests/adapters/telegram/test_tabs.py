"""Tabs and categories of the list, in both languages and over both ways to the application."""

from datetime import date, timedelta

import pytest
from ulid import ULID

from support.builders import NOW
from support.telegram import Person, Stage
from taskbot.adapters.telegram.callbacks import ListPage
from taskbot.adapters.telegram.listing import CategoryList
from taskbot.application.ports import TaskPosition
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline

pytestmark = pytest.mark.anyio

MOSCOW = "Europe/Moscow"  # where it is three in the afternoon, of a Monday


def after(hours: float) -> Deadline:
    return TimedDeadline(NOW + timedelta(hours=hours), MOSCOW)


async def a_full_week(stage: Stage, person: Person) -> None:
    """Something of every kind; an hour later one of them is overdue."""
    await stage.has(person, "Late", deadline=after(0.5))
    await stage.has(person, "Evening", deadline=after(5))
    await stage.has(person, "All day", deadline=DayDeadline(date(2100, 3, 15), MOSCOW))
    await stage.has(person, "Tomorrow", deadline=after(24))
    await stage.has(person, "Some day")
    await stage.has_done(person, "Done before")
    stage.core.clock.advance(timedelta(hours=1))
    await stage.has_done(person, "Done now", deadline=after(48))


async def a_category(stage: Stage, person: Person, name: str, emoji: str | None = None) -> Category:
    actor = (await stage.core.users.find_or_register(person.id)).id
    return await stage.core.categories.create(name, emoji=emoji, actor=actor)


async def test_each_task_stands_under_its_tabs(stage: Stage) -> None:
    ada = await stage.started()
    await a_full_week(stage, ada)
    await ada.send("/tasks")
    page = ada.shown["message_id"]
    seen = {"All": ada.listed}

    for tab in ("Today", "Upcoming", "overdue", "No deadline", "Done"):
        await ada.press(tab)
        seen[tab] = ada.listed

    assert seen == {
        "Today": ["⚠️ 15:30 · Late", "20:00 · Evening", "All day"],
        "Upcoming": ["tomorrow 15:00 · Tomorrow"],
        "overdue": ["⚠️ today 15:30 · Late"],
        "All": [
            "⚠️ today 15:30 · Late",
            "today 20:00 · Evening",
            "today · All day",
            "tomorrow 15:00 · Tomorrow",
            "Some day",
        ],
        "No deadline": ["Some day"],
        "Done": ["✅ today · Done now", "✅ today · Done before"],
    }
    assert ada.shown["message_id"] == page


async def test_the_tabs_are_two_rows_and_tell_numbers_and_which_is_open(stage: Stage) -> None:
    ada = await stage.started()
    await a_full_week(stage, ada)

    await ada.send("/tasks")

    *_, first, second, others = [[button["text"] for button in row] for row in ada.shown["buttons"]]
    assert first == ["Today 3", "Upcoming 1", "⚠️ 1 overdue"]
    assert second == ["• All 5", "No deadline", "Done"]
    assert others == ["🏷 Category", "🔎 Find"]
    await ada.press("Done")
    assert "• Done" in ada.labels
    assert "All 5" in ada.labels


async def test_the_tabs_in_russian(stage: Stage) -> None:
    anna = await stage.started(name="Анна", language="ru")
    await a_full_week(stage, anna)

    text = await anna.send("/tasks")
    assert "Открытые задачи: 5" in text
    assert anna.labels[-8:] == [
        "Сегодня 3", "Впереди 1", "⚠️ 1 просрочено",
        "• Все 5", "Без срока", "Готово",
        "🏷 Категория", "🔎 Найти",
    ]  # fmt: skip
    await anna.press("просрочено")
    assert "Просрочено: 1" in anna.text
    assert anna.listed == ["⚠️ сегодня 15:30 · Late"]
    await anna.press("Впереди")
    assert anna.listed == ["завтра 15:00 · Tomorrow"]
    assert "просрочено: 1" in anna.text


@pytest.mark.parametrize(
    ("tab", "told"),
    [
        ("Today", "Nothing is due today"),
        ("Upcoming", "Nothing is due from tomorrow on"),
        ("Overdue", "Nothing is overdue"),
        ("Done", "Nothing is done yet"),
    ],
)
async def test_an_empty_tab_says_what_to_do_next(stage: Stage, tab: str, told: str) -> None:
    ada = await stage.started()
    await stage.has(ada, "Some day")
    await ada.send("/tasks")

    await ada.press(tab)

    assert told in ada.text
    assert f"• {tab}" in ada.labels
    await ada.press("New task")
    assert "step 1 of 4" in ada.text


async def test_when_all_have_deadlines_the_tab_of_the_others_says_so(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Evening", deadline=after(5))
    await ada.send("/tasks")

    await ada.press("No deadline")

    assert "Every open task has a deadline" in ada.text


async def test_with_nothing_open_every_tab_but_done_says_so(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has_done(ada, "Buy milk")
    assert "Nothing is open" in await ada.send("/tasks")

    await ada.press("No deadline")
    assert "Nothing is open" in ada.text
    await ada.press("Done")
    assert ada.listed == ["✅ today · Buy milk"]


async def test_done_tasks_turn_pages_by_when_they_were_done(stage: Stage) -> None:
    ada = await stage.started()
    tasks = [await stage.has(ada, f"Task {number}") for number in range(10)]
    for task in tasks[::-1]:
        stage.core.clock.advance(timedelta(minutes=1))
        await stage.core.tasks.complete(task.id, actor=task.owner_id)
    await ada.send("/tasks")
    await ada.press("Done")
    first = ada.listed

    await ada.press("Later")
    second = ada.listed
    await ada.press("Earlier")

    assert [title[-1] for title in first + second] == list("0123456789")
    assert ada.listed == first
    assert "• Done" in ada.labels


async def test_today_is_that_of_the_persons_own_clock(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Late call", deadline=after(10))  # one at night, in Moscow
    await ada.send("/tasks")
    await ada.press("Today")
    in_moscow = ada.listed

    await ada.send("/timezone London")
    await ada.press("Keep the moment")
    await ada.send("/tasks")
    await ada.press("Today")

    assert in_moscow == []
    assert ada.listed == ["22:00 · Late call"]


async def test_buttons_of_older_messages_lead_to_all_tasks_and_to_their_page(stage: Stage) -> None:
    ada = await stage.started()
    tasks = [await stage.has(ada, f"Task {n}", deadline=after(n + 1)) for n in range(3)]
    await ada.send("/tasks")
    await ada.press("Done")

    await ada.press_data(ListPage().pack())
    everything = ada.listed
    await ada.press_data(ListPage.at(TaskPosition.of(tasks[0]), backwards=False).pack())

    assert len(everything) == 3
    assert ada.listed == everything[1:]
    assert "• All 3" in ada.labels


async def test_a_forged_place_shows_the_first_page(stage: Stage) -> None:
    ada = await stage.started()
    await stage.has(ada, "Buy milk")
    await ada.send("/tasks")

    for data in ("li:a:0:nonsense", f"li:a:1:{'_' * 32}", f"lc::0:{'_' * 32}", "lip:-7", "lip:99"):
        await ada.press_data(data)
        assert "All tasks" in ada.labels[-1] or ada.listed == ["Buy milk"]


async def test_a_category_shows_its_open_tasks(stage: Stage) -> None:
    ada = await stage.started()
    home = await a_category(stage, ada, "Home", "🏠")
    await a_category(stage, ada, "Empty")
    await stage.has(ada, "Water the plants", category_id=home.id)
    await stage.has(ada, "Call mum", category_id=home.id, deadline=after(1))
    await stage.has_done(ada, "Sweep", category_id=home.id)
    await stage.has(ada, "Buy milk")
    await ada.send("/tasks")
    page = ada.shown["message_id"]

    await ada.press("🏷 Category")
    assert ada.labels == ["🏷 Empty", "🏠 Home · 2", "No category · 1", "☰ All tasks"]
    await ada.press("Home")

    assert ada.text.startswith("🏠 Home: 2")
    assert ada.listed == ["today 16:00 · Call mum", "Water the plants"]
    await ada.press("Another category")
    await ada.press("No category")
    assert ada.listed == ["Buy milk"]
    await ada.press("Another category")
    await ada.press("Empty")
    assert "Nothing is open here" in ada.text
    assert ada.labels == ["📝 New task", "🏷 Another category", "☰ All tasks"]
    assert ada.shown["message_id"] == page


async def test_a_category_in_russian(stage: Stage) -> None:
    anna = await stage.started(name="Анна", language="ru")
    home = await a_category(stage, anna, "Дом")
    await stage.has(anna, "Полить цветы", category_id=home.id)
    await anna.send("/tasks")

    await anna.press("Категория")
    assert "какой категории" in anna.text
    await anna.press("Дом · 1")

    assert anna.text.startswith("🏷 Дом: 1")
    assert anna.labels == ["Полить цветы", "🏷 Другая категория", "☰ Все задачи"]


async def test_without_categories_it_is_told_how_to_make_one(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/tasks")

    await ada.press("Category")

    assert "no categories yet" in ada.text
    assert ada.labels == ["☰ All tasks"]


async def test_many_categories_and_their_tasks_are_turned_page_by_page(stage: Stage) -> None:
    ada = await stage.started()
    many = [await a_category(stage, ada, f"Category {number:02}") for number in range(20)]
    for number in range(10):
        deadline = after(number + 1) if number < 5 else None
        await stage.has(ada, f"Task {number}", category_id=many[19].id, deadline=deadline)
    await ada.send("/tasks")
    await ada.press("🏷 Category")
    first = [label for label in ada.labels if "Category" in label]

    await ada.press("Later")
    await ada.press("Category 19 · 10")
    shown = ada.listed
    await ada.press("Later")
    shown += ada.listed
    await ada.press("Earlier")

    assert len(first) == 16
    assert [title[-6:] for title in shown] == [f"Task {number}" for number in range(10)]
    assert ada.listed == shown[:8]
    assert "Category 19: 10" in ada.text


async def test_a_category_that_is_gone_says_so_and_offers_the_others(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada, "Home")
    await ada.send("/tasks")

    answer = await ada.press_data(CategoryList(id=ULID()).pack())

    assert answer["text"] == "This category was deleted."
    assert "🏷 Home" in ada.labels


async def test_the_category_of_somebody_else_is_gone_for_me(stage: Stage) -> None:
    ada, bob = await stage.started(), await stage.started(8, "Bob")
    his = await a_category(stage, bob, "Secret")
    await stage.has(bob, "His task", category_id=his.id)
    await ada.send("/tasks")

    await ada.press_data(CategoryList(id=his.id).pack())

    assert "Secret" not in ada.text
    assert ada.listed == []
