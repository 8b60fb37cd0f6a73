"""Admin accounts: names, passwords, and that somebody is always left who can mend things."""

import unicodedata

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW, an_admin_account
from taskbot.domain.admin_account import admin_name
from taskbot.domain.errors import (
    AdminAccountInactive,
    AdminNameUnusable,
    LastEditor,
    PasswordGuessable,
    PasswordTooLong,
    PasswordTooShort,
)
from taskbot.domain.operator import COMMAND_LINE, Operator, Role
from taskbot.domain.passwords import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    chosen_password,
    normalized_password,
)

GOOD = "tram 7 stops at noon"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ann", "ann"),
        (" ann \n", "ann"),
        ("a", "a"),
        ("a.b_c-d@e.9", "a.b_c-d@e.9"),
        ("x" * 64,) * 2,
    ],
)
def test_names_are_kept_in_small_letters(given: str, kept: str) -> None:
    assert admin_name(given) == kept


@pytest.mark.parametrize(
    "given",
    ["", " ", "a b", "x" * 65, "анна", "ann\n\x00", "ann/bob", "ann\u0301", COMMAND_LINE.name],
)
def test_a_name_that_cannot_be_typed_everywhere_is_refused(given: str) -> None:
    with pytest.raises(AdminNameUnusable) as refusal:
        admin_name(given)

    assert refusal.value.field == "name"


@pytest.mark.parametrize("length", [SHORTEST_PASSWORD, LONGEST_PASSWORD])
def test_a_password_may_have_any_length_within_the_limits(length: int) -> None:
    password = (GOOD * 60)[:length]

    assert chosen_password(password, name="ann") == password


def test_lengths_count_as_the_password_is_hashed() -> None:
    """A letter and its mark are one character, however they are typed."""
    apart = "a\u0301e\u0301i\u0301o\u0301u\u0301y\u0301" * 2

    assert len(chosen_password(apart, name="ann")) == 12
    with pytest.raises(PasswordTooShort):
        chosen_password(apart[:-2], name="ann")


@pytest.mark.parametrize("given", ["", "short", GOOD[: SHORTEST_PASSWORD - 1]])
def test_a_short_password_is_refused(given: str) -> None:
    with pytest.raises(PasswordTooShort) as refusal:
        chosen_password(given, name="ann")

    assert (refusal.value.field, refusal.value.limit) == ("password", SHORTEST_PASSWORD)


@pytest.mark.parametrize("length", [LONGEST_PASSWORD + 1, 1_000_000])
def test_a_long_password_is_refused(length: int) -> None:
    with pytest.raises(PasswordTooLong):
        chosen_password((GOOD * 60_000)[:length], name="ann")


@pytest.mark.parametrize(
    "given",
    [
        "annika.berger",
        "ANNIKA.BERGER",
        "annika.bergerannika.berger",
        "annika.berger123",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "123456789012",
        "098098098098",
        "password1234",
        "Passwordpassword",
        "qwertyuiop123",
        "taskbot12345",
        "admin1234567890",
        "пароль123456",
    ],
)
def test_what_everybody_would_try_first_is_refused(given: str) -> None:
    with pytest.raises(PasswordGuessable):
        chosen_password(given, name="annika.berger")


@given(st.text(min_size=0, max_size=40))
def test_any_password_that_is_chosen_is_found_again_however_it_is_typed(text: str) -> None:
    password = GOOD + text

    chosen = chosen_password(password, name="ann")

    assert normalized_password(unicodedata.normalize("NFD", password)) == chosen
    assert normalized_password(chosen) == chosen


@given(st.text(min_size=LONGEST_PASSWORD, max_size=LONGEST_PASSWORD + 50))
def test_what_is_cut_is_never_a_password_that_may_be_chosen(text: str) -> None:
    offered = normalized_password(text + GOOD)

    assert len(offered) == LONGEST_PASSWORD + 1 or offered == unicodedata.normalize(
        "NFC", text + GOOD
    )


def test_the_hash_does_not_show_itself() -> None:
    assert "argon2" not in repr(an_admin_account())


def test_an_account_acts_by_its_name_and_role() -> None:
    account = an_admin_account(name="Ann", role=Role.VIEWER)

    assert account.operator == Operator("ann", Role.VIEWER)


def test_nobody_signs_in_before_a_password_is_chosen_nor_after_the_account_is_deactivated() -> None:
    account = an_admin_account(password_hash=None)
    other = an_admin_account()

    assert not account.may_sign_in
    assert account.with_password("a hash").may_sign_in
    deactivated = account.with_password("a hash").deactivate(editors=[other])
    assert not deactivated.may_sign_in
    assert deactivated.reactivate().may_sign_in
    with pytest.raises(AdminAccountInactive):
        deactivated.require_active()


def test_that_somebody_signed_in_is_noted_with_their_address() -> None:
    account = an_admin_account().sign_in(now=NOW, address="192.0.2.7")

    assert (account.signed_in_at, account.signed_in_from) == (NOW, "192.0.2.7")


def test_the_last_editor_stays_one() -> None:
    last = an_admin_account()

    with pytest.raises(LastEditor) as refusal:
        last.deactivate(editors=[last])
    with pytest.raises(LastEditor):
        last.change_role(Role.VIEWER, editors=[last])

    assert refusal.value.name == last.name
    assert last.change_role(Role.EDITOR, editors=[last]) == last


@pytest.mark.parametrize(
    "useless",
    [{"role": Role.VIEWER}, {"active": False}, {"password_hash": None}],
    ids=["viewer", "deactivated", "without password"],
)
def test_who_cannot_mend_anything_is_no_editor_that_is_left(useless: dict[str, object]) -> None:
    last, other = an_admin_account(), an_admin_account(**useless)

    with pytest.raises(LastEditor):
        last.deactivate(editors=[last, other])


def test_with_another_editor_an_editor_may_go() -> None:
    one, other = an_admin_account(), an_admin_account()

    assert one.change_role(Role.VIEWER, editors=[one, other]).role is Role.VIEWER
    assert not one.deactivate(editors=[one, other]).active


@pytest.mark.parametrize("changes", [{"role": Role.VIEWER}, {"active": False}])
def test_who_is_no_editor_anyway_may_always_go(changes: dict[str, object]) -> None:
    account = an_admin_account(**changes)

    assert not account.deactivate(editors=[]).active
