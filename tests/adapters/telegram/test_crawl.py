"""Every button that can be reached is pressed: no silence, no failure, no dead end."""

import logging
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest

from support.builders import NOW
from support.chats import Chats, open_chats
from support.crawl import PERSON, Crawl
from taskbot.adapters.telegram.categories import routes as screens_of_categories
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.user import Language

pytestmark = [pytest.mark.anyio, pytest.mark.no_cover, pytest.mark.slow]

DEPTH = 8
MOST_ACTS = 6_000
"""A bot of whose screens there is no end is crawled so far and no further."""
AGO = timedelta(days=3)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOSCOW = "Europe/Moscow"


def _on(day: date) -> Deadline:
    return DayDeadline(day, MOSCOW)


def _at(moment: timedelta) -> Deadline:
    return TimedDeadline(NOW + moment, MOSCOW)


TASKS: list[dict[str, Any]] = [
    # The first in every list: whatever is put above or below it has to fit as well.
    {
        "title": "Long story " + "🎉" * 90,
        "description": "👍" * 4000,
        "category": "Work",
        "deadline": _at(-2 * DAY - HOUR),
        "priority": 3,
    },
    {"title": "Overdue by days", "deadline": _at(-2 * DAY)},
    {"title": "Overdue since yesterday", "deadline": _on((NOW - DAY).date()), "priority": 1},
    {"title": "Today at some time", "deadline": _at(2 * HOUR)},
    {"title": "Today", "deadline": _on(NOW.date()), "category": "Home"},
    {"title": "Tomorrow", "deadline": _at(DAY), "priority": 2},
    {"title": "Tomorrow as well", "deadline": _at(DAY), "category": "Work"},
    {"title": "Next month", "deadline": _on((NOW + 30 * DAY).date())},
    {"title": "Some day", "category": "Home"},
    {"title": "T" * 200, "description": "<&>" * 1000, "priority": 3},
    {"title": "<b>Said & done</b>", "is_done": True},
    {"title": "Done in time", "deadline": _at(-DAY), "is_done": True, "category": "Home"},
    {"title": "\u202eעברית {title} %s", "description": "/start"},
]


async def _settled(chats: Chats, language: Language) -> None:
    """Somebody who has used the bot for some days."""
    core = chats.core
    chats.add_person(PERSON, "Ada & <Co>", language.value)
    await chats.send(PERSON, "/start")
    me: UserId = (await core.users.find_or_register(PERSON)).id
    ids = {"Home": await core.categories.create("Home", emoji="👨‍👩‍👧‍👦", actor=me)}
    for name in ("Work", *(f"Category {number}" for number in range(8))):
        ids[name] = await core.categories.create(name, actor=me)
    done: list[TaskId] = []
    for task in TASKS:
        fields = {
            name: value for name, value in task.items() if name not in {"is_done", "category"}
        }
        category = ids[task["category"]].id if "category" in task else None
        view = await core.tasks.create(CreateTask(actor=me, category_id=category, **fields))
        if task.get("is_done"):
            done.append(view.task.id)
    for task_id in done:
        await core.tasks.complete(task_id, actor=me)
    await chats.time_passes(AGO, PERSON)


@pytest.fixture
async def chats() -> AsyncIterator[Chats]:
    async with open_chats(NOW - AGO) as chats:
        yield chats


@pytest.mark.parametrize("language", Language)
async def test_every_button_leads_somewhere_and_nothing_breaks(
    chats: Chats,
    language: Language,
    caplog: pytest.LogCaptureFixture,
    record_property: Any,
) -> None:
    caplog.set_level(logging.WARNING)
    await _settled(chats, language)
    crawl = Crawl(chats, language, caplog.records, depth=DEPTH, most_acts=MOST_ACTS)
    began = perf_counter()

    await crawl.run()

    figures = {"screens": len(crawl.screens), "acts": crawl.acts}
    print(f"{language}: {figures} in {perf_counter() - began:.1f} s")  # noqa: T201 - seen with -s
    for name, number in figures.items():
        record_property(name, number)
    assert not crawl.problems, "\n\n".join(crawl.problems)
    assert crawl.is_complete, f"more than {MOST_ACTS} acts: are there screens without end?"
    assert len(crawl.screens) > 100, "the crawl found no way in"


async def _is_silent(*_: Any, **__: Any) -> None: ...


async def _fails(*_: Any, **__: Any) -> None:
    raise RuntimeError


async def _asks(turn: Turn, *_: Any, **__: Any) -> None:
    await turn.screen.show("Is this {a} dead end?")


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (_is_silent, "nothing happened after the press"),
        (_fails, "something went wrong"),
        (_fails, "logged: ERROR"),
        (_asks, "a dead end"),
        (_asks, "a placeholder was left: {a}"),
    ],
)
async def test_what_is_wrong_is_found_with_the_way_to_it(
    chats: Chats,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[..., Any],
    found: str,
) -> None:
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(screens_of_categories, "show_category", broken)
    chats.add_person(PERSON, "Ada", "en")
    await chats.send(PERSON, "/start")
    me = (await chats.core.users.find_or_register(PERSON)).id
    await chats.core.categories.create("Home", actor=me)
    crawl = Crawl(chats, Language.ENGLISH, caplog.records, depth=2, most_acts=MOST_ACTS)

    await crawl.run()

    assert any(
        one.startswith(found) and "after: /categories → [\u2068🏷 Home\u2069]" in one
        for one in crawl.problems
    ), crawl.problems
