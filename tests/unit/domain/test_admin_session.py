"""Sessions of operators and one-time links: how long they last, and that they are secret."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW, an_admin_account
from taskbot.domain.admin_session import (
    ABSOLUTE_LIMIT,
    IDLE_LIMIT,
    INVITATION_LIMIT,
    AdminSession,
    Invitation,
    admin_digest,
    new_admin_secret,
)
from taskbot.domain.errors import InvitationUnusable, NotSignedIn

TICK = timedelta(microseconds=1)
ACCOUNT = an_admin_account()


def a_session() -> AdminSession:
    return AdminSession.for_secret(new_admin_secret(), account_id=ACCOUNT.id, now=NOW)


def test_secrets_are_long_and_none_is_like_another() -> None:
    made = {new_admin_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(len(secret) == 43 for secret in made)  # 256 bits in base 64


@given(st.text())
def test_whatever_is_offered_has_a_digest(text: str) -> None:
    assert len(admin_digest(text)) == 32


def test_what_is_kept_of_a_secret_does_not_show_itself() -> None:
    secret = new_admin_secret()
    session = AdminSession.for_secret(secret, account_id=ACCOUNT.id, now=NOW)
    invitation = Invitation.for_secret(secret, account_id=None, now=NOW)

    for kept in (session, invitation):
        assert kept.digest == admin_digest(secret)
        assert secret not in repr(kept)
        assert repr(kept.digest) not in repr(kept)


def test_a_session_ends_when_it_was_not_used_for_a_while() -> None:
    session = a_session()

    session.require_going_on(now=NOW + IDLE_LIMIT - TICK)

    with pytest.raises(NotSignedIn):
        session.require_going_on(now=NOW + IDLE_LIMIT)


@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=IDLE_LIMIT - TICK), max_size=40))
def test_no_session_outlives_its_limit_however_it_is_used(pauses: list[timedelta]) -> None:
    session, now = a_session(), NOW

    for pause in pauses:
        now += pause
        session = session.use(now=min(now, NOW + ABSOLUTE_LIMIT - TICK))

    assert session.ends_at <= NOW + ABSOLUTE_LIMIT
    with pytest.raises(NotSignedIn):
        session.require_going_on(now=NOW + ABSOLUTE_LIMIT)


@given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(minutes=5)), max_size=40))
def test_uses_are_noted_at_most_once_a_minute(pauses: list[timedelta]) -> None:
    session, now, noted = a_session(), NOW, []

    for pause in pauses:
        now += pause
        used = session.use(now=now)
        if used is not session:
            noted.append(now)
        session = used

    minute = timedelta(minutes=1)
    assert all(
        later - earlier >= minute for earlier, later in zip([NOW, *noted], noted, strict=False)
    )
    assert now - session.seen_at < minute


def test_a_link_is_good_for_a_day() -> None:
    link = Invitation.for_secret(new_admin_secret(), account_id=None, now=NOW)

    link.require_usable(now=NOW + INVITATION_LIMIT - TICK)

    with pytest.raises(InvitationUnusable):
        link.require_usable(now=NOW + INVITATION_LIMIT)
