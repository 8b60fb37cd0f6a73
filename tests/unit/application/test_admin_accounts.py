"""Admin accounts: made, changed and invited by editors, on the record."""

from datetime import timedelta

import pytest
from ulid import ULID

from support.admin_accounts import HOME, PASSWORD, an_operator, in_short, signed_in, written_down
from support.core import a_core
from taskbot.domain.admin_session import IDLE_LIMIT, INVITATION_LIMIT, admin_digest
from taskbot.domain.audit import AuditedKind
from taskbot.domain.errors import (
    AdminAccountInactive,
    AdminAccountNotFound,
    AdminNameTaken,
    AdminNameUnusable,
    InvitationUnusable,
    LastEditor,
    NotSignedIn,
    PasswordTooShort,
    RoleInsufficient,
    SignInRefused,
)
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import COMMAND_LINE, Operator, Role

pytestmark = pytest.mark.anyio

VIEWER = Operator("vera", Role.VIEWER)


async def test_who_was_made_signs_in_by_the_password() -> None:
    core = a_core()

    made = await core.admin_accounts.create("Ann", Role.VIEWER, PASSWORD, by=COMMAND_LINE)

    assert (made.name, made.role) == ("ann", Role.VIEWER)
    assert (await signed_in(core)).account.id == made.id
    assert await core.admin_accounts.get(made.id) == (await core.admin_accounts.list())[0]


async def test_the_password_itself_is_kept_nowhere() -> None:
    core = a_core()

    await an_operator(core)

    assert PASSWORD not in repr(core.database)
    (account,) = await core.admin_accounts.list()
    assert account.password_hash is not None
    assert PASSWORD not in account.password_hash


async def test_an_account_is_found_by_its_name_however_it_is_written() -> None:
    core = a_core()
    ann = await an_operator(core)

    assert await core.admin_accounts.find(" ANN") == ann
    for name in ("bob", "a b", ""):
        with pytest.raises(AdminAccountNotFound):
            await core.admin_accounts.find(name)


async def test_what_cannot_be_made_is_refused_and_leaves_nothing() -> None:
    core = a_core()
    await an_operator(core)

    for name, password, refusal in (
        ("a b", PASSWORD, AdminNameUnusable),
        ("ANN", PASSWORD, AdminNameTaken),
        ("bob", "short", PasswordTooShort),
    ):
        with pytest.raises(refusal):
            await core.admin_accounts.create(name, Role.VIEWER, password, by=COMMAND_LINE)

    assert [one.name for one in await core.admin_accounts.list()] == ["ann"]


async def test_a_viewer_changes_no_account() -> None:
    core = a_core()
    ann, bob = await an_operator(core), await an_operator(core, "bob")
    accounts = core.admin_accounts

    for attempt in (
        accounts.create("eve", Role.EDITOR, PASSWORD, by=VIEWER),
        accounts.invite(ann.id, by=VIEWER, client=HOME),
        accounts.change_role(ann.id, Role.VIEWER, by=VIEWER),
        accounts.deactivate(ann.id, by=VIEWER),
        accounts.reactivate(ann.id, by=VIEWER),
    ):
        with pytest.raises(RoleInsufficient):
            await attempt

    assert list(await accounts.list()) == [ann, bob]
    assert (await in_short(core))[2:] == [
        ("vera", "account.create", "role-insufficient"),
        ("vera", "account.invite", "role-insufficient"),
        ("vera", "account.role", "role-insufficient"),
        ("vera", "account.deactivate", "role-insufficient"),
        ("vera", "account.reactivate", "role-insufficient"),
    ]
    assert (await written_down(core))[3].client == HOME


async def test_changes_are_written_down_with_what_is_different() -> None:
    core = a_core()
    ann, bob = await an_operator(core), await an_operator(core, "bob", role=Role.VIEWER)
    by = ann.operator

    await core.admin_accounts.change_role(bob.id, Role.EDITOR, by=by, client=HOME)
    await core.admin_accounts.change_role(bob.id, Role.EDITOR, by=by, client=HOME)
    await core.admin_accounts.deactivate(bob.id, by=by, client=HOME)
    await core.admin_accounts.reactivate(bob.id, by=by, client=HOME)

    made, *entries = (await written_down(core))[1:]
    assert (made.operator, made.object_id, made.client) == ("command line", str(bob.id), None)
    assert made.diff == {"name": (None, "bob"), "role": (None, "viewer"), "active": (None, True)}
    assert [(one.verb, one.diff) for one in entries] == [
        ("account.role", {"role": ("viewer", "editor")}),
        ("account.deactivate", {"active": (True, False)}),
        ("account.reactivate", {"active": (False, True)}),
    ]
    for one in entries:
        assert (one.operator, one.object_kind) == ("ann", AuditedKind.ADMIN_ACCOUNT)
        assert (one.object_id, one.client) == (str(bob.id), HOME)


async def test_who_is_deactivated_is_out_at_once_and_comes_back_by_the_same_password() -> None:
    core = a_core()
    ann, bob = await an_operator(core), await an_operator(core, "bob")
    session = await signed_in(core, "bob")
    link = await core.admin_accounts.invite(bob.id, by=ann.operator)

    await core.admin_accounts.deactivate(bob.id, by=ann.operator)

    with pytest.raises(NotSignedIn):
        await core.admin_sign_in.authenticate(session.secret)
    with pytest.raises(SignInRefused):
        await signed_in(core, "bob")
    with pytest.raises(InvitationUnusable):
        await core.invitations.look_at(link)
    with pytest.raises(AdminAccountInactive):
        await core.admin_accounts.invite(bob.id, by=ann.operator)

    await core.admin_accounts.reactivate(bob.id, by=ann.operator)

    with pytest.raises(NotSignedIn):
        await core.admin_sign_in.authenticate(session.secret)
    assert (await signed_in(core, "bob")).account.id == bob.id


async def test_a_change_of_role_counts_from_the_next_request_on() -> None:
    core = a_core()
    ann, bob = await an_operator(core), await an_operator(core, "bob")
    session = await signed_in(core, "bob")

    await core.admin_accounts.change_role(bob.id, Role.VIEWER, by=ann.operator)

    who = await core.admin_sign_in.authenticate(session.secret)
    assert who.account.operator == Operator("bob", Role.VIEWER)


async def test_the_last_editor_cannot_go_and_that_is_written_down() -> None:
    core = a_core()
    ann = await an_operator(core)
    await an_operator(core, "vera", role=Role.VIEWER)
    await an_operator(core, "new", password=None)

    with pytest.raises(LastEditor):
        await core.admin_accounts.deactivate(ann.id, by=ann.operator)
    with pytest.raises(LastEditor):
        await core.admin_accounts.change_role(ann.id, Role.VIEWER, by=ann.operator)

    assert (await core.admin_accounts.get(ann.id)).is_acting_editor
    assert [refusal for _, _, refusal in await in_short(core)][-2:] == ["last-editor"] * 2


async def test_an_account_that_there_is_not_cannot_be_changed() -> None:
    core = a_core()
    missing = AdminAccountId(ULID())

    for attempt in (
        core.admin_accounts.get(missing),
        core.admin_accounts.invite(missing, by=COMMAND_LINE),
        core.admin_accounts.deactivate(missing, by=COMMAND_LINE),
    ):
        with pytest.raises(AdminAccountNotFound):
            await attempt


async def test_there_is_a_first_link_as_long_as_there_is_no_account() -> None:
    core = a_core()
    first = await core.admin_accounts.first_link()
    second = await core.admin_accounts.first_link()
    assert first is not None
    assert second is not None

    with pytest.raises(InvitationUnusable):
        await core.invitations.look_at(first)
    assert (await core.invitations.look_at(second)).name is None

    await an_operator(core)

    assert await core.admin_accounts.first_link() is None
    with pytest.raises(InvitationUnusable):
        await core.invitations.look_at(second)


async def test_what_is_over_is_thrown_away() -> None:
    core = a_core()
    ann = await an_operator(core)
    await signed_in(core)
    await core.admin_accounts.invite(ann.id, by=COMMAND_LINE)
    assert await core.admin_accounts.purge_expired() == 0

    core.clock.advance(IDLE_LIMIT)
    late = await signed_in(core)
    assert await core.admin_accounts.purge_expired() == 1
    core.clock.advance(INVITATION_LIMIT - IDLE_LIMIT - timedelta(minutes=1))
    assert await core.admin_accounts.purge_expired() == 1
    core.clock.advance(timedelta(minutes=1))
    assert await core.admin_accounts.purge_expired() == 1

    assert await core.queries.admin_session(admin_digest(late.secret)) is None
