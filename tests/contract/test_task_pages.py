"""What every `Queries.tasks` promises: an order, and pages that walk it both ways."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st

from support.backends import Storage
from support.builders import NOW, a_category, a_task, a_user
from support.held import page_either_way
from taskbot.application.ports import TaskFilter, TaskOrder, TaskPage, TaskPageRequest, TaskPosition
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.ids import UserId
from taskbot.domain.task import Priority, Task, TaskStatus

pytestmark = pytest.mark.anyio

# Few different ones, so that many coincide; Moscow's 15th ends at the moment of the last.
DEADLINES: tuple[Deadline | None, ...] = (
    None,
    DayDeadline(date(2100, 3, 15), "Europe/Moscow"),
    DayDeadline(date(2100, 3, 15), "America/New_York"),
    TimedDeadline(NOW, "UTC"),
    TimedDeadline(NOW + timedelta(microseconds=1), "UTC"),
    TimedDeadline(NOW.replace(hour=21), "Europe/Moscow"),
)


def _promised_order(task: Task, order: TaskOrder) -> tuple[Any, ...]:
    deadline = (
        (True, NOW, task.id) if task.deadline is None else (False, task.deadline.ends_at, task.id)
    )
    match order:
        case TaskOrder.DEADLINE:
            return deadline
        case TaskOrder.CREATED:
            return task.created_at, task.id
        case TaskOrder.PRIORITY:
            return task.priority, *deadline
        case TaskOrder.COMPLETED:
            return task.completed_at, task.id


async def _page(storage: Storage, owner_id: UserId, limit: int = 20, **more: Any) -> TaskPage:
    request = TaskPageRequest(owner_id=owner_id, limit=limit)
    return await page_either_way(storage, evolve(request, **more))


def _tasks(page: TaskPage) -> list[Task]:
    return [view.task for view in page.items]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sketches=st.lists(
        st.fixed_dictionaries(
            {
                "deadline": st.sampled_from(DEADLINES),
                "priority": st.sampled_from(Priority),
                "created_at": st.integers(0, 2).map(lambda hours: NOW + timedelta(hours=hours)),
                "completed_at": st.sampled_from([None, NOW, NOW + timedelta(hours=1)]),
            }
        ),
        max_size=12,
    ),
    order=st.sampled_from(TaskOrder),
    descending=st.booleans(),
    limit=st.integers(min_value=1, max_value=5),
)
async def test_pages_walk_the_whole_list_forwards_and_back(
    storage: Storage,
    sketches: list[dict[str, Any]],
    order: TaskOrder,
    descending: bool,  # noqa: FBT001 - Hypothesis passes it by name
    limit: int,
) -> None:
    owner, neighbour = a_user(), a_user()
    tasks = [
        a_task(
            owner_id=owner.id,
            status=TaskStatus.COMPLETED if sketch["completed_at"] else TaskStatus.OPEN,
            **sketch,
        )
        for sketch in sketches
    ]
    await storage.keep(owner, neighbour, *reversed(tasks), a_task(owner_id=neighbour.id))
    listed = [task for task in tasks if order is not TaskOrder.COMPLETED or not task.is_open]
    promised = sorted(listed, key=lambda task: _promised_order(task, order), reverse=descending)
    sorting: dict[str, Any] = {"order": order, "descending": descending}

    page = await _page(storage, owner.id, limit, **sorting)
    pages = [page]
    while page.following is not None:
        page = await _page(storage, owner.id, limit, **sorting, after=page.following)
        pages.append(page)
    forwards = [task for page in pages for task in _tasks(page)]

    start = page.preceding
    backwards = list(reversed(_tasks(page)))
    while start is not None:
        page = await _page(storage, owner.id, limit, **sorting, before=start)
        backwards += reversed(_tasks(page))
        start = page.preceding

    assert forwards == promised
    assert backwards == promised[::-1]
    assert all(len(page.items) == limit for page in pages[:-1])
    assert pages[-1].items or not promised
    assert pages[0].preceding is None
    assert page.following is not None or len(pages) == 1


@pytest.mark.parametrize(
    ("status", "titles"), [(TaskStatus.OPEN, "a"), (TaskStatus.COMPLETED, "b")]
)
async def test_a_list_may_show_one_status_alone(
    storage: Storage, status: TaskStatus, titles: str
) -> None:
    owner = a_user()
    await storage.keep(
        owner,
        a_task(owner_id=owner.id, title="a"),
        a_task(owner_id=owner.id, title="b", status=TaskStatus.COMPLETED, completed_at=NOW),
    )

    page = await _page(storage, owner.id, where=TaskFilter(status=status))

    assert [task.title for task in _tasks(page)] == [titles]


async def test_a_list_without_a_status_shows_all(storage: Storage) -> None:
    owner = a_user()
    open_task = a_task(owner_id=owner.id)
    completed = a_task(owner_id=owner.id, status=TaskStatus.COMPLETED, completed_at=NOW)
    await storage.keep(owner, open_task, completed)

    page = await _page(storage, owner.id)

    assert {task.id for task in _tasks(page)} == {open_task.id, completed.id}


async def test_tasks_are_listed_with_their_categories(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    filed = a_task(owner_id=owner.id, category_id=category.id, deadline=DEADLINES[1])
    loose = a_task(owner_id=owner.id)
    await storage.keep(owner, category, filed, loose)

    page = await _page(storage, owner.id)

    assert [(view.task, view.category) for view in page.items] == [(filed, category), (loose, None)]


async def test_a_page_goes_on_although_the_task_at_its_edge_is_gone(storage: Storage) -> None:
    owner = a_user()
    tasks = sorted(
        (a_task(owner_id=owner.id, deadline=DEADLINES[3]) for _ in range(4)),
        key=lambda task: task.id,
    )
    await storage.keep(owner, *tasks)
    first = await _page(storage, owner.id, 2)
    async with storage.unit_of_work() as uow:
        await uow.tasks.delete(tasks[1].id)
        await uow.commit()

    second = await _page(storage, owner.id, 2, after=first.following)

    assert _tasks(second) == tasks[2:]


async def test_an_empty_page_leads_nowhere(storage: Storage) -> None:
    owner, newcomer = a_user(), a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, newcomer, task)

    assert await _page(storage, newcomer.id) == TaskPage((), None, None)
    for where in ({"after": TaskPosition.of(task)}, {"before": TaskPosition.of(task)}):
        assert (await _page(storage, owner.id, 20, **where)).items == ()
