"""What every `AuditLog` promises, and how it is read."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings, strategies as st
from ulid import ULID

from support.backends import Storage
from support.builders import (
    NOW,
    a_category,
    a_reminder_of,
    a_task,
    a_user,
    an_access_token,
    an_audit_entry,
)
from taskbot.application.ports import AuditQuery
from taskbot.domain.audit import AuditedKind, AuditEntry, AuditVerb, Plain
from taskbot.domain.errors import RoleInsufficient
from taskbot.domain.ids import AuditEntryId

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)

_plain: st.SearchStrategy[Plain] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cc", "Cs"]))
    | st.lists(st.integers(0, 10**6))
)


async def _add(storage: Storage, *entries: AuditEntry) -> None:
    await storage.transactions.run(lambda uow: uow.audit.add(*entries))


async def _found(storage: Storage, query: AuditQuery | None = None) -> list[AuditEntry]:
    return await storage.queries.audit_entries(query or AuditQuery())


async def test_what_is_added_is_read_as_it_was(storage: Storage, rival: Storage) -> None:
    done = an_audit_entry()
    refused = an_audit_entry(at=NOW + MINUTE).refused(RoleInsufficient("editor"))
    nobodys = an_audit_entry(
        at=NOW + 2 * MINUTE,
        verb=AuditVerb.SIGN_IN,
        object_kind=AuditedKind.ADMIN_ACCOUNT,
        object_id=None,
        owner_id=None,
        diff={},
        client=None,
    )

    await _add(storage, done, refused, nobodys)

    assert await _found(rival) == [nobodys, refused, done]


async def test_nothing_may_be_added(storage: Storage) -> None:
    await _add(storage)

    assert await _found(storage) == []


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(diff=st.dictionaries(st.text("abc_", min_size=1), st.tuples(_plain, _plain), max_size=4))
async def test_any_difference_is_read_as_it_was(
    storage: Storage, diff: dict[str, tuple[Plain, Plain]]
) -> None:
    entry = an_audit_entry(diff=diff)

    await _add(storage, entry)

    query = AuditQuery(object_kind=AuditedKind.TASK, object_id=entry.object_id)
    assert await _found(storage, query) == [entry]


async def test_an_entry_of_a_transaction_that_fails_is_not_there(storage: Storage) -> None:
    async with storage.unit_of_work() as uow:
        await uow.audit.add(an_audit_entry())

    assert await _found(storage) == []


async def test_entries_are_found_by_operator_by_thing_and_by_owner(storage: Storage) -> None:
    entry = an_audit_entry()
    others = [
        an_audit_entry(operator="boris"),
        an_audit_entry(object_kind=AuditedKind.PERSON, object_id=entry.object_id),
        an_audit_entry(),
    ]
    await _add(storage, entry, *others)
    mine = AuditQuery(operator="olga", object_kind="task")

    assert await _found(storage, AuditQuery(operator="boris")) == [others[0]]
    assert await _found(storage, AuditQuery(object_kind="person")) == [others[1]]
    assert await _found(storage, AuditQuery(owner_id=entry.owner_id)) == [entry]
    assert await _found(storage, evolve(mine, object_id=entry.object_id)) == [entry]
    assert set(map(_id, await _found(storage, mine))) == {entry.id, others[2].id}


async def test_pages_follow_each_other_though_many_are_of_one_moment(storage: Storage) -> None:
    entries = [an_audit_entry(at=NOW + (number // 3) * MINUTE) for number in range(10)]
    await _add(storage, *entries)

    pages, page = list[AuditEntry](), await _found(storage, AuditQuery(limit=4))
    while page:
        pages += page
        page = await _found(storage, AuditQuery(limit=4, before=page[-1]))

    assert pages == sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)


async def test_with_a_person_go_the_diffs_about_them_and_nothing_else(storage: Storage) -> None:
    leaver, other = a_user(), a_user()
    task = a_task(owner_id=leaver.id)
    about = [an_audit_entry(at=NOW + n * MINUTE, owner_id=leaver.id) for n in range(3)]
    others = [
        an_audit_entry(at=NOW - MINUTE, owner_id=other.id),
        an_audit_entry(at=NOW - 2 * MINUTE, owner_id=None),
    ]
    await storage.keep(leaver, other, task)
    await _add(storage, *about, *others)

    erased = [
        await storage.transactions.run(lambda uow: uow.users.erase(leaver.id, limit=2))
        for _ in range(3)
    ]

    assert erased == [2, 2, 1]  # a task, three diffs, and the person after all others
    assert await _found(storage) == [*(one.without_diff() for one in about[::-1]), *others]


async def test_old_entries_are_forgotten_a_few_at_a_time(storage: Storage) -> None:
    old = [an_audit_entry(at=LONG_AGO - n * MINUTE) for n in range(3)]
    kept = [an_audit_entry(), an_audit_entry(at=LONG_AGO)]
    await _add(storage, *old, *kept)

    purged = [
        await storage.transactions.run(
            lambda uow: uow.audit.purge(before=LONG_AGO - MINUTE / 2, limit=1)
        )
        for _ in range(3)
    ]

    assert purged == [1, 1, 0]
    assert await _found(storage) == [kept[0], kept[1], old[0]]


async def test_owners_are_told_of_what_there_is(storage: Storage) -> None:
    owner, other = a_user(), a_user()
    task, foreign = a_task(owner_id=owner.id), a_task(owner_id=other.id)
    category, token = a_category(owner_id=owner.id), an_access_token(owner_id=other.id)
    reminder = a_reminder_of(foreign)
    await storage.keep(owner, other, task, foreign, category, token, reminder)
    owners = storage.queries.owners

    found = await owners(AuditedKind.TASK, [task.id, foreign.id, ULID()])

    assert found == {task.id: owner.id, foreign.id: other.id}
    assert await owners(AuditedKind.CATEGORY, [category.id]) == {category.id: owner.id}
    assert await owners(AuditedKind.ACCESS_TOKEN, [token.id]) == {token.id: other.id}
    assert await owners(AuditedKind.REMINDER, [reminder.id, task.id]) == {reminder.id: other.id}
    assert await owners(AuditedKind.TASK, []) == {}


def _id(entry: AuditEntry) -> AuditEntryId:
    return entry.id
