"""One-time links: a password is chosen by them, once."""

from datetime import timedelta

import pytest

from support.admin_accounts import (
    HOME,
    OTHER_PASSWORD,
    PASSWORD,
    an_operator,
    in_short,
    signed_in,
    written_down,
)
from support.core import Core, a_core
from taskbot.application.invitations import Invited
from taskbot.domain.admin_session import INVITATION_LIMIT, new_admin_secret
from taskbot.domain.errors import (
    AdminNameUnusable,
    DomainError,
    InvitationUnusable,
    NotSignedIn,
    PasswordGuessable,
    PasswordTooShort,
    SignInRefused,
)
from taskbot.domain.operator import COMMAND_LINE, Role

pytestmark = pytest.mark.anyio


async def _first_link(core: Core) -> str:
    secret = await core.admin_accounts.first_link()
    assert secret is not None
    return secret


async def test_the_first_link_makes_an_editor_of_a_chosen_name() -> None:
    core = a_core()
    secret = await _first_link(core)
    assert await core.invitations.look_at(secret) == Invited(None, Role.EDITOR)

    begun = await core.invitations.accept(secret, name="Ann", password=PASSWORD, client=HOME)

    (account,) = await core.admin_accounts.list()
    assert begun.account == account
    assert account.is_acting_editor
    assert (account.name, account.signed_in_from) == ("ann", HOME)
    assert (await core.admin_sign_in.authenticate(begun.secret)).account == account
    assert (await signed_in(core)).account.id == account.id


async def test_an_account_that_was_made_without_a_password_gets_one() -> None:
    core = a_core()
    made = await an_operator(core, "bob", role=Role.VIEWER, password=None)
    secret = await core.admin_accounts.invite(made.id, by=COMMAND_LINE)
    with pytest.raises(SignInRefused):
        await signed_in(core, "bob")
    assert await core.invitations.look_at(secret) == Invited("bob", Role.VIEWER)

    begun = await core.invitations.accept(secret, name="eve", password=PASSWORD, client=HOME)

    assert (begun.account.id, begun.account.name) == (made.id, "bob")
    assert (await signed_in(core, "bob")).account.id == made.id


async def test_a_forgotten_password_is_replaced_and_all_sessions_end() -> None:
    core = a_core()
    ann = await an_operator(core)
    before = await signed_in(core)
    secret = await core.admin_accounts.invite(ann.id, by=COMMAND_LINE)
    await core.admin_sign_in.authenticate((await signed_in(core)).secret)

    begun = await core.invitations.accept(secret, password=OTHER_PASSWORD, client=HOME)

    await core.admin_sign_in.authenticate(begun.secret)
    with pytest.raises(NotSignedIn):
        await core.admin_sign_in.authenticate(before.secret)
    with pytest.raises(SignInRefused):
        await signed_in(core)


async def test_a_link_is_good_once() -> None:
    core = a_core()
    secret = await _first_link(core)
    await core.invitations.accept(secret, name="ann", password=PASSWORD, client=HOME)

    for attempt in (
        core.invitations.look_at(secret),
        core.invitations.accept(secret, name="bob", password=PASSWORD, client=HOME),
    ):
        with pytest.raises(InvitationUnusable):
            await attempt


async def test_a_link_is_good_for_a_day() -> None:
    core = a_core()
    secret = await _first_link(core)
    core.clock.advance(INVITATION_LIMIT - timedelta(microseconds=1))
    await core.invitations.look_at(secret)

    core.clock.advance(timedelta(microseconds=1))

    for attempt in (
        core.invitations.look_at(secret),
        core.invitations.accept(secret, name="bob", password=PASSWORD, client=HOME),
    ):
        with pytest.raises(InvitationUnusable):
            await attempt


@pytest.mark.parametrize("secret", ["", "x", "\ud800", "x" * 43, "x" * 100_000])
async def test_what_is_no_link_of_ours_is_refused(secret: str) -> None:
    core = a_core()
    await _first_link(core)

    for attempt in (
        core.invitations.look_at(secret),
        core.invitations.accept(secret, name="bob", password=PASSWORD, client=HOME),
    ):
        with pytest.raises(InvitationUnusable) as refusal:
            await attempt
        assert not secret or secret not in str(refusal.value).split()


@pytest.mark.parametrize(
    ("name", "password", "refusal"),
    [
        ("ann", "short", PasswordTooShort),
        ("annabella.berger", "Annabella.Berger", PasswordGuessable),
        ("", PASSWORD, AdminNameUnusable),
        ("a b", PASSWORD, AdminNameUnusable),
    ],
)
async def test_after_a_bad_choice_the_link_is_still_good(
    name: str, password: str, refusal: type[DomainError]
) -> None:
    core = a_core()
    secret = await _first_link(core)

    with pytest.raises(refusal):
        await core.invitations.accept(secret, name=name, password=password, client=HOME)

    await core.invitations.accept(secret, name="ann", password=PASSWORD, client=HOME)


async def test_what_a_link_was_used_for_is_written_down() -> None:
    core = a_core()
    first = await _first_link(core)
    begun = await core.invitations.accept(first, name="ann", password=PASSWORD, client=HOME)
    again = await core.admin_accounts.invite(begun.account.id, by=begun.account.operator)
    await core.invitations.accept(again, password=OTHER_PASSWORD, client=HOME)

    assert await in_short(core) == [
        ("ann", "account.create", None),
        ("ann", "sign-in", None),
        ("ann", "account.invite", None),
        ("ann", "account.password", None),
        ("ann", "sign-in", None),
    ]
    entries = await written_down(core)
    assert entries[0].diff == {
        "name": (None, "ann"),
        "role": (None, "editor"),
        "active": (None, True),
    }
    assert {one.object_id for one in entries} == {str(begun.account.id)}
    for secret in (first, again, PASSWORD, OTHER_PASSWORD):
        assert secret not in repr(entries)


async def test_who_tries_many_links_does_not_fill_the_log() -> None:
    core = a_core()

    for _ in range(50):
        with pytest.raises(InvitationUnusable):
            await core.invitations.accept(new_admin_secret(), password=PASSWORD, client=HOME)

    assert await in_short(core) == [("one-time link", "sign-in", "invitation-unusable")]
