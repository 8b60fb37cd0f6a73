"""What got done: the picture, and the lines below it."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image
from ulid import ULID

from support.builders import NOW
from support.telegram import Person, Stage
from taskbot.adapters.telegram.texts import statistics as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.statistics import CategoryCounts, Statistics
from taskbot.application.task_commands import CreateTask
from taskbot.domain.category import Category
from taskbot.domain.completions import Streak, WeekCount
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.ids import CategoryId, UserId
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio

TODAY = date(2100, 3, 15)
"""A Monday."""
HOUR = timedelta(hours=1)


async def some_tasks(stage: Stage, person: Person) -> None:
    """Four open ones in two categories, one of them late; three done, one of them late."""
    user = await stage.core.users.find_or_register(person.id)
    work = await stage.core.categories.create("Work", emoji="💼", actor=user.id)
    soon, today = TimedDeadline(NOW + HOUR, "UTC"), DayDeadline(TODAY, user.timezone)
    made = [
        await stage.core.tasks.create(
            CreateTask(
                actor=user.id,
                title=f"Task {place}",
                category_id=work.id if place % 2 else None,
                deadline=deadline,
            )
        )
        for place, deadline in enumerate([None, soon, None, None, today, today, soon])
    ]
    for view in made[4:]:
        await stage.core.tasks.complete(view.task.id, actor=user.id)
        stage.core.clock.advance(HOUR)


async def picture_of(stage: Stage, person: Person) -> Image.Image:
    file = await stage.bot.get_file(person.shown["photo"]["file_id"])
    assert file.file_path is not None
    content = await stage.bot.download_file(file.file_path)
    assert content is not None
    return Image.open(io.BytesIO(content.read()))


ENGLISH = """\
✅ Done this week: 3, last week: 0
⏱ On time: 66% (2 of 3 with a deadline)
🔥 1 day in a row · ⚠️ 1 task is overdue"""
RUSSIAN = """\
✅ Сделано на этой неделе: 3, на прошлой: 0
⏱ Вовремя: 66\u00a0% (2 из 3 со сроком)
🔥 1 день подряд · ⚠️ 1 задача просрочена"""


@pytest.mark.parametrize(("language", "lines"), [("en", ENGLISH), ("ru", RUSSIAN)])
async def test_a_picture_and_three_lines(stage: Stage, language: str, lines: str) -> None:
    person = await stage.started(language=language)
    await some_tasks(stage, person)

    text = await person.send("/stats")

    assert text == lines
    picture = await picture_of(stage, person)
    assert picture.format == "PNG"
    assert picture.width == 1080
    assert 1200 < picture.height < 1900
    await person.press("☰")
    assert "Task 0" in " ".join(person.labels)


async def test_with_nothing_to_count_it_is_said_what_to_do(stage: Stage) -> None:
    ada = await stage.started()

    assert "nothing to count yet" in await ada.send("/stats")
    assert not ada.shown.get("photo")
    await ada.press("New task")
    assert "1" in ada.text


async def test_another_dialogue_goes_on_afterwards(stage: Stage) -> None:
    ada = await stage.started()
    await some_tasks(stage, ada)
    await ada.send("/create")
    await ada.send("Buy milk")

    assert "Buy milk" in await ada.send("/stats")


def voice(language: Language = Language.ENGLISH) -> Voice:
    return Voice(language=language, timezone="Europe/Moscow", now=NOW)


def found(
    *,
    by_category: tuple[tuple[str | None, int], ...] = (),
    weeks: tuple[int, ...] = (0,) * 10,
    had_deadline: int = 0,
    on_time: int = 0,
    overdue: int = 0,
    streak: int = 0,
) -> Statistics:
    def category(name: str | None) -> Category | None:
        if name is None:
            return None
        owner = UserId(ULID())
        return Category(id=CategoryId(ULID()), owner_id=owner, name=name, created_at=NOW)

    first = TODAY - (len(weeks) - 1) * timedelta(weeks=1)
    return Statistics(
        timezone="Europe/Moscow",
        today=TODAY,
        open=sum(number for _, number in by_category),
        completed=sum(weeks),
        overdue=overdue,
        by_category=tuple(
            CategoryCounts(category=category(name), open=number, completed=1)
            for name, number in by_category
        ),
        had_deadline=had_deadline,
        on_time=on_time,
        per_day=(),
        per_week=tuple(
            WeekCount(first + place * timedelta(weeks=1), number)
            for place, number in enumerate(weeks)
        ),
        streak=Streak(streak, None),
    )


def test_the_fullest_categories_are_named_and_the_others_counted_together() -> None:
    numbers = (("a", 1), ("b", 9), ("empty", 0), ("c", 3), (None, 7), ("d", 2), ("e", 2), ("f", 2))

    rows = words.picture(voice(), found(by_category=(*numbers, ("g", 1)))).rows

    assert [(row.label, row.value) for row in rows] == [
        ("b", 9), ("No category", 7), ("c", 3), ("d", 2), ("e", 2), ("f", 2), ("Others", 2)
    ]  # fmt: skip
    seven = words.picture(voice(), found(by_category=numbers)).rows
    assert [row.label for row in seven] == ["b", "No category", "c", "d", "e", "f", "a"]


def test_months_are_named_where_they_begin() -> None:
    columns = words.picture(voice(), found()).columns

    assert [one.label for one in columns] == [
        "11",
        "18",
        "25",
        "1",
        "8",
        "15",
        "22",
        "1",
        "8",
        "15",
    ]
    assert [one.note for one in columns] == ["Jan", "", "", "Feb", "", "", "", "Mar", "", ""]


def test_large_numbers_and_shares_are_written_as_the_language_does() -> None:
    many = found(weeks=(0,) * 9 + (12345,), had_deadline=1000, on_time=999)

    english, russian = (words.picture(voice(language), many) for language in Language)

    assert english.columns[-1].figure == "12,345"
    assert russian.columns[-1].figure == "12\u00a0345"
    assert (english.share.figure, russian.share.figure) == ("99%", "99\u00a0%")
    assert english.share.remark == "999 of 1,000 with a deadline"


@pytest.mark.parametrize(
    ("overdue", "streak", "line"),
    [
        (0, 0, "👌 Просроченных нет"),
        (0, 5, "🔥 5 дней подряд · 👌 Просроченных нет"),
        (22, 2, "🔥 2 дня подряд · ⚠️ 22 задачи просрочены"),
        (5, 0, "⚠️ 5 задач просрочено"),
    ],
)
def test_the_last_line_says_how_it_goes(overdue: int, streak: int, line: str) -> None:
    lines = words.caption(voice(Language.RUSSIAN), found(overdue=overdue, streak=streak))

    assert lines.splitlines()[1:] == ["⏱ Вовремя: задач со сроком пока не сделано", line]
