"""What the search field finds, on each database."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from support.backends import Storage
from support.builders import a_task, a_user
from support.household import KEYS, a_household
from support.panel_lists import Panel, text_of
from taskbot.adapters.admin.views import tasks as tasks_view
from taskbot.adapters.persistence import Database, tables
from taskbot.adapters.persistence.word_search import has_words, reads_words
from taskbot.application.search_words import search_terms

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True),
]


async def test_tasks_are_found_by_words_in_whatever_form(panel: Panel, storage: Storage) -> None:
    user = a_user()
    milk = a_task(owner_id=user.id, title="Купить молока", description="и хлеб у Ёлкиных")
    bread = a_task(owner_id=user.id, title="Buying bread")
    await storage.keep(user, milk, bread)

    for text in ("молоко", "МОЛОКО купить", "мол", "елкины", " хлеб ", "хлеб\0"):
        assert await panel.ids("tasks", q=text) == [str(milk.id)], text
    for text in ("buy", "bread buys"):
        assert await panel.ids("tasks", q=text) == [str(bread.id)], text
    for text in ("молоко bread", "олоко", "%", "_", "!?", "'", "' OR 1=1 --", "a & !b"):
        assert await panel.ids("tasks", q=text) == [], text


async def test_what_few_have_is_found_among_the_old(
    panel: Panel, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks_view, "_NEWEST", 2)
    monkeypatch.setattr(tasks_view, "_OFTEN", 0)
    user = a_user()
    old, *new = (a_task(owner_id=user.id, title=title) for title in ("Rare", *["Often"] * 30))
    await storage.keep(user, old, *new)

    assert await panel.ids("tasks", q="rare") == [str(old.id)]
    assert await panel.ids("tasks", q="often", page_size=50) == [str(one.id) for one in new[::-1]]
    assert await panel.ids("tasks", q="often", page=2) == [str(one.id) for one in new[4::-1]]
    assert await panel.ids("tasks", q="often", filter="priority__eq=1") == []
    # How many there are is told where all were looked at.
    assert "1–25 of 30" in text_of(await panel.page("tasks/list", q="often"))
    monkeypatch.setattr(tasks_view, "_NEWEST", 28)
    told = "1–25, and there are more" if panel.database.dialect.name == "postgresql" else "of 30"
    assert told in text_of(await panel.page("tasks/list", q="often"))


async def test_everything_is_found_by_its_id(panel: Panel, storage: Storage) -> None:
    home, _ = await a_household(storage), await a_household(storage)

    for key in KEYS:
        assert await panel.ids(key, q=home.ids[key]) == [home.ids[key]]
        assert await panel.ids(key, q=home.ids[key].lower()) == [home.ids[key]]
        assert await panel.ids(key, q=home.ids["people"]) == [home.ids[key]]


async def test_names_are_found_whatever_their_case(panel: Panel, storage: Storage) -> None:
    home = await a_household(
        storage, name="Иван Петров", category="Дача и сад", token="Ноутбук", error="Bad Request"
    )
    await a_household(storage)

    for key, texts in {
        "people": ("иван", "ПЕТРОВ", "ван пет", str(home.user.telegram_id)),
        "categories": ("дача", "И САД"),
        "tokens": ("ноут", "НОУТБУК", home.token.prefix),
        "dead-letters": ("bad request",),
        "reminders": ("BAD",),
    }.items():
        for text in texts:
            assert await panel.ids(key, q=text) == [home.ids[key]], text
    for key in KEYS:
        assert await panel.ids(key, q="%") == []


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(max_size=30), min_size=1, max_size=4),
    wanted=st.text(min_size=1, max_size=8),
)
async def test_the_index_finds_what_looking_finds(
    database: Database, storage: Storage, texts: list[str], wanted: str
) -> None:
    user = a_user()
    written = [
        f"x {text} {wanted}" if place % 2 else f"x {text}" for place, text in enumerate(texts)
    ]
    await storage.keep(user, *(a_task(owner_id=user.id, title=text[:200]) for text in written))
    terms = search_terms(wanted)

    async with database.reading.connect() as connection:
        found = [
            set((await connection.scalars(select(tables.tasks.c.id).where(condition))).all())
            for condition in (
                has_words(database.dialect, terms),
                reads_words(terms, tables.tasks.c.search_words),
            )
        ]

    assert found[0] == found[1]
