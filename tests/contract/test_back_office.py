"""On every storage: what an operator does and its entry in the audit log are one change."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Final, NoReturn, TypeVar, cast

import pytest
from attrs import frozen

from support.backends import Storage
from support.builders import NOW, a_category, a_reminder_of, a_task, a_user, an_access_token
from support.core import Core, a_core
from support.operators import ADDRESS, EDITOR, VIEWER, entries
from taskbot.application.back_office import CategoryChanges, PersonChanges, TaskChanges
from taskbot.application.ports import StorageUnavailable, Transactions, UnitOfWork
from taskbot.domain.audit import AuditEntry
from taskbot.domain.category import Category
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import CategoryNameTaken, StaleTask, TaskAlreadyCompleted
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import Language, User

pytestmark = pytest.mark.anyio

_T = TypeVar("_T")

HOUR: Final = timedelta(hours=1)
DEADLINE: Final = TimedDeadline(NOW + 24 * HOUR, "Europe/Moscow")


@frozen
class Belongings:
    owner: User
    category: Category
    task: Task
    reminder: Reminder


async def _kept(storage: Storage) -> Belongings:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, category_id=category.id, deadline=DEADLINE)
    reminder = a_reminder_of(task, fire_at=NOW + 24 * HOUR)
    await storage.keep(owner, category, task, reminder)
    return Belongings(owner, category, task, reminder)


def _core(storage: Storage, transactions: Transactions | None = None) -> Core:
    return a_core(
        transactions=transactions or storage.transactions,
        queries=storage.queries,
    )


class BrokenAuditLog:
    async def add(self, *_: AuditEntry) -> NoReturn:
        raise StorageUnavailable("the disk is full")


@frozen
class WithoutAuditLog:
    """Transactions in which everything can be written but the audit log."""

    _transactions: Transactions

    async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        async def on_broken_log(uow: UnitOfWork) -> _T:
            names = ("users", "tasks", "categories", "reminders", "undos", "access_tokens")
            broken = SimpleNamespace(
                audit=BrokenAuditLog(), **{name: getattr(uow, name) for name in names}
            )
            return await work(cast("UnitOfWork", broken))

        return await self._transactions.run(on_broken_log)

    once = run


async def test_what_cannot_be_written_down_is_not_done(storage: Storage) -> None:
    mine = await _kept(storage)
    token = an_access_token(owner_id=mine.owner.id)
    dead = a_reminder_of(mine.task).give_up(error="no route")
    await storage.keep(token, dead)
    office = _core(storage, WithoutAuditLog(storage.transactions)).back_office
    task_id, by = mine.task.id, EDITOR

    for deed in (
        office.tasks.edit(
            task_id, TaskChanges(title="Bread", deadline=NOW + HOUR), by=by, client=None
        ),
        office.tasks.complete(task_id, by=by, client=None),
        office.tasks.delete(task_id, by=by, client=None),
        office.tasks.complete_many([task_id], by=by, client=None),
        office.tasks.delete_many([task_id], by=by, client=None),
        office.tasks.reschedule_many([task_id], HOUR, by=by, client=None),
        office.people.edit(
            mine.owner.id, PersonChanges(language=Language.RUSSIAN), by=by, client=None
        ),
        office.people.pause_many([mine.owner.id], by=by, client=None),
        office.people.start_leaving(mine.owner.id, by=by, client=None),
        office.categories.delete(mine.category.id, by=by, client=None),
        office.reminders.add(task_id, at=NOW + HOUR, by=by, client=None),
        office.reminders.retry(dead.id, by=by, client=None),
        office.access_tokens.revoke(token.id, by=by, client=None),
    ):
        with pytest.raises(StorageUnavailable):
            await deed

    assert await entries(storage.queries) == []
    assert await storage.queries.user(mine.owner.id) == mine.owner
    (card,) = await storage.queries.task_cards([task_id], owner_id=mine.owner.id)
    assert (card.task, card.category) == (mine.task, mine.category)
    assert set(card.reminders) == {mine.reminder, dead}
    assert await storage.queries.access_tokens(mine.owner.id) == [token]


async def test_what_is_refused_leaves_one_entry_and_nothing_else(storage: Storage) -> None:
    mine = await _kept(storage)
    await storage.keep(a_category(owner_id=mine.owner.id, name="Work"))
    office = _core(storage).back_office

    with pytest.raises(StaleTask):
        await office.tasks.edit(
            mine.task.id, TaskChanges(version=7, title="Bread"), by=EDITOR, client=ADDRESS
        )
    with pytest.raises(CategoryNameTaken):  # by the database itself
        await office.categories.edit(
            mine.category.id, CategoryChanges(emoji="🏠", name="work"), by=EDITOR, client=None
        )

    told = {(one.verb, one.refusal, one.object_id) for one in await entries(storage.queries)}
    assert told == {
        ("task.edit", "task-stale", str(mine.task.id)),
        ("category.edit", "category-name-taken", str(mine.category.id)),
    }
    (card,) = await storage.queries.task_cards([mine.task.id], owner_id=mine.owner.id)
    assert (card.task, card.category) == (mine.task, mine.category)
    assert card.reminders == (mine.reminder,)


async def test_what_is_done_is_done_as_a_whole(storage: Storage, rival: Storage) -> None:
    mine = await _kept(storage)
    office = _core(storage).back_office

    await office.tasks.edit(
        mine.task.id, TaskChanges(title="Bread", deadline=NOW + 2 * HOUR), by=EDITOR, client=None
    )

    (card,) = await rival.queries.task_cards([mine.task.id], owner_id=mine.owner.id)
    assert (card.task.title, card.task.version) == ("Bread", 2)
    states = sorted((one.fire_at - NOW, one.state) for one in card.reminders)
    assert states == [
        (HOUR, ReminderState.PLANNED),
        (2 * HOUR, ReminderState.PLANNED),
        (24 * HOUR, ReminderState.CANCELLED),
    ]
    (entry,) = await entries(rival.queries)
    assert entry.owner_id == mine.owner.id
    assert entry.diff == {
        "title": ("Buy milk", "Bread"),
        "due_at": ("2100-03-16T12:00:00+00:00", "2100-03-15T14:00:00+00:00"),
    }


async def test_things_of_many_people_are_changed_at_once(storage: Storage) -> None:
    people = [await _kept(storage) for _ in range(3)]
    for one in people:
        await storage.keep(*(a_task(owner_id=one.owner.id) for _ in range(2)))
    core = _core(storage)
    done = people[1].task
    await core.tasks.complete(done.id, actor=people[1].owner.id)
    ids = [one.task.id for one in people]

    outcomes = await core.back_office.tasks.complete_many(ids, by=EDITOR, client=None)

    refusals = [one.refusal.code if one.refusal else None for one in outcomes]
    assert refusals == [None, TaskAlreadyCompleted.code, None]
    for one in people:
        assert not (await storage.task(one.task.id)).is_open
    found = {entry.object_id: entry for entry in await entries(storage.queries)}
    assert {key: entry.refusal for key, entry in found.items()} == {
        str(ids[0]): None,
        str(ids[1]): TaskAlreadyCompleted.code,
        str(ids[2]): None,
    }


async def test_of_two_operators_at_once_one_does_it_and_the_other_is_refused(
    storage: Storage, rival: Storage
) -> None:
    mine = await _kept(storage)
    offices = [_core(one).back_office.tasks for one in (storage, rival)]

    results = await asyncio.gather(
        *(one.complete(mine.task.id, by=EDITOR, client=None) for one in offices),
        return_exceptions=True,
    )

    assert sum(isinstance(one, TaskAlreadyCompleted) for one in results) == 1
    assert {one.refusal for one in await entries(storage.queries)} == {
        None,
        TaskAlreadyCompleted.code,
    }


async def test_a_viewer_leaves_nothing_but_their_attempt(storage: Storage) -> None:
    mine = await _kept(storage)
    office = _core(storage).back_office

    for deed in (
        office.tasks.delete_many([mine.task.id], by=VIEWER, client=None),
        office.categories.delete(mine.category.id, by=VIEWER, client=None),
    ):
        with pytest.raises(Exception, match="operators of the role editor"):
            await deed

    assert await storage.task(mine.task.id) == mine.task
    told = {(one.operator, one.refusal) for one in await entries(storage.queries)}
    assert told == {("victor", "role-insufficient")}
