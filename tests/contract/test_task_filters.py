"""What every `Queries` promises of filters and counts: the tasks to which all of it applies."""

from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st

from support.backends import Storage
from support.builders import NOW, a_category, a_task, a_user
from support.held import page_either_way
from taskbot.application.ports import (
    UNCATEGORIZED,
    TaskCounts,
    TaskFilter,
    TaskPageRequest,
)
from taskbot.application.search_words import search_terms
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.ids import UserId
from taskbot.domain.task import Priority, Task, TaskStatus
from taskbot.domain.time_span import TimeSpan, from_tomorrow, this_week, today

pytestmark = pytest.mark.anyio

HOUR: Final = timedelta(hours=1)
MOSCOW: Final = "Europe/Moscow"
MIDNIGHT: Final = datetime.fromisoformat("2100-03-15T00:00:00+03:00")
TODAY: Final = today(NOW, MOSCOW)
WEEK: Final = this_week(NOW, MOSCOW)
UPCOMING: Final = from_tomorrow(NOW, MOSCOW)

# On, just before and just after every bound; days that end there, in two zones.
MOMENTS: Final = [
    MIDNIGHT + days * 24 * HOUR + part
    for days in (-1, 0, 1, 7)
    for part in (timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1))
] + [NOW, NOW - HOUR, NOW + HOUR]
DEADLINES: Final[list[Deadline | None]] = [
    None,
    *(TimedDeadline(moment, MOSCOW) for moment in MOMENTS),
    *(
        DayDeadline(date(2100, 3, day), zone)
        for day in (13, 14, 15, 16, 21, 22)
        for zone in (MOSCOW, "Pacific/Kiritimati")
    ),
]
SPANS: Final = [
    TimeSpan(),
    TODAY,
    WEEK,
    UPCOMING,
    TimeSpan(start=NOW),
    TimeSpan(end=NOW),
    TimeSpan(start=MIDNIGHT),
    TimeSpan(end=MIDNIGHT),
    TimeSpan(NOW, NOW),
]
CATEGORIES: Final = [a_category(name="Дом"), a_category(name="Work")]
TEXTS: Final = ["Купить молока", "Позвонить Ёлкиной", "Buying milk", "50% off_ 'now'", "молоковоз"]
SEARCHES: Final = ["", "молоко", "МОЛОКО купи", "елкина", "bought buy", "milk", "50", "off", "нет"]

tasks = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TEXTS),
        "description": st.sampled_from(["", *TEXTS]),
        "deadline": st.sampled_from(DEADLINES),
        "priority": st.sampled_from(Priority),
        "category_id": st.sampled_from([None, *(category.id for category in CATEGORIES)]),
        "completed_at": st.none() | st.just(NOW),
    }
)
filters = st.builds(
    TaskFilter,
    status=st.none() | st.sampled_from(TaskStatus),
    category=st.none() | st.sampled_from([UNCATEGORIZED, *(one.id for one in CATEGORIES)]),
    priorities=st.frozensets(st.sampled_from(Priority), max_size=3),
    has_deadline=st.none() | st.booleans(),
    due=st.none() | st.sampled_from(SPANS),
    overdue=st.none() | st.booleans(),
    now=st.just(NOW),
    terms=st.sampled_from(SEARCHES).map(search_terms),
)


def _applies(where: TaskFilter, task: Task) -> bool:
    """What the port's words say, once more."""
    text = f"{task.title} {task.description}"
    stems = search_terms(text)
    in_span = True
    if where.due is not None:
        in_span = task.deadline is not None and _last_moment(task.deadline, where.due)
    return all(
        (
            where.status in {None, task.status},
            where.category is None
            or task.category_id == (None if where.category is UNCATEGORIZED else where.category),
            not where.priorities or task.priority in where.priorities,
            where.has_deadline in {None, task.deadline is not None},
            in_span,
            where.overdue in {None, task.is_overdue(now=NOW)},
            all(any(stem.startswith(term) for stem in stems) for term in where.terms),
        )
    )


def _last_moment(deadline: Deadline, span: TimeSpan) -> bool:
    last = deadline.ends_at
    if isinstance(deadline, DayDeadline):
        last -= timedelta(microseconds=1)
    return (span.start is None or span.start <= last) and (span.end is None or last < span.end)


async def _keep(storage: Storage, owner_id: UserId, sketches: list[dict[str, Any]]) -> list[Task]:
    """Store the tasks, each category being the owner's own; give them as they are stored."""
    own = {one.id: a_category(owner_id=owner_id, name=one.name) for one in CATEGORIES}
    found = []
    for sketch in sketches:
        status = TaskStatus.OPEN if sketch["completed_at"] is None else TaskStatus.COMPLETED
        category = own.get(sketch["category_id"])
        found.append(
            a_task(
                **sketch
                | {
                    "owner_id": owner_id,
                    "status": status,
                    "category_id": None if category is None else category.id,
                }
            )
        )
    await storage.keep(*own.values(), *found)
    return found


async def _own_category(storage: Storage, owner_id: UserId, where: TaskFilter) -> TaskFilter:
    """The filter with the owner's category of the same name in place of the example's."""
    for example in CATEGORIES:
        if where.category == example.id:
            for category in await storage.queries.categories(owner_id):
                if category.name == example.name:
                    return evolve(where, category=category.id)
    return where


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sketches=st.lists(tasks, max_size=8), wheres=st.lists(filters, min_size=1, max_size=6))
async def test_a_list_has_just_the_tasks_to_which_all_of_it_applies(
    storage: Storage, sketches: list[dict[str, Any]], wheres: list[TaskFilter]
) -> None:
    owner, neighbour = a_user(), a_user()
    await storage.keep(owner, neighbour)
    kept = await _keep(storage, owner.id, sketches)
    await _keep(storage, neighbour.id, sketches)

    for where in wheres:
        where = await _own_category(storage, owner.id, where)  # noqa: PLW2901 - the same, of theirs
        page = await page_either_way(storage, TaskPageRequest(owner_id=owner.id, where=where))

        expected = {task.id for task in kept if _applies(where, task)}
        assert {view.task.id for view in page.items} == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sketches=st.lists(tasks, max_size=12))
async def test_counts_are_the_lengths_of_the_lists(
    storage: Storage, sketches: list[dict[str, Any]]
) -> None:
    owner, neighbour = a_user(), a_user()
    await storage.keep(owner, neighbour)
    kept = await _keep(storage, owner.id, sketches)
    await _keep(storage, neighbour.id, sketches)
    is_open = TaskFilter(status=TaskStatus.OPEN, now=NOW)

    def number_of(**where: Any) -> int:
        return sum(_applies(evolve(is_open, **where), task) for task in kept)

    counts = await storage.queries.task_counts(
        owner.id, now=NOW, today=TODAY, this_week=WEEK, upcoming=UPCOMING
    )

    by_category: dict[Any, int] = {}
    for task in kept:
        if task.is_open:
            by_category[task.category_id] = by_category.get(task.category_id, 0) + 1
    assert counts == TaskCounts(
        open=number_of(),
        overdue=number_of(overdue=True),
        due_today=number_of(due=TODAY),
        due_this_week=number_of(due=WEEK),
        upcoming=number_of(due=UPCOMING),
        without_deadline=number_of(has_deadline=False),
        by_category=by_category,
    )


@pytest.mark.parametrize(
    ("search", "title"),
    [
        ("молоко", "купить молока"),
        ("МОЛОКО", "Молочные реки и молоко"),
        ("книги", "Вернуть книгу в библиотеку"),
        ("библиотеке", "Вернуть книгу в библиотеку"),
        ("елка", "Нарядить ёлку"),
        ("позвонила", "Позвонить маме"),
        ("меетинг", "меетинги"),
        ("meetings", "Prepare the Meeting"),
        ("paid", "paid"),
        ("books", "Return the book"),
        ("кварт", "Оплатить квартиру"),
        ("book вернуть", "Вернуть books"),
        ("straße", "STRASSE 5"),
        ("ﬁnd", "find it"),
    ],
)
async def test_words_are_found_in_another_form_and_case(
    storage: Storage, search: str, title: str
) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id, title=title)
    await storage.keep(owner, task, a_task(owner_id=owner.id, title="Something else"))

    where = TaskFilter(terms=search_terms(search))
    page = await page_either_way(storage, TaskPageRequest(owner_id=owner.id, where=where))

    assert [view.task for view in page.items] == [task]


async def test_a_changed_text_is_found_by_its_new_words_alone(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id, title="Купить молока")
    await storage.keep(owner, task)
    async with storage.unit_of_work() as uow:
        await uow.tasks.update(task.retitle("Купить хлеба", now=NOW))
        await uow.commit()

    async def found_by(word: str) -> int:
        where = TaskFilter(terms=search_terms(word))
        page = await page_either_way(storage, TaskPageRequest(owner_id=owner.id, where=where))
        return len(page.items)

    assert await found_by("молоко") == 0
    assert await found_by("хлеб") == 1
