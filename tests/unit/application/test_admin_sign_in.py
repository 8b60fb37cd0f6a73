"""Signing in to the panel: who gets in, for how long, and what strangers learn."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from argon2 import Parameters
from argon2.profiles import CHEAPEST
from attrs import evolve, frozen

from support.admin_accounts import (
    HOME,
    OTHER_PASSWORD,
    PASSWORD,
    an_operator,
    in_short,
    signed_in,
    written_down,
)
from support.builders import NOW
from support.core import Core, a_core
from taskbot.adapters.passwords import Argon2Passwords
from taskbot.application.ports import StorageUnavailable, UnitOfWork
from taskbot.application.sign_in_limits import PER_ADDRESS, PER_NAME, PER_NAME_AT_HOME
from taskbot.domain.admin_session import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    admin_digest,
    new_admin_secret,
)
from taskbot.domain.errors import (
    CurrentPasswordWrong,
    NotSignedIn,
    PasswordTooShort,
    SignInRefused,
    TooManySignIns,
)
from taskbot.domain.operator import COMMAND_LINE, Role

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
_T = TypeVar("_T")
COSTLIER = Parameters(
    CHEAPEST.type, CHEAPEST.version, CHEAPEST.salt_len, CHEAPEST.hash_len, 2, 16, 1
)


@frozen
class Counting:
    """Passwords, and how often one was compared."""

    inner: Argon2Passwords
    compared: list[str | None]

    async def hash(self, password: str) -> str:
        return await self.inner.hash(password)

    async def is_right(self, password: str, password_hash: str | None) -> bool:
        self.compared.append(password_hash)
        return await self.inner.is_right(password, password_hash)

    def is_outdated(self, password_hash: str) -> bool:
        return self.inner.is_outdated(password_hash)


async def _refused(core: Core, name: str, password: str, *, client: str = HOME) -> None:
    with pytest.raises(SignInRefused):
        await core.admin_sign_in.sign_in(name, password, client=client)


async def test_the_right_password_begins_a_session() -> None:
    core = a_core()
    await an_operator(core)

    begun = await core.admin_sign_in.sign_in(" Ann", PASSWORD, client=HOME)

    who = await core.admin_sign_in.authenticate(begun.secret)
    assert (who.account, who.session) == (begun.account, begun.session)
    assert (who.account.signed_in_at, who.account.signed_in_from) == (NOW, HOME)
    assert await in_short(core) == [
        ("command line", "account.create", None),
        ("ann", "sign-in", None),
    ]


async def test_every_session_has_a_secret_of_its_own_that_shows_itself_nowhere() -> None:
    core = a_core()
    await an_operator(core)

    begun = [await signed_in(core) for _ in range(3)]

    assert len({one.secret for one in begun}) == 3
    for one in begun:
        assert one.secret not in repr(one)
        assert one.secret not in repr(core.database)
        assert one.secret not in repr(await core.admin_sign_in.authenticate(one.secret))


async def test_whatever_is_wrong_it_is_refused_alike_and_takes_one_comparison() -> None:
    compared: list[str | None] = []
    core = a_core(passwords=Counting(Argon2Passwords(CHEAPEST), compared))
    await an_operator(core)
    gone = await an_operator(core, "gone")
    await an_operator(core, "new", password=None)
    await core.admin_accounts.deactivate(gone.id, by=COMMAND_LINE)

    said = []
    for name, password in (
        ("ann", OTHER_PASSWORD),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("new", PASSWORD),
        ("new", ""),
        ("not a name", PASSWORD),
        ("", ""),
        ("ann", "x" * 100_000),
    ):
        with pytest.raises(SignInRefused) as refusal:
            await core.admin_sign_in.sign_in(name, password, client=HOME)
        said.append((str(refusal.value), refusal.value.code))

    assert len(set(said)) == 1
    assert len(compared) == len(said)


async def test_refused_tries_are_written_down_without_the_password() -> None:
    core = a_core()
    ann = await an_operator(core)

    await _refused(core, "Ann", OTHER_PASSWORD)
    await _refused(core, "nobody", OTHER_PASSWORD)
    await _refused(core, "my secret password, in the wrong place", PASSWORD)

    entries = (await written_down(core))[1:]
    assert [(one.operator, one.object_id) for one in entries] == [
        ("ann", str(ann.id)),
        ("nobody", None),
        ("my secre…", None),
    ]
    assert {(one.verb, one.refusal, one.client) for one in entries} == {
        ("sign-in", "sign-in-refused", HOME)
    }
    assert OTHER_PASSWORD not in repr(entries)


async def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    core = a_core()
    await an_operator(core, password="caf\u00e9 au lait \u00e0 midi")

    await core.admin_sign_in.sign_in("ann", "cafe\u0301 au lait a\u0300 midi", client=HOME)


@pytest.mark.parametrize("secret", ["", "x", "\ud800", "x" * 43])
async def test_what_is_no_session_of_ours_lets_nobody_in(secret: str) -> None:
    core = a_core()
    await an_operator(core)
    await signed_in(core)

    with pytest.raises(NotSignedIn):
        await core.admin_sign_in.authenticate(secret)


async def test_a_session_that_is_not_used_ends() -> None:
    core = a_core()
    await an_operator(core)
    begun = await signed_in(core)
    core.clock.advance(IDLE_LIMIT - MINUTE)
    await core.admin_sign_in.authenticate(begun.secret)
    core.clock.advance(IDLE_LIMIT - MINUTE)
    await core.admin_sign_in.authenticate(begun.secret)

    core.clock.advance(IDLE_LIMIT)

    with pytest.raises(NotSignedIn):
        await core.admin_sign_in.authenticate(begun.secret)


async def test_a_session_that_is_used_all_the_time_ends_after_half_a_day() -> None:
    core = a_core()
    await an_operator(core)
    begun = await signed_in(core)
    for _ in range(ABSOLUTE_LIMIT // (IDLE_LIMIT / 2) - 1):
        core.clock.advance(IDLE_LIMIT / 2)
        await core.admin_sign_in.authenticate(begun.secret)

    core.clock.advance(IDLE_LIMIT / 2)

    with pytest.raises(NotSignedIn):
        await core.admin_sign_in.authenticate(begun.secret)


class _Down:
    async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        raise StorageUnavailable("gone")

    once = run


async def test_that_a_use_cannot_be_noted_keeps_nobody_out() -> None:
    core = a_core()
    await an_operator(core)
    begun = await signed_in(core)
    core.clock.advance(10 * MINUTE)
    unsteady = evolve(core.admin_sign_in, transactions=_Down())

    assert (await unsteady.authenticate(begun.secret)).account == begun.account


async def test_who_signs_out_is_out_and_nobody_else_is() -> None:
    core = a_core()
    await an_operator(core)
    here, elsewhere = await signed_in(core), await signed_in(core)

    await core.admin_sign_in.sign_out(here.secret, client=HOME)
    await core.admin_sign_in.sign_out(here.secret, client=HOME)

    with pytest.raises(NotSignedIn):
        await core.admin_sign_in.authenticate(here.secret)
    await core.admin_sign_in.authenticate(elsewhere.secret)
    assert [verb for _, verb, _ in await in_short(core)].count("sign-out") == 1


async def test_another_password_ends_every_session_but_a_new_one() -> None:
    core = a_core()
    ann = await an_operator(core)
    link = await core.admin_accounts.invite(ann.id, by=COMMAND_LINE)
    here, elsewhere = await signed_in(core), await signed_in(core)

    renewed = await core.admin_sign_in.change_password(
        here.secret, current=PASSWORD, new=OTHER_PASSWORD, client=HOME
    )

    await core.admin_sign_in.authenticate(renewed.secret)
    for ended in (here, elsewhere):
        with pytest.raises(NotSignedIn):
            await core.admin_sign_in.authenticate(ended.secret)
    await _refused(core, "ann", PASSWORD)
    await core.admin_sign_in.sign_in("ann", OTHER_PASSWORD, client=HOME)
    assert await core.queries.invitation(admin_digest(link)) is None
    assert ("ann", "account.password", None) in await in_short(core)


async def test_another_password_needs_the_current_one_and_a_session() -> None:
    core = a_core()
    await an_operator(core)
    begun = await signed_in(core)
    change = core.admin_sign_in.change_password

    with pytest.raises(CurrentPasswordWrong) as refusal:
        await change(begun.secret, current=OTHER_PASSWORD, new=OTHER_PASSWORD, client=HOME)
    assert refusal.value.field == "current_password"
    with pytest.raises(PasswordTooShort):
        await change(begun.secret, current=PASSWORD, new="short", client=HOME)
    with pytest.raises(NotSignedIn):
        await change(new_admin_secret(), current=PASSWORD, new=OTHER_PASSWORD, client=HOME)

    await core.admin_sign_in.authenticate(begun.secret)
    assert (await in_short(core))[2:] == [
        ("ann", "account.password", "current-password-wrong"),
        ("ann", "account.password", "password-too-short"),
    ]


async def test_who_took_a_session_cannot_try_passwords_for_ever() -> None:
    core = a_core()
    await an_operator(core)
    begun = await signed_in(core)

    async def guess() -> None:
        await core.admin_sign_in.change_password(
            begun.secret, current=OTHER_PASSWORD, new=OTHER_PASSWORD, client=HOME
        )

    for _ in range(PER_NAME_AT_HOME.requests):
        with pytest.raises(CurrentPasswordWrong):
            await guess()
    with pytest.raises(TooManySignIns):
        await guess()


async def test_a_hash_that_was_made_more_cheaply_is_made_anew_at_the_next_sign_in() -> None:
    core = a_core()
    cheap = (await an_operator(core)).password_hash
    now_costlier = evolve(core.admin_sign_in, passwords=Argon2Passwords(COSTLIER))

    await now_costlier.sign_in("ann", PASSWORD, client=HOME)

    (ann,) = await core.admin_accounts.list()
    assert ann.password_hash != cheap
    assert ann.password_hash is not None
    assert not Argon2Passwords(COSTLIER).is_outdated(ann.password_hash)
    await now_costlier.sign_in("ann", PASSWORD, client=HOME)
    assert (await core.admin_accounts.list())[0].password_hash == ann.password_hash


async def test_one_address_cannot_try_for_ever_and_is_told_when_it_may_again() -> None:
    core = a_core()
    await an_operator(core)
    for number in range(PER_ADDRESS.requests):
        await _refused(core, f"name-{number}", PASSWORD, client="203.0.113.9")

    with pytest.raises(TooManySignIns) as refusal:
        await signed_in(core, client="203.0.113.9")
    core.clock.advance(refusal.value.wait)

    await signed_in(core, client="203.0.113.9")


async def test_one_name_cannot_be_tried_for_ever_from_anywhere() -> None:
    core = a_core()
    await an_operator(core)
    for number in range(PER_NAME.requests):
        await _refused(core, "ann", OTHER_PASSWORD, client=f"2001:db8:{number}::")

    for name in ("ann", "ANN"):
        with pytest.raises(TooManySignIns):
            await core.admin_sign_in.sign_in(name, PASSWORD, client="2001:db8:ffff::")


async def test_no_name_tells_by_being_throttled_whether_there_is_such_an_account() -> None:
    core = a_core()
    await an_operator(core)
    waits = []

    for name in ("ann", "nobody"):
        for number in range(PER_NAME.requests):
            await _refused(core, name, OTHER_PASSWORD, client=f"2001:db8:{number}:{name[0]}::")
        with pytest.raises(TooManySignIns) as refusal:
            await core.admin_sign_in.sign_in(name, OTHER_PASSWORD, client=f"{name} elsewhere")
        waits.append(refusal.value.wait)

    assert waits[0] == waits[1]


async def test_a_crowd_of_strangers_does_not_lock_an_operator_out_of_where_they_signed_in() -> None:
    core = a_core()
    await an_operator(core)
    await signed_in(core, client=HOME)
    for number in range(PER_NAME.requests - 1):
        await _refused(core, "ann", OTHER_PASSWORD, client=f"2001:db8:{number}::")
    with pytest.raises(TooManySignIns):
        await signed_in(core, client="2001:db8:ffff::")

    await signed_in(core, client=HOME)


async def test_one_stranger_alone_never_uses_a_name_up() -> None:
    core = a_core()
    await an_operator(core)

    for _ in range(24 * 60):
        core.clock.advance(MINUTE)
        with pytest.raises((SignInRefused, TooManySignIns)):
            await core.admin_sign_in.sign_in("ann", OTHER_PASSWORD, client="203.0.113.9")

    await signed_in(core, client="198.51.100.1")


async def test_a_link_lets_an_operator_in_although_the_name_is_throttled() -> None:
    core = a_core()
    ann = await an_operator(core)
    for number in range(PER_NAME.requests):
        await _refused(core, "ann", OTHER_PASSWORD, client=f"2001:db8:{number}::")

    secret = await core.admin_accounts.invite(ann.id, by=COMMAND_LINE)

    await core.invitations.accept(secret, password=OTHER_PASSWORD, client="198.51.100.1")
    await core.admin_sign_in.sign_in("ann", OTHER_PASSWORD, client="198.51.100.1")


async def test_who_asks_too_often_does_not_fill_the_log() -> None:
    core = a_core()

    for _ in range(200):
        with pytest.raises((SignInRefused, TooManySignIns)):
            await core.admin_sign_in.sign_in("ann", OTHER_PASSWORD, client=HOME)

    refusals = [refusal for _, _, refusal in await in_short(core)]
    assert refusals == ["sign-in-refused"] * PER_ADDRESS.requests + ["sign-ins-too-many"]


async def test_a_viewer_signs_in_as_a_viewer() -> None:
    core = a_core()
    await an_operator(core, "vera", role=Role.VIEWER)

    begun = await signed_in(core, "vera")

    assert begun.account.operator.role is Role.VIEWER
