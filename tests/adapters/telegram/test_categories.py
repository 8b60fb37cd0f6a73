"""Conversations about categories."""

from datetime import timedelta
from typing import Any

import pytest

from support.telegram import DOT, Person, Stage, plain
from taskbot.adapters.telegram.categories.screens import PAGE
from taskbot.application.categories import EditCategory
from taskbot.application.task_commands import CreateTask
from taskbot.domain.category import Category
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio


async def the_user(stage: Stage, person: Person) -> User:
    return await stage.core.users.find_or_register(person.id)


async def a_category(
    stage: Stage, person: Person, name: str = "Home", *, tasks: int = 0, done: int = 0
) -> Category:
    user = await the_user(stage, person)
    category = await stage.core.categories.create(name, actor=user.id)
    for number in range(tasks + done):
        view = await stage.core.tasks.create(
            CreateTask(actor=user.id, title=f"{name} {number}", category_id=category.id)
        )
        if number >= tasks:
            await stage.core.tasks.complete(view.task.id, actor=user.id)
    return category


async def the_categories(stage: Stage, person: Person) -> list[tuple[str, str | None, int]]:
    user = await the_user(stage, person)
    counts = await stage.core.categories.counts(actor=user.id)
    return [(one.category.name, one.category.emoji, one.tasks) for one in counts]


async def tasks_of(stage: Stage, person: Person) -> int:
    user = await the_user(stage, person)
    return sum(task.owner_id == user.id for task in stage.core.database.tables.tasks.values())


def data_of(person: Person, label: str) -> str:
    every = [button for row in person.shown["buttons"] for button in row]
    return next(str(one["data"]) for one in every if label in plain(one["text"]))


async def test_who_has_none_makes_the_first_one(stage: Stage) -> None:
    ada = await stage.started()

    empty = await ada.send("/categories")
    await ada.press("New category")
    asked = ada.text
    saved = await ada.send("  Home ")
    await ada.press("🏠")

    assert "You have no categories yet" in empty
    assert "What shall the new category be called?" in asked
    assert "The category is saved: Home" in saved
    assert "👍 Saved.\n\n🏠 Home\n\n📌 Open tasks: 0" in ada.text
    assert await the_categories(stage, ada) == [("Home", "🏠", 0)]
    await ada.press("Categories")
    assert ada.labels == ["🏠 Home", "➕ New category…"]


async def test_the_same_in_russian(stage: Stage) -> None:
    anna = await stage.started(language="ru")

    await anna.send("/categories")
    await anna.press("Новая категория")
    saved = await anna.send("Дом")
    marked = await anna.send("вот 👨‍👩‍👧‍👦 и 🛒")
    await anna.press("Удалить")

    assert "🎉 Категория сохранена: Дом" in saved
    assert "Какой эмодзи поставить?" in saved
    assert marked.startswith("👍 Сохранено.\n\n👨‍👩‍👧‍👦 Дом\n\n📌 Открытых задач: 0")
    assert "Удалить категорию?\nЗадач в ней нет." in anna.text
    await anna.press("Да, удалить")
    assert anna.text.startswith("🗑 Удалено: 👨‍👩‍👧‍👦 Дом\n\n🏷 Категорий пока нет.")
    assert await the_categories(stage, anna) == []


async def test_a_new_one_needs_no_emoji_and_its_question_can_be_skipped(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/categories")
    await ada.press("New category")
    await ada.send("Home")

    await ada.press("Skip")

    assert "🏷 Home" in ada.text
    assert "nothing to cancel" in await ada.send("/cancel")
    assert await the_categories(stage, ada) == [("Home", None, 0)]


async def test_the_list_counts_open_tasks_and_a_category_both_kinds(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada, "Home", tasks=2, done=1)
    await a_category(stage, ada, "Work")

    listed = await ada.send("/categories")
    labels = ada.labels
    await ada.press("Home")

    assert "Your categories: 2" in listed
    assert labels == ["🏷 Home · 2", "🏷 Work", "➕ New category…"]
    assert "📌 Open tasks: 2\n✅ Done: 1" in ada.text


async def test_a_list_of_many_has_pages_and_leads_back_to_the_same(stage: Stage) -> None:
    ada = await stage.started()
    for number in range(PAGE * 2 + 1):
        await a_category(stage, ada, f"Category {number:02}")

    await ada.send("/categories")
    assert ada.labels[-2:] == ["▶", "➕ New category…"]
    await ada.press("▶")
    assert ada.labels[-3:-1] == ["◀", "▶"]
    await ada.press("▶")
    assert ada.labels == ["🏷 Category 16", "◀", "➕ New category…"]
    await ada.press("Category 16")
    await ada.press("Delete")
    await ada.press("No, keep it")
    await ada.press("Categories")
    assert "🏷 Category 16" in ada.labels


async def test_a_category_is_renamed(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada)
    await ada.send("/categories")
    await ada.press("Home")

    await ada.press("Rename")
    asked = ada.text
    renamed = await ada.send("House")

    assert asked == "🏷 Home\n\nWhat shall it be called from now on?"
    assert "👍 Saved." in renamed
    assert await the_categories(stage, ada) == [("House", None, 0)]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("wORK", "You have the category wORK already."),
        ("x" * 51, "That is too long for a category: 51 characters, and at most 50 fit."),
    ],
)
@pytest.mark.parametrize("label", ["Rename", "New category"])
async def test_a_name_that_cannot_be_is_refused_and_asked_for_again(
    stage: Stage, name: str, told: str, label: str
) -> None:
    ada = await stage.started()
    await a_category(stage, ada, "Work")
    await a_category(stage, ada, "Home")
    await ada.send("/categories")
    if label == "Rename":
        await ada.press("Home")
    await ada.press(label)

    refused = await ada.send(name)
    saved = await ada.send("Garden")

    assert refused.startswith(told)
    assert "be called" in refused
    assert ("👍 Saved." in saved) or ("The category is saved: Garden" in saved)


async def test_a_name_changed_elsewhere_meanwhile_is_not_overwritten_unseen(stage: Stage) -> None:
    ada = await stage.started()
    home = await a_category(stage, ada)
    user = await the_user(stage, ada)
    await ada.send("/categories")
    await ada.press("Home")
    await ada.press("Rename")
    await stage.core.categories.edit(EditCategory(actor=user.id, category_id=home.id, name="House"))

    refused = await ada.send("Hut")
    saved = await ada.send("Hut")

    assert "changed elsewhere at the same moment" in refused
    assert "🏷 House" in refused
    assert "👍 Saved.\n\n🏷 Hut" in saved


async def test_an_emoji_is_changed_typed_and_taken_away(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada)
    await ada.send("/categories")
    await ada.press("Home")

    await ada.press("Emoji")
    assert "No emoji" not in ada.labels
    none = await ada.send("home")
    no_text = await ada.send(photo=DOT)
    typed = await ada.send("🏳️‍🌈🏠")
    await ada.press("Emoji")
    await ada.press("No emoji")

    assert none.startswith("🤔 I see no emoji there.\n\n🏷 Home\n\nWhich emoji shall mark it?")
    assert "I can only read text here" in no_text
    assert "🏳️‍🌈 Home" in typed
    assert "👍 Saved.\n\n🏷 Home" in ada.text


async def test_deletion_leaves_tasks_without_a_category(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada, tasks=1, done=1)
    await ada.send("/categories")
    await ada.press("Home")

    await ada.press("Delete")
    asked, labels = ada.text, ada.labels
    await ada.press("Leave them")

    assert "There are 2 tasks in it." in asked
    assert labels == ["Leave them without a category", "🗑 Delete them, too", "◀ Back"]
    assert "🗑 Deleted: 🏷 Home\n2 tasks have no category now." in ada.text
    assert await tasks_of(stage, ada) == 2


async def test_deletion_moves_tasks_to_another_category(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada, "Home", tasks=3)
    await a_category(stage, ada, "Work", tasks=1)
    await ada.send("/categories")
    await ada.press("Home")
    await ada.press("Delete")

    await ada.press("Move them")
    labels = ada.labels
    await ada.press("Work")

    assert labels == ["🏷 Work", "◀ Back"]
    assert "🗑 Deleted: 🏷 Home\nIts tasks (3) are in 🏷 Work now." in ada.text
    assert await the_categories(stage, ada) == [("Work", None, 4)]


async def test_deletion_of_tasks_too_is_asked_for_once_more(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada, "Home", tasks=3)
    await a_category(stage, ada, "Work", tasks=1)
    await ada.send("/categories")
    await ada.press("Home")
    await ada.press("Delete")

    await ada.press("Delete them")
    asked, surely = ada.text, data_of(ada, "Yes, delete 3 tasks")
    await ada.press("Back")
    assert "what shall become of its tasks?" in ada.text
    await ada.press_data(surely)

    assert "with all of its tasks" in asked
    assert "🗑 Deleted: 🏷 Home\n3 tasks went with it." in ada.text
    assert await the_categories(stage, ada) == [("Work", None, 1)]
    assert await tasks_of(stage, ada) == 1


async def test_more_tasks_than_were_told_are_not_deleted_unasked(stage: Stage) -> None:
    ada = await stage.started()
    home = await a_category(stage, ada, tasks=1)
    user = await the_user(stage, ada)
    await ada.send("/categories")
    await ada.press("Home")
    await ada.press("Delete")
    await ada.press("Delete them")
    await stage.core.tasks.create(CreateTask(actor=user.id, title="x", category_id=home.id))

    answer = await ada.press("Yes, delete 1 task")

    assert answer["text"] == "The category has changed meanwhile: please look again."
    assert "There are 2 tasks in it." in ada.text
    assert await tasks_of(stage, ada) == 2


@pytest.mark.parametrize(
    "label", ["Rename", "Emoji", "Delete", "🏠", "No emoji", "Leave", "Move", "Work", "them, too"]
)
async def test_an_old_button_of_a_deleted_category_says_so(stage: Stage, label: str) -> None:
    ada = await stage.started()
    home = await a_category(stage, ada, tasks=1)
    await a_category(stage, ada, "Work")
    user = await the_user(stage, ada)
    await stage.core.categories.edit(EditCategory(actor=user.id, category_id=home.id, emoji="🌱"))
    await ada.send("/categories")
    await ada.press("Home")
    on_the_way = {"🏠": ["Emoji"], "No emoji": ["Emoji"], "Work": ["Delete", "Move"]}
    for step in on_the_way.get(
        label, ["Delete"] if label in {"Leave", "Move", "them, too"} else []
    ):
        await ada.press(step)
    old = data_of(ada, label)
    await stage.core.categories.delete(home.id, actor=user.id)

    answer = await ada.press_data(old)

    assert answer["text"] == "This category is gone: it was deleted."
    assert ada.labels == ["🏷 Work", "➕ New category…"]
    assert "nothing to cancel" in await ada.send("/cancel")


async def test_a_name_for_a_category_that_is_gone_ends_the_question(stage: Stage) -> None:
    ada = await stage.started()
    home = await a_category(stage, ada)
    user = await the_user(stage, ada)
    await ada.send("/categories")
    await ada.press("Home")
    await ada.press("Rename")
    await stage.core.categories.delete(home.id, actor=user.id)

    told = await ada.send("House")

    assert told.startswith("This category is gone: it was deleted.\n\n🏷 You have no categories")
    assert "nothing to cancel" in await ada.send("/cancel")


async def test_a_press_twice_has_one_effect(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada, tasks=1)
    await a_category(stage, ada, "Work")
    await ada.send("/categories")
    await ada.press("Home")
    await ada.press("Delete")
    await ada.press("Move")
    into_work = data_of(ada, "Work")

    await ada.press_data(into_work)
    again = await ada.press_data(into_work)

    assert again["text"] == "This category is gone: it was deleted."
    assert await the_categories(stage, ada) == [("Work", None, 1)]


async def test_a_command_in_between_is_obeyed_and_the_question_put_again(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada)
    await ada.send("/categories")
    await ada.press("Home")
    await ada.press("Rename")

    asked = await ada.send("/tasks")
    await stage.restart()
    renamed = await ada.send("House")

    assert asked.startswith("👇 I was asking:\n\n🏷 Home\n\nWhat shall it be called")
    assert "🏷 House" in renamed


@pytest.mark.parametrize("label", ["New category", "Rename", "Emoji"])
async def test_any_question_is_left_by_a_command_and_by_its_button(
    stage: Stage, label: str
) -> None:
    ada = await stage.started()
    await a_category(stage, ada)
    for leave in ("/cancel", "button"):
        await ada.send("/categories")
        if label != "New category":
            await ada.press("Home")
        await ada.press(label)
        if leave == "button":
            await ada.press("Back" if label == "Emoji" else "Cancel")
        else:
            assert "Cancelled" in await ada.send(leave)

        assert "nothing to cancel" in await ada.send("/cancel")
    assert await the_categories(stage, ada) == [("Home", None, 0)]


async def test_a_half_filled_new_task_is_not_lost_for_it(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada)
    await ada.send("/categories")
    listed = int(ada.shown["message_id"])
    await ada.send("/create")
    await ada.send("Buy milk")

    answer = await ada.press("New category", message_id=listed)

    assert answer["text"].startswith("Please finish the new task first")
    assert "Which category?" in await ada.send("At the dairy")


async def test_somebody_elses_category_cannot_be_touched(stage: Stage) -> None:
    ada, ben = await stage.started(), await stage.started(8, "Ben")
    await a_category(stage, ada, "Diary", tasks=1)
    await ada.send("/categories")
    await ada.press("Diary")
    await ben.send("/categories")

    for label in ("Rename", "Emoji", "Delete"):
        answer: dict[str, Any] = await ben.press_data(data_of(ada, label))
        assert answer["text"] == "This category is gone: it was deleted."
        assert "Diary" not in ben.text
    assert await the_categories(stage, ada) == [("Diary", None, 1)]


async def test_a_restart_and_a_day_later_the_buttons_work_as_before(stage: Stage) -> None:
    ada = await stage.started()
    await a_category(stage, ada)
    await ada.send("/categories")
    await stage.restart()
    await stage.time_passes(timedelta(days=1))

    await ada.press("Home")

    assert "🏷 Home" in ada.text
