"""Lists of what is stored: what they show, how far they go, and what they cost."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import insert, text

from support.backends import Storage, sql_storage
from support.builders import (
    NOW,
    a_category,
    a_task,
    a_user,
)
from support.household import KEYS, a_household
from support.panel_lists import Panel, a_panel, text_of, watched
from taskbot.adapters.admin.listing import COUNTED
from taskbot.adapters.admin.views.tasks import TasksView
from taskbot.adapters.persistence import Database, rows, tables
from taskbot.domain.deadline import DayDeadline, TimedDeadline

pytestmark = pytest.mark.anyio

ENDLESS = "Wait for ever"
takes_for_ever = text(
    "(tasks.title <> 'Wait for ever' OR (WITH RECURSIVE n(i) AS"
    " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n) > 0)"
)
"""True of all tasks, but of one it takes for ever to find out."""

on_each_database = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@on_each_database
async def test_a_list_shows_what_there_is(panel: Panel, storage: Storage) -> None:
    home = await a_household(storage)

    assert {key: await panel.ids(key) for key in KEYS} == {key: [home.ids[key]] for key in KEYS}


async def test_an_empty_list_says_so(panel: Panel) -> None:
    for key in KEYS:
        assert "Nothing is found." in await panel.page(f"{key}/list")


async def test_a_page_tells_all_of_a_thing(panel: Panel, storage: Storage) -> None:
    home = await a_household(storage)

    for key in KEYS:
        page = await panel.page(f"{key}/detail", pk=home.ids[key])
        assert home.ids[key] in text_of(page)
        assert "-null-" not in page


async def test_what_is_not_there_is_not_found(panel: Panel) -> None:
    for key in KEYS:
        for pk in ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", "", "\0", "1 OR 1=1"):
            answer = await panel.browser.get(f"/admin/{key}/detail", params={"pk": pk})
            assert answer.status_code == httpx.codes.NOT_FOUND


async def test_a_secret_is_nowhere(panel: Panel, storage: Storage) -> None:
    home = await a_household(storage)

    pages = await panel.page("tokens/list") + await panel.page(
        "tokens/detail", pk=home.ids["tokens"]
    )

    assert home.token.prefix in pages
    assert home.token.digest.hex() not in pages
    assert "digest" not in pages


async def test_a_row_is_told_in_words(panel: Panel, storage: Storage) -> None:
    await a_household(storage)

    (task,) = await panel.rows("tasks")
    (person,) = await panel.rows("people")

    assert task["status"] == "open"
    assert task["priority"] == "normal"
    assert task["owner"] == "Anna"
    assert task["category"] == "Home"
    assert task["due"] == "—"
    assert person["reachable"] == "yes"
    assert person["paused"] == "no"


async def test_a_moment_is_told_by_the_operators_clocks(database: Database) -> None:
    storage = sql_storage(database)
    user = a_user()
    task = a_task(owner_id=user.id, deadline=TimedDeadline(NOW, "Asia/Tokyo"))
    await storage.keep(user, task)

    async with a_panel(database, timezone="Europe/Moscow") as panel:
        (row,) = await panel.rows("tasks")
        panel.browser.cookies.set("timezone", "Asia/Tokyo")
        (there,) = await panel.rows("tasks")

    assert row["due"] == "3/15/00, 3:00 PM 3/15/00, 9:00 PM Asia/Tokyo"
    assert there["due"] == "3/15/00, 9:00 PM"


async def test_a_day_is_a_day_wherever_the_operator_is(panel: Panel, storage: Storage) -> None:
    user = a_user()
    day = DayDeadline((NOW + timedelta(days=1)).date(), "Asia/Tokyo")
    await storage.keep(user, a_task(owner_id=user.id, deadline=day))

    (row,) = await panel.rows("tasks")

    assert row["due"] == "3/16/00 Asia/Tokyo"


async def test_things_lead_to_each_other(panel: Panel, storage: Storage) -> None:
    home, other = await a_household(storage), await a_household(storage)

    person = await panel.page("people/detail", pk=home.ids["people"])
    task = await panel.page("tasks/detail", pk=home.ids["tasks"])

    for key in KEYS[:1] + KEYS[2:]:
        assert f"/admin/{key}/list?filter=owner__eq%3D{home.user.id}" in person
        found = await panel.ids(key, filter=f"owner__eq={home.user.id}")
        assert found == [home.ids[key]]
        assert other.ids[key] not in found
    assert f"/admin/reminders/list?filter=task__eq%3D{home.task.id}" in task
    assert f"/admin/people/detail?pk={home.user.id}" in task
    assert f"/admin/categories/detail?pk={home.category.id}" in task
    assert await panel.ids("reminders", filter=f"task__eq={home.task.id}") == [
        home.ids["reminders"]
    ]
    assert await panel.ids("tasks", filter=f"category__eq={home.category.id}") == [
        home.ids["tasks"]
    ]


@on_each_database
@pytest.mark.parametrize("number", [1, 30])
async def test_a_page_costs_the_same_few_statements_whatever_is_on_it(
    panel: Panel, storage: Storage, number: int
) -> None:
    home = await a_household(storage)
    for _ in range(number - 1):
        await a_household(storage)

    for key in KEYS:
        with watched(panel.database) as asked:
            await panel.page(f"{key}/list")
        with watched(panel.database) as asked_for_one:
            await panel.page(f"{key}/detail", pk=home.ids[key])

        # Counting is for what does not end on the page.
        assert len(asked.texts) == (1 if number == 1 else 2)
        assert len(asked_for_one.texts) == 1


async def test_pages_follow_each_other(panel: Panel, storage: Storage) -> None:
    user = a_user()
    tasks = [a_task(owner_id=user.id, title=f"Task {number}") for number in range(60)]
    await storage.keep(user, *tasks)
    newest_first = [str(task.id) for task in sorted(tasks, key=lambda task: task.id)][::-1]

    pages = [await panel.ids("tasks", page=page) for page in (1, 2, 3, 4)]

    assert [*pages[0], *pages[1], *pages[2]] == newest_first
    assert pages[3] == []
    assert "26–50 of 60" in text_of(await panel.page("tasks/list", page=2))


async def test_no_more_is_told_than_was_counted(panel: Panel, database: Database) -> None:
    user = a_user()
    categories = [a_category(owner_id=user.id, name=f"C{number}") for number in range(COUNTED + 1)]
    async with database.writing.begin() as connection:
        await connection.execute(insert(tables.users), rows.from_user(user))
        await connection.execute(
            insert(tables.categories), [rows.from_category(one) for one in categories]
        )

    first = text_of(await panel.page("categories/list"))
    last = await panel.page("categories/list", page=COUNTED // 25)
    beyond = text_of(await panel.page("categories/list", page=10**30))

    assert "1–25 of more than 10,000" in first
    assert "9976–10000 of more than 10,000" in text_of(last)
    assert "page=401" not in last
    assert "Narrow it down to see others." in beyond


async def test_what_takes_too_long_is_broken_off_and_said(
    panel: Panel, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = a_user()
    await storage.keep(user, a_task(owner_id=user.id, title=ENDLESS))
    monkeypatch.setattr(TasksView, "page_seconds", 0.05)
    monkeypatch.setattr(TasksView, "always", (takes_for_ever,))

    page = text_of(await panel.page("tasks/list"))

    assert "it was broken off" in page
    assert ENDLESS not in page


async def test_rows_are_shown_where_counting_takes_too_long(
    panel: Panel, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = a_user()
    oldest = a_task(owner_id=user.id, title=ENDLESS)
    await storage.keep(user, oldest, *(a_task(owner_id=user.id) for _ in range(30)))
    monkeypatch.setattr(TasksView, "count_seconds", 0.05)
    monkeypatch.setattr(TasksView, "always", (takes_for_ever,))

    page = text_of(await panel.page("tasks/list"))

    assert "1–25, and there are more" in page
    assert "Buy milk" in page


async def test_open_tasks_are_sorted_by_their_deadline(panel: Panel, storage: Storage) -> None:
    user = a_user()
    later, sooner = (
        a_task(owner_id=user.id, deadline=TimedDeadline(NOW + timedelta(days=days), "UTC"))
        for days in (2, 1)
    )
    done = a_task(owner_id=user.id, deadline=TimedDeadline(NOW, "UTC")).complete(now=NOW)
    await storage.keep(user, later, sooner, done, a_task(owner_id=user.id))

    page = await panel.page("tasks/list", sort="due__asc")

    assert await panel.ids("tasks", sort="due__asc") == [str(sooner.id), str(later.id)]
    assert await panel.ids("tasks", sort="due__desc") == [str(later.id), str(sooner.id)]
    assert "By deadline: only tasks that are open and have one." in text_of(page)


async def test_the_operator_chooses_the_columns(panel: Panel, storage: Storage) -> None:
    await a_household(storage)

    (row,) = await panel.rows("tasks", cols="title,id")

    assert row.keys() == {"title", "id"}


async def test_lists_are_russian_for_who_reads_russian(database: Database) -> None:
    await a_household(sql_storage(database))

    async with a_panel(database, language="ru-RU,ru;q=0.9") as panel:
        (row,) = await panel.rows("tasks")
        page = text_of(await panel.page("tasks/list"))

    assert row["status"] == "открыта"
    assert row["priority"] == "обычно"
    assert "Владелец" in page
    assert "1–1 из 1" in page
