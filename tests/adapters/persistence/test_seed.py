"""Made-up people: valid, repeatable, as many as asked for."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import func, insert, select

from support.backends import migrated_sqlite, require
from support.builders import a_user
from support.postgres import fresh_migrated_database
from taskbot.adapters.persistence import rows, tables
from taskbot.adapters.persistence.engine import operators_engine
from taskbot.adapters.persistence.seed import NotEmpty, Seed, load_seed, seeded_people
from taskbot.domain.reminder import PENDING

AT = datetime(2031, 5, 17, tzinfo=UTC)
SEED = Seed(tasks=700, people=9, at=AT)
READERS: dict[str, Any] = {
    "users": rows.to_user,
    "categories": rows.to_category,
    "tasks": rows.to_task,
    "reminders": rows.to_reminder,
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    require(request.param)
    if request.param == "sqlite":
        yield migrated_sqlite(tmp_path)
        return
    with fresh_migrated_database() as url:
        yield url


def _stored(url: str, name: str) -> list[Any]:
    """All there is of a kind, as the domain sees it."""
    table = tables.metadata.tables[name]
    with operators_engine(url) as (_, engine), engine.connect() as connection:
        found = connection.execute(select(table).order_by(table.c.id)).mappings()
        return [READERS[name](row) for row in found]


def test_what_is_stored_is_what_was_made_up_whatever_the_database(url: str) -> None:
    load_seed(url, SEED)

    people = list(seeded_people(SEED))
    made_up: dict[str, list[Any]] = {
        "users": [one.user for one in people],
        "categories": [each for one in people for each in one.categories],
        "tasks": [each for one in people for each in one.tasks],
        "reminders": [each for one in people for each in one.reminders],
    }
    for name, things in made_up.items():
        assert _stored(url, name) == sorted(things, key=lambda thing: thing.id)


def test_made_up_tasks_are_found_by_their_words(url: str) -> None:
    load_seed(url, SEED)

    with operators_engine(url) as (_, engine), engine.connect() as connection:
        missing = select(func.count()).where(tables.tasks.c.search_words.is_(None))
        assert connection.scalar(missing) == 0


@settings(max_examples=30)
@given(tasks=st.integers(0, 300), people=st.integers(1, 40), number=st.integers(0, 999))
def test_there_are_as_many_as_asked_for_and_two_reminders_each(
    tasks: int, people: int, number: int
) -> None:
    seed = Seed(tasks=tasks, people=people, at=AT, number=number)

    made_up = list(seeded_people(seed))

    assert len(made_up) == people
    assert sum(len(one.tasks) for one in made_up) == tasks
    assert all(len(one.reminders) == 2 * len(one.tasks) for one in made_up)
    assert list(seeded_people(seed)) == made_up


def test_other_seeds_make_other_people() -> None:
    one, other = (
        list(seeded_people(Seed(tasks=50, people=5, at=AT, number=number))) for number in (1, 2)
    )

    assert not {each.user.telegram_id for each in one} & {each.user.telegram_id for each in other}
    assert not {task.id for each in one for task in each.tasks} & {
        task.id for each in other for task in each.tasks
    }


def test_only_what_lies_ahead_of_open_tasks_is_still_to_be_sent() -> None:
    for person in seeded_people(SEED):
        is_open = {task.id: task.is_open for task in person.tasks}
        for reminder in person.reminders:
            if reminder.state in PENDING:
                assert is_open[reminder.task_id]
                assert reminder.available_at == reminder.fire_at >= AT


def test_people_differ_in_how_much_they_write() -> None:
    numbers = Counter(
        len(one.tasks) for one in seeded_people(Seed(tasks=20_000, people=200, at=AT))
    )

    assert min(numbers) < 40
    assert max(numbers) > 300


def test_real_people_are_left_alone_unless_told_otherwise(url: str) -> None:
    with operators_engine(url) as (_, engine), engine.begin() as connection:
        connection.execute(insert(tables.users), [rows.from_user(a_user())])

    with pytest.raises(NotEmpty):
        load_seed(url, SEED)
    assert len(_stored(url, "users")) == 1

    steps: list[int] = []
    load_seed(url, SEED, beside_others=True, on_progress=steps.append)
    assert len(_stored(url, "users")) == 1 + SEED.people
    assert sum(steps) == SEED.tasks
