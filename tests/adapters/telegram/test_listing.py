"""The list of all open tasks, and its pages."""

from datetime import timedelta

import pytest

from support.telegram import Person, Stage
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import Deadline, TimedDeadline
from taskbot.domain.ids import UserId

pytestmark = pytest.mark.anyio


async def owner(stage: Stage, person: Person) -> UserId:
    user = await stage.core.queries.user_by_telegram_id(person.id)
    assert user is not None
    return user.id


async def a_task_of(
    stage: Stage, person: Person, title: str, deadline: Deadline | None = None
) -> None:
    actor = await owner(stage, person)
    await stage.core.tasks.create(CreateTask(actor=actor, title=title, deadline=deadline))


def in_minutes(stage: Stage, minutes: float) -> Deadline:
    now = stage.core.clock.now()
    return TimedDeadline(now + timedelta(minutes=minutes, microseconds=7), "Europe/Moscow")


async def test_an_empty_list_says_what_to_do(stage: Stage) -> None:
    ada = await stage.started()

    assert "/create" in await ada.send("/tasks")
    await ada.press("New task")

    assert "step 1 of 4" in ada.text


async def test_an_empty_list_in_russian(stage: Stage) -> None:
    anna = await stage.started(language="ru")

    assert "Открытых задач нет" in await anna.send("/tasks")


async def test_the_nearest_deadline_comes_first_and_tells_its_time(stage: Stage) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada, "Some day")
    await a_task_of(stage, ada, "Later", in_minutes(stage, 60 * 24))
    await a_task_of(stage, ada, "Soon", in_minutes(stage, 60))

    await ada.send("/tasks")

    assert ada.listed == ["today 16:00 · Soon", "tomorrow 15:00 · Later", "Some day"]


async def test_what_is_overdue_is_marked(stage: Stage) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada, "Late", in_minutes(stage, 5))

    stage.core.clock.advance(timedelta(minutes=6))
    await ada.send("/tasks")

    assert ada.listed == ["⚠️ today 15:05 · Late"]


async def test_pages_go_forth_and_back_without_loss_or_repetition(stage: Stage) -> None:
    ada = await stage.started()
    expected = [f"Task {number:02}" for number in range(20)]
    for number, title in enumerate(expected):
        deadline = in_minutes(stage, number + 1) if number < 12 else None
        await a_task_of(stage, ada, title, deadline)

    await ada.send("/tasks")
    page = ada.shown["message_id"]
    seen = [[label[-7:] for label in ada.listed]]
    while "Later ▶" in ada.labels:
        await ada.press("Later")
        seen.append([label[-7:] for label in ada.listed])
    back = [seen[-1]]
    while "◀ Earlier" in ada.labels:
        await ada.press("Earlier")
        back.append([label[-7:] for label in ada.listed])

    assert [len(titles) for titles in seen] == [8, 8, 4]
    assert [title for titles in seen for title in titles] == expected
    assert back == seen[::-1]
    assert ada.shown["message_id"] == page


async def test_a_page_that_has_emptied_meanwhile_shows_the_first_one(stage: Stage) -> None:
    ada = await stage.started()
    for number in range(9):
        await a_task_of(stage, ada, f"Task {number}", in_minutes(stage, number + 1))
    await ada.send("/tasks")
    stage.core.database.tables.tasks.clear()
    await a_task_of(stage, ada, "The only one", in_minutes(stage, 0.5))

    await ada.press("Later")

    assert ada.listed == ["today 15:00 · The only one"]


async def test_a_task_in_the_list_opens_its_card_and_leads_back(stage: Stage) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada, "Buy milk")
    await ada.send("/tasks")
    page = ada.shown["message_id"]

    await ada.press("Buy milk")
    assert "📌 Buy milk" in ada.text
    await ada.press("All tasks")

    assert "Your open tasks" in ada.text
    assert ada.shown["message_id"] == page


async def test_a_long_title_is_cut_between_signs(stage: Stage) -> None:
    ada = await stage.started()
    family = "👨‍👩‍👧‍👦"
    await a_task_of(stage, ada, family * 20)

    await ada.send("/tasks")

    assert ada.listed == [family * 3 + "…"]


async def test_the_list_says_how_many_there_are_of_each_kind(stage: Stage) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada, "Soon", in_minutes(stage, 5))
    await a_task_of(stage, ada, "Later today", in_minutes(stage, 60))
    await a_task_of(stage, ada, "Next month", in_minutes(stage, 60 * 24 * 30))
    await ada.send("/tasks")
    assert "open tasks: 3" in ada.text
    assert "due today: 2" in ada.text
    assert "overdue" not in ada.text

    stage.core.clock.advance(timedelta(minutes=6))
    await ada.send("/tasks")

    assert "overdue: 1" in ada.text
