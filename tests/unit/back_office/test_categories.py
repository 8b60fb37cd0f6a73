"""Operators mend and delete anybody's categories."""

from datetime import timedelta

import pytest
from ulid import ULID

from support.core import Core, a_core
from support.operators import ADDRESS, EDITOR, VIEWER, entries, last_entry
from taskbot.application.back_office import CategoryChanges
from taskbot.application.categories import TasksLeft
from taskbot.application.task_commands import CreateTask
from taskbot.domain.category import Category
from taskbot.domain.errors import (
    CategoryNameTaken,
    CategoryNotFound,
    RoleInsufficient,
    StaleCategory,
)
from taskbot.domain.ids import CategoryId
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await core.users.find_or_register(1)


@pytest.fixture
async def home(core: Core, anna: User) -> Category:
    category = await core.categories.create("Home", actor=anna.id)
    await core.tasks.create(CreateTask(actor=anna.id, title="Milk", category_id=category.id))
    return category


def _filed(core: Core) -> list[CategoryId | None]:
    return [task.category_id for task in core.database.tables.tasks.values()]


async def test_a_category_gets_another_name_and_emoji(
    core: Core, anna: User, home: Category
) -> None:
    changes = CategoryChanges(version=home.version, name="House", emoji="🏠")

    category = await core.back_office.categories.edit(home.id, changes, by=EDITOR, client=ADDRESS)

    assert category == core.database.tables.categories[home.id]
    entry = await last_entry(core.queries)
    assert (entry.verb, entry.object_kind, entry.object_id, entry.owner_id) == (
        "category.edit",
        "category",
        str(home.id),
        anna.id,
    )
    assert entry.diff == {"name": ("Home", "House"), "emoji": (None, "🏠")}


async def test_with_a_category_its_tasks_go_or_stay_as_is_said(
    core: Core, anna: User, home: Category
) -> None:
    other = await core.categories.create("Other", actor=anna.id)
    last = await core.categories.create("Last", actor=anna.id)
    delete = core.back_office.categories.delete

    await delete(home.id, tasks=other.id, version=home.version, by=EDITOR, client=None)
    moved, told = _filed(core), [(await last_entry(core.queries)).diff]
    core.clock.advance(timedelta(seconds=1))
    await delete(last.id, tasks=TasksLeft.DELETED, by=EDITOR, client=None)
    told += [(await last_entry(core.queries)).diff]
    core.clock.advance(timedelta(seconds=1))
    await delete(other.id, by=EDITOR, client=None)
    told += [(await last_entry(core.queries)).diff]

    assert moved == [other.id]
    assert _filed(core) == [None]
    assert core.database.tables.categories == {}
    assert told == [
        {"name": ("Home", None), "tasks": (None, str(other.id))},
        {"name": ("Last", None), "tasks": (None, "deleted")},
        {"name": ("Other", None), "tasks": (None, "uncategorized")},
    ]


async def test_what_the_owners_rules_refuse_is_refused(
    core: Core, anna: User, home: Category
) -> None:
    await core.categories.create("Work", actor=anna.id)
    ben = await core.users.find_or_register(2)
    foreign = await core.categories.create("Foreign", actor=ben.id)
    office = core.back_office.categories
    taken, stale = CategoryChanges(name="WORK"), CategoryChanges(version=7, name="House")
    missing = CategoryId(ULID())

    for refused, kind in (
        (office.edit(home.id, taken, by=EDITOR, client=None), CategoryNameTaken),
        (office.edit(home.id, stale, by=EDITOR, client=None), StaleCategory),
        (office.edit(missing, taken, by=EDITOR, client=None), CategoryNotFound),
        (office.delete(home.id, version=7, by=EDITOR, client=None), StaleCategory),
        (office.delete(home.id, tasks=foreign.id, by=EDITOR, client=None), CategoryNotFound),
        (office.edit(home.id, taken, by=VIEWER, client=None), RoleInsufficient),
        (office.delete(home.id, by=VIEWER, client=None), RoleInsufficient),
    ):
        with pytest.raises(kind):
            await refused

    assert core.database.tables.categories[home.id] == home
    assert _filed(core) == [home.id]
    found = await entries(core.queries)
    assert all(entry.refusal and entry.diff == {} for entry in found)
    assert len(found) == 7
