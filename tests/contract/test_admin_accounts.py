"""What every repository of accounts, sessions and one-time links promises, and the queries."""

import asyncio
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from ulid import ULID

from support.backends import Storage
from support.builders import NOW, an_admin_account, an_admin_session, an_invitation
from support.core import a_core
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.errors import (
    AdminAccountNotFound,
    AdminNameTaken,
    InvitationUnusable,
    LastEditor,
    StaleAdminAccount,
)
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import COMMAND_LINE, Role

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
PASSWORD = "tram 7 stops at noon"


async def _get(storage: Storage, account_id: AdminAccountId) -> AdminAccount:
    return await storage.transactions.run(lambda uow: uow.admin_accounts.get(account_id))


async def _get_by_name(storage: Storage, name: str) -> AdminAccount:
    return await storage.transactions.run(lambda uow: uow.admin_accounts.get_by_name(name))


async def _update(storage: Storage, account: AdminAccount) -> AdminAccount:
    return await storage.transactions.run(lambda uow: uow.admin_accounts.update(account))


async def _note_use(storage: Storage, session: AdminSession, *, at: datetime) -> None:
    await storage.transactions.run(lambda uow: uow.admin_sessions.note_use(session.digest, at=at))


async def _take(storage: Storage, link: Invitation) -> Invitation | None:
    return await storage.transactions.run(lambda uow: uow.invitations.take(link.digest))


async def test_an_account_comes_back_as_it_was(storage: Storage, rival: Storage) -> None:
    full = an_admin_account(name="ann@example.org", signed_in_at=NOW, signed_in_from="2001:db8::")
    bare = an_admin_account(role=Role.VIEWER, password_hash=None, active=False)
    await storage.keep(full, bare)

    for account in (full, bare):
        assert await _get(rival, account.id) == account
        assert await rival.queries.admin_account(account.id) == account
        assert await rival.queries.admin_account_by_name(account.name) == account
        assert await _get_by_name(rival, account.name) == account


async def test_an_account_that_there_is_not_is_not_found(storage: Storage) -> None:
    await storage.keep(an_admin_account(name="ann"))
    missing = AdminAccountId(ULID())

    assert await storage.queries.admin_account_by_name("an") is None
    with pytest.raises(AdminAccountNotFound):
        await storage.queries.admin_account(missing)
    with pytest.raises(AdminAccountNotFound):
        await _get(storage, missing)
    with pytest.raises(AdminAccountNotFound):
        await _get_by_name(storage, "an")


async def test_accounts_are_listed_by_name(storage: Storage) -> None:
    names = ["b", "a-b", "ab", "a_b", "a.b", "0"]
    await storage.keep(*(an_admin_account(name=name) for name in names))

    assert [one.name for one in await storage.queries.admin_accounts()] == sorted(names)


async def test_a_name_is_given_once(storage: Storage) -> None:
    await storage.keep(an_admin_account(name="ann"))

    with pytest.raises(AdminNameTaken) as refusal:
        await storage.keep(an_admin_account(name="Ann"))

    assert refusal.value.name == "ann"


async def test_whether_there_is_any_account_is_known(storage: Storage) -> None:
    async def is_empty() -> bool:
        return await storage.transactions.run(lambda uow: uow.admin_accounts.is_empty())

    assert await is_empty()
    await storage.keep(an_admin_account(active=False))
    assert not await is_empty()


async def test_a_change_is_stored_under_the_next_version(storage: Storage, rival: Storage) -> None:
    account = an_admin_account()
    await storage.keep(account)

    changed = account.with_password("another hash").sign_in(now=NOW, address="192.0.2.7")
    stored = await _update(storage, changed)

    assert stored == evolve(changed, version=2)
    assert await _get(rival, account.id) == stored
    with pytest.raises(StaleAdminAccount):
        await _update(rival, changed)


async def test_acting_editors_are_those_who_can_sign_in_and_mend(storage: Storage) -> None:
    editors = [an_admin_account() for _ in range(3)]
    others = [
        an_admin_account(role=Role.VIEWER),
        an_admin_account(active=False),
        an_admin_account(password_hash=None),
    ]
    await storage.keep(*reversed(editors), *others)

    found = await storage.transactions.run(lambda uow: uow.admin_accounts.acting_editors())

    assert found == sorted(editors, key=lambda one: one.id)


async def test_of_two_last_editors_who_go_at_once_one_stays(
    storage: Storage, rival: Storage
) -> None:
    for _ in range(5):
        ann, bob = an_admin_account(), an_admin_account()
        await storage.keep(ann, bob)
        here, there = (
            a_core(transactions=one.transactions, queries=one.queries) for one in (storage, rival)
        )

        outcomes = await asyncio.gather(
            here.admin_accounts.deactivate(ann.id, by=ann.operator),
            there.admin_accounts.change_role(bob.id, Role.VIEWER, by=bob.operator),
            return_exceptions=True,
        )

        refused = [one for one in outcomes if isinstance(one, BaseException)]
        assert [type(one) for one in refused] == [LastEditor]
        (left,) = await storage.transactions.run(lambda uow: uow.admin_accounts.acting_editors())
        # In the next round there are again two, and nobody else.
        await _update(storage, evolve(left, active=False))


async def test_a_session_is_found_with_its_account(storage: Storage, rival: Storage) -> None:
    ann, bob = an_admin_account(), an_admin_account()
    session = an_admin_session(ann, seen_at=NOW + HOUR)
    await storage.keep(ann, bob, an_admin_session(ann), session, an_admin_session(bob))

    assert await rival.queries.admin_session(session.digest) == (session, ann)
    assert await rival.queries.admin_session(bytes(32)) is None


async def test_a_use_is_noted_only_of_a_session_that_goes_on(storage: Storage) -> None:
    ann = an_admin_account()
    session, ended = an_admin_session(ann), an_admin_session(ann)
    await storage.keep(ann, session)

    for one in (session, ended):
        await _note_use(storage, one, at=NOW + HOUR)

    assert await storage.queries.admin_session(ended.digest) is None
    found = await storage.queries.admin_session(session.digest)
    assert found == (evolve(session, seen_at=NOW + HOUR), ann)


async def test_one_session_ends_or_all_of_an_account(storage: Storage, rival: Storage) -> None:
    ann, bob = an_admin_account(), an_admin_account()
    first, second, third = (an_admin_session(ann) for _ in range(3))
    his = an_admin_session(bob)
    await storage.keep(ann, bob, first, second, third, his)

    async def end() -> bool:
        return await storage.transactions.run(lambda uow: uow.admin_sessions.end(first.digest))

    assert [await end(), await end()] == [True, False]
    assert await rival.queries.admin_session(first.digest) is None
    assert await rival.queries.admin_session(second.digest) == (second, ann)
    await storage.transactions.run(lambda uow: uow.admin_sessions.end_all(ann.id))
    assert await rival.queries.admin_session(second.digest) is None
    assert await rival.queries.admin_session(third.digest) is None
    assert await rival.queries.admin_session(his.digest) == (his, bob)


async def test_sessions_that_are_idle_or_old_are_purged(storage: Storage) -> None:
    ann = an_admin_account()
    idle = an_admin_session(ann, seen_at=NOW + HOUR)
    old = an_admin_session(ann, created_at=NOW - HOUR, seen_at=NOW + 3 * HOUR)
    good = an_admin_session(ann, seen_at=NOW + 3 * HOUR)
    await storage.keep(ann, idle, old, good)

    async def purge() -> int:
        return await storage.transactions.run(
            lambda uow: uow.admin_sessions.purge(unseen_since=NOW + HOUR, begun_before=NOW - HOUR)
        )

    assert [await purge(), await purge()] == [2, 0]
    assert await storage.queries.admin_session(good.digest) == (good, ann)


async def test_a_link_is_found_with_its_account_if_it_is_for_one(
    storage: Storage, rival: Storage
) -> None:
    ann = an_admin_account()
    hers, first = an_invitation(ann), an_invitation(None)
    await storage.keep(ann, an_admin_account(), hers, first)

    assert await rival.queries.invitation(hers.digest) == (hers, ann)
    assert await rival.queries.invitation(first.digest) == (first, None)
    assert await rival.queries.invitation(bytes(32)) is None


async def test_a_link_takes_the_place_of_the_one_for_the_same_account(storage: Storage) -> None:
    ann, bob = an_admin_account(), an_admin_account()
    his = an_invitation(bob)
    await storage.keep(ann, bob, his)

    for whose in (ann, None):
        before, after = an_invitation(whose), an_invitation(whose, created_at=NOW + HOUR)
        await storage.keep(before)
        await storage.keep(after)

        assert await storage.queries.invitation(before.digest) is None
        assert await storage.queries.invitation(after.digest) == (after, whose)
    assert await storage.queries.invitation(his.digest) == (his, bob)


async def test_a_link_is_taken_once(storage: Storage, rival: Storage) -> None:
    ann = an_admin_account()
    await storage.keep(ann)
    for whose in (ann, None):
        link = an_invitation(whose)
        await storage.keep(link)

        taken = await asyncio.gather(*(_take(one, link) for one in (storage, rival, storage)))

        assert sorted(taken, key=bool) == [None, None, link]


async def test_a_link_is_withdrawn_or_purged(storage: Storage) -> None:
    ann, bob = an_admin_account(), an_admin_account()
    hers, his, first = an_invitation(ann), an_invitation(bob), an_invitation(None)
    late = evolve(his, created_at=NOW + HOUR)
    await storage.keep(ann, bob, hers, late, first)

    await storage.transactions.run(lambda uow: uow.invitations.withdraw(ann.id))
    await storage.transactions.run(lambda uow: uow.invitations.withdraw(ann.id))
    assert await storage.queries.invitation(hers.digest) is None
    purged = await storage.transactions.run(lambda uow: uow.invitations.purge(made_before=NOW))

    assert purged == 1
    assert await storage.queries.invitation(first.digest) is None
    assert await storage.queries.invitation(late.digest) == (late, bob)


async def test_a_link_that_two_open_at_once_makes_one_first_editor(
    storage: Storage, rival: Storage
) -> None:
    here, there = (
        a_core(transactions=one.transactions, queries=one.queries) for one in (storage, rival)
    )
    secret = await here.admin_accounts.first_link()
    assert secret is not None

    outcomes = await asyncio.gather(
        here.invitations.accept(secret, name="ann", password=PASSWORD, client="192.0.2.7"),
        there.invitations.accept(secret, name="bob", password=PASSWORD, client="192.0.2.8"),
        return_exceptions=True,
    )

    refused = [type(one) for one in outcomes if isinstance(one, BaseException)]
    assert refused == [InvitationUnusable]
    assert len(await storage.queries.admin_accounts()) == 1


async def test_a_forgotten_password_is_chosen_anew_by_whoever_comes_first(
    storage: Storage, rival: Storage
) -> None:
    here, there = (
        a_core(transactions=one.transactions, queries=one.queries) for one in (storage, rival)
    )
    ann = await here.admin_accounts.create("ann", Role.EDITOR, None, by=COMMAND_LINE)
    secret = await here.admin_accounts.invite(ann.id, by=COMMAND_LINE)

    outcomes = await asyncio.gather(
        *(
            core.invitations.accept(secret, password=PASSWORD, client="192.0.2.7")
            for core in (here, there, here)
        ),
        return_exceptions=True,
    )

    refused = [type(one) for one in outcomes if isinstance(one, BaseException)]
    assert refused == [InvitationUnusable, InvitationUnusable]
    await there.admin_sign_in.sign_in("ann", PASSWORD, client="192.0.2.7")
