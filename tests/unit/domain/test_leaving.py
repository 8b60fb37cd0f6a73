"""Leaving, and the time in which one may still change one's mind."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW, a_user
from taskbot.domain.errors import AccountBeingDeleted, NotLeaving
from taskbot.domain.user import GRACE, Language

INSTANT = timedelta(microseconds=1)


def test_who_leaves_is_deleted_two_weeks_later() -> None:
    user = a_user().leave(now=NOW)

    assert user.deletion_at == NOW + timedelta(days=14)
    assert not user.has_left(now=NOW + GRACE - INSTANT)
    assert user.has_left(now=NOW + GRACE)


def test_asking_again_postpones_nothing() -> None:
    user = a_user().leave(now=NOW)

    assert user.leave(now=NOW + GRACE / 2) == user


@given(st.timedeltas(timedelta(0), 2 * GRACE))
def test_one_may_stay_until_the_grace_period_is_over_and_never_after(later: timedelta) -> None:
    user = a_user()
    leaving = user.leave(now=NOW)

    if later < GRACE:
        assert leaving.stay(now=NOW + later) == user
    else:
        with pytest.raises(AccountBeingDeleted):
            leaving.stay(now=NOW + later)


def test_who_does_not_leave_cannot_take_it_back() -> None:
    with pytest.raises(NotLeaving):
        a_user().stay(now=NOW)


def test_writing_to_the_bot_does_not_mean_staying() -> None:
    user = a_user(reachable=False).leave(now=NOW)

    welcomed = user.welcome(name="Anna", language=Language.RUSSIAN)

    assert welcomed.reachable
    assert welcomed.deletion_at == user.deletion_at


@pytest.mark.parametrize("reachable", [True, False])
@pytest.mark.parametrize("leaves", [True, False])
def test_only_who_is_there_is_reminded(*, reachable: bool, leaves: bool) -> None:
    user = a_user(reachable=reachable)

    assert (user.leave(now=NOW) if leaves else user).may_be_reminded == (reachable and not leaves)
