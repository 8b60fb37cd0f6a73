"""Whatever operators do: the audit log tells how things came to be what they are."""

import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date, time, timedelta
from typing import Any, Final, TypeAlias

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings, strategies as st

from support.builders import NOW, a_category, a_reminder_of, a_task, a_user, an_access_token
from support.core import Core, a_core
from support.operators import ADDRESS, EDITOR, VIEWER
from taskbot.adapters.memory.database import Tables
from taskbot.application.back_office import (
    BackOffice,
    CategoryChanges,
    PersonChanges,
    TaskChanges,
    When,
)
from taskbot.application.back_office.states import (
    state_of_category,
    state_of_person,
    state_of_task,
    state_of_token,
)
from taskbot.application.categories import TasksLeft
from taskbot.application.keep import KEEP
from taskbot.domain.audit import AuditEntry
from taskbot.domain.category import Category
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import DomainError, RoleInsufficient
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.operator import Operator
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.user import Language, User

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
ZONES: Final = ("Europe/Moscow", "Asia/Tokyo", "America/New_York")

State: TypeAlias = dict[str, Any]
Things: TypeAlias = dict[tuple[str, str], State]


@frozen
class World:
    """What two people have; each list ends with something that does not exist."""

    core: Core
    people: Sequence[User]
    categories: Sequence[Category]
    tasks: Sequence[Task]
    reminders: Sequence[Reminder]
    tokens: Sequence[Any]

    @property
    def office(self) -> BackOffice:
        return self.core.back_office


def a_world() -> World:
    core = a_core()
    people = [a_user(timezone=zone) for zone in ZONES[:2]]
    categories = [
        a_category(owner_id=owner.id, name=name) for owner in people for name in ("Home", "Work")
    ]
    tasks = [task for category in categories for task in _tasks_of(category)]
    reminders = [
        reminder
        for task in tasks
        for reminder in (a_reminder_of(task), a_reminder_of(task).give_up(error="no route"))
    ]
    tokens = [an_access_token(owner_id=owner.id) for owner in people for _ in range(2)]
    core.database.tables = Tables(
        users={one.id: one for one in people},
        categories={one.id: one for one in categories},
        tasks={one.id: one for one in tasks},
        reminders={one.id: one for one in reminders},
        access_tokens={one.id: one for one in tokens},
    )
    return World(
        core,
        [*people, a_user()],
        [*categories, a_category()],
        [*tasks, a_task()],
        [*reminders, a_reminder_of(a_task())],
        [*tokens, an_access_token()],
    )


def _tasks_of(category: Category) -> Iterator[Task]:
    own = {"owner_id": category.owner_id, "category_id": category.id}
    yield a_task(**own, deadline=TimedDeadline(NOW + DAY, ZONES[0]))
    yield a_task(**own, deadline=DayDeadline(date(2100, 3, 17), ZONES[1]))
    yield a_task(owner_id=category.owner_id)
    yield a_task(**own, deadline=TimedDeadline(NOW - DAY, ZONES[0])).complete(now=NOW)


_Verb: TypeAlias = Callable[..., Awaitable[object]]


@frozen(kw_only=True)
class Wish:
    """What an operator may ask for, sensible or not; each deed looks at a part of it.

    *number*, *several*: which of the things there are. *which*: of the verbs that may be meant.
    """

    which: int
    number: int
    several: Sequence[int]
    version: int | None
    to: When | timedelta | None
    task: TaskChanges
    person: PersonChanges
    category: CategoryChanges
    filed: int | None
    left: TasksLeft | int

    def one_of(self, things: Sequence[Any]) -> Any:
        return things[self.number % len(things)].id

    def some_of(self, things: Sequence[Any]) -> list[Any]:
        return [things[number % len(things)].id for number in self.several]

    def verb(self, *verbs: _Verb) -> _Verb:
        return verbs[self.which % len(verbs)]


Deed: TypeAlias = Callable[[World, Operator, Wish], Awaitable[object]]


def _keep(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.just(KEEP) | values


numbers = st.integers(0, 16)
# Most of it makes sense, or nothing would ever be done.
_versions = st.sampled_from([None, None, None, 1, 2])
_whens = st.sampled_from(
    [None, NOW + 5 * DAY, NOW + 30 * DAY, NOW - DAY, date(2100, 3, 20), date(2100, 4, 1)]
)
_spans = st.sampled_from([HOUR, DAY, 7 * DAY, -3 * DAY, timedelta.max])
_leads = st.sampled_from([(), (HOUR,), (DAY, HOUR), (DAY,), (-HOUR,)])
_texts = st.sampled_from(["Bread", "home", "Milk", " x ", ""])
wishes = st.builds(
    Wish,
    which=st.integers(0, 11),
    number=numbers,
    several=st.lists(numbers, max_size=5),
    version=_versions,
    to=_whens | _spans,
    task=st.builds(
        TaskChanges,
        version=_versions,
        title=_keep(_texts),
        description=_keep(st.sampled_from(["", "rye"])),
        priority=_keep(st.sampled_from([1, 2, 3, 4, 5])),
        deadline=_keep(_whens),
        lead_times=_keep(st.none() | _leads),
    ),
    person=st.builds(
        PersonChanges,
        version=_versions,
        language=_keep(st.sampled_from(Language)),
        timezone=_keep(st.sampled_from([*ZONES, *ZONES, "Mars"])),
        timed_deadlines=st.just(TimedDeadlines.KEEP_MOMENT),
        lead_times=_keep(_leads),
        day_start=_keep(st.just(time(7))),
        notifications=_keep(st.booleans()),
    ),
    category=st.builds(
        CategoryChanges,
        version=_versions,
        name=_keep(_texts),
        emoji=_keep(st.sampled_from([None, "🏠"])),
    ),
    filed=_keep(st.none() | numbers),
    left=st.sampled_from(TasksLeft) | numbers,
)


def _edit_task(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    filed: Any = wish.filed
    if isinstance(filed, int):
        filed = world.categories[filed % len(world.categories)].id
    changes = evolve(wish.task, category_id=filed)
    return world.office.tasks.edit(wish.one_of(world.tasks), changes, by=by, client=ADDRESS)


def _end_task(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    office, task_id = world.office.tasks, wish.one_of(world.tasks)
    verb = wish.verb(office.complete, office.reopen, office.delete)
    return verb(task_id, version=wish.version, by=by, client=ADDRESS)


def _reschedule(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    return world.office.tasks.reschedule(
        wish.one_of(world.tasks), wish.to, version=wish.version, by=by, client=ADDRESS
    )


def _end_tasks(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    office = world.office.tasks
    verb = wish.verb(office.complete_many, office.delete_many)
    return verb(wish.some_of(world.tasks), by=by, client=ADDRESS)


def _reschedule_tasks(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    ids = wish.some_of(world.tasks)
    return world.office.tasks.reschedule_many(ids, wish.to, by=by, client=ADDRESS)


def _edit_person(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    user_id = wish.one_of(world.people)
    return world.office.people.edit(user_id, wish.person, by=by, client=ADDRESS)


def _change_person(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    office = world.office.people
    verb = wish.verb(office.pause, office.resume, office.start_leaving, office.stop_leaving)
    return verb(wish.one_of(world.people), by=by, client=ADDRESS)


def _change_people(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    verb = wish.verb(world.office.people.pause_many, world.office.people.resume_many)
    return verb(wish.some_of(world.people), by=by, client=ADDRESS)


def _edit_category(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    category_id = wish.one_of(world.categories)
    return world.office.categories.edit(category_id, wish.category, by=by, client=ADDRESS)


def _delete_category(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    tasks: Any = wish.left
    if not isinstance(tasks, TasksLeft):
        tasks = world.categories[tasks % len(world.categories)].id
    category_id = wish.one_of(world.categories)
    return world.office.categories.delete(
        category_id, tasks=tasks, version=wish.version, by=by, client=ADDRESS
    )


def _add_reminder(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    at = NOW + wish.number * HOUR
    return world.office.reminders.add(wish.one_of(world.tasks), at=at, by=by, client=ADDRESS)


def _change_reminder(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    office = world.office.reminders
    verb = wish.verb(office.remove, office.retry, office.discard)
    return verb(wish.one_of(world.reminders), by=by, client=ADDRESS)


def _change_reminders(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    verb = wish.verb(world.office.reminders.retry_many, world.office.reminders.discard_many)
    return verb(wish.some_of(world.reminders), by=by, client=ADDRESS)


def _revoke(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    return world.office.access_tokens.revoke(wish.one_of(world.tokens), by=by, client=ADDRESS)


def _revoke_several(world: World, by: Operator, wish: Wish) -> Awaitable[object]:
    ids = wish.some_of(world.tokens)
    return world.office.access_tokens.revoke_many(ids, by=by, client=ADDRESS)


DEEDS: Final[Sequence[Deed]] = (
    _edit_task,
    _end_task,
    _reschedule,
    _end_tasks,
    _reschedule_tasks,
    _edit_person,
    _change_person,
    _change_people,
    _edit_category,
    _delete_category,
    _add_reminder,
    _change_reminder,
    _change_reminders,
    _revoke,
    _revoke_several,
)
deeds = st.tuples(st.sampled_from(DEEDS), wishes)


def _things(tables: Tables) -> Things:
    """All of it but reminders, which follow what they are about."""
    found: list[tuple[str, Any, Any]] = [
        *(("person", one.id, state_of_person(one)) for one in tables.users.values()),
        *(("task", one.id, state_of_task(one)) for one in tables.tasks.values()),
        *(("category", one.id, state_of_category(one)) for one in tables.categories.values()),
        *(("access-token", one.id, state_of_token(one)) for one in tables.access_tokens.values()),
    ]
    return {(kind, str(one)): _as_read(state) for kind, one, state in found}


def _as_read(state: Any) -> Any:
    return json.loads(json.dumps(state))


def _replayed(first: Things, entries: Sequence[AuditEntry], owners: dict[str, str]) -> Things:
    things = {key: dict(state) for key, state in first.items()}
    for entry in entries:
        if entry.is_done and entry.object_kind != "reminder":
            _replay(things, entry, owners)
    return things


def _replay(things: Things, entry: AuditEntry, owners: dict[str, str]) -> None:
    key = entry.object_kind, str(entry.object_id)
    diff = _as_read(entry.diff)
    for name, (before, after) in diff.items():
        if name not in {"reminders", "tasks"}:
            assert things[key][name] == before
            things[key][name] = after
    if entry.verb in {"task.delete", "category.delete", "token.revoke"}:
        del things[key]
    if entry.verb == "category.delete":
        _do_with_tasks(things, str(entry.object_id), diff["tasks"][1])
    if "timezone" in diff and entry.object_kind == "person":
        for (kind, one), state in things.items():
            if kind == "task" and owners[one] == key[1] and state["status"] == "open":
                state["timezone"] = state["timezone"] and diff["timezone"][1]


def _do_with_tasks(things: Things, category_id: str, what: str) -> None:
    filed = [key for key, state in things.items() if state.get("category_id") == category_id]
    for key in filed:
        if what == TasksLeft.DELETED:
            del things[key]
        else:
            things[key]["category_id"] = None if what == TasksLeft.UNCATEGORIZED else what


@settings(deadline=None, max_examples=60)
@given(
    asked=st.lists(
        st.tuples(deeds, st.sampled_from([True, True, False]), st.integers(0, 3)),
        min_size=5,
        max_size=30,
    )
)
async def test_replaying_what_was_done_over_what_there_was_gives_what_there_is(
    asked: list[tuple[tuple[Deed, Wish], bool, int]],
) -> None:
    world = a_world()
    first = _things(world.core.database.tables)
    owners = {str(task.id): str(task.owner_id) for task in world.tasks}

    for (deed, wish), may, hours in asked:
        with contextlib.suppress(DomainError):
            await deed(world, EDITOR if may else VIEWER, wish)
        world.core.clock.advance(hours * HOUR)

    tables = world.core.database.tables
    assert _replayed(first, list(tables.audit.values()), owners) == _things(tables)


@settings(deadline=None, max_examples=40)
@given(asked=st.lists(deeds, min_size=1, max_size=10))
async def test_a_viewer_changes_nothing_whatever_they_ask_for(
    asked: list[tuple[Deed, Wish]],
) -> None:
    world = a_world()
    before = world.core.database.tables.copy()

    for deed, wish in asked:
        with contextlib.suppress(RoleInsufficient):
            assert await deed(world, VIEWER, wish) == []  # of nothing they may do all

    after = world.core.database.tables
    assert all(entry.refusal == "role-insufficient" for entry in after.audit.values())
    assert evolve(after, audit={}) == before
