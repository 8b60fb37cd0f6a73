"""What Telegram has signed, and what it has not."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given, strategies as st

from taskbot.adapters.telegram_login import FRESH, TelegramLogin
from taskbot.application.ports import SignedPerson
from taskbot.domain.errors import UnprovenIdentity

TOKEN: Final = "7000000001:made-up-for-the-tests"
NOW: Final = datetime(2027, 3, 15, 12, tzinfo=UTC)
LOGIN: Final = TelegramLogin(TOKEN)
ADA: Final = {"id": 101, "first_name": "Ada", "last_name": "Ли", "language_code": "ru"}


def _lines(fields: dict[str, str]) -> bytes:
    return "\n".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()


def init_data(user: Any = ADA, *, token: str = TOKEN, **more: str) -> str:
    """As Telegram makes it, written down independently of the code under test."""
    fields = {
        "auth_date": str(int(NOW.timestamp())),
        "user": user if isinstance(user, str) else json.dumps(user),
        "signature": "Ed25519-of-somebody-elses",
        **more,
    }
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": hmac.new(key, _lines(fields), "sha256").hexdigest()})


def widget(*, token: str = TOKEN, **more: Any) -> dict[str, Any]:
    fields = {"id": 101, "first_name": "Ada", "auth_date": int(NOW.timestamp()), **more}
    key = hashlib.sha256(token.encode()).digest()
    texts = {name: str(value) for name, value in fields.items()}
    return {**fields, "hash": hmac.new(key, _lines(texts), "sha256").hexdigest()}


def test_mini_app_data_say_who_it_is() -> None:
    assert LOGIN.by_init_data(init_data(), now=NOW) == SignedPerson(101, "Ada Ли", "ru")


def test_the_widget_says_who_it_is() -> None:
    person = LOGIN.by_widget(widget(last_name="Lovelace", photo_url="https://x"), now=NOW)

    assert person == SignedPerson(101, "Ada Lovelace")


def test_what_our_own_bot_signs_is_believed() -> None:
    for person in (
        SignedPerson(101, "Ada", "ru"),
        SignedPerson(7, "", None),
        SignedPerson(7, "Ада", "ru", may_write=True),
        SignedPerson(7, "", None, may_write=False),
    ):
        assert LOGIN.by_init_data(LOGIN.sign(person, now=NOW), now=NOW) == person


@pytest.mark.parametrize("age", [FRESH, timedelta(0), -timedelta(minutes=1)])
def test_what_is_fresh_is_believed(age: timedelta) -> None:
    LOGIN.by_init_data(init_data(), now=NOW + age)
    LOGIN.by_widget(widget(), now=NOW + age)


@pytest.mark.parametrize(
    "age", [FRESH + timedelta(seconds=1), timedelta(days=400), -timedelta(minutes=2)]
)
def test_what_is_old_or_from_the_future_is_not(age: timedelta) -> None:
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_init_data(init_data(), now=NOW + age)
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_widget(widget(), now=NOW + age)


def test_another_bots_signature_is_not_ours() -> None:
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_init_data(init_data(token="1:another"), now=NOW)
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_widget(widget(token="1:another"), now=NOW)


def test_the_two_kinds_do_not_stand_in_for_each_other() -> None:
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_init_data(urlencode(widget()), now=NOW)
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_widget(dict(parse_qsl(init_data())), now=NOW)


@given(place=st.integers(0, 10_000), to=st.characters())
def test_whatever_is_changed_is_noticed(place: int, to: str) -> None:
    data = init_data()
    place %= len(data)
    changed = data[:place] + to + data[place + 1 :]
    if parse_qsl(changed, keep_blank_values=True) == parse_qsl(data):
        return  # another spelling of the same

    with pytest.raises(UnprovenIdentity):
        LOGIN.by_init_data(changed, now=NOW)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "hash=",
        "user",
        "=&=",
        "hash=é",
        "hash=\ud800",
        "&".join(f"x{number}=1" for number in range(99)),
        init_data() + "&user=%7B%7D",
    ],
)
def test_what_makes_no_sense_is_unproven(data: str) -> None:
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_init_data(data, now=NOW)


@pytest.mark.parametrize(
    "user",
    [
        "nonsense",
        "[]",
        "null",
        "[" * 100_000,
        {},
        {"id": "101"},
        {"id": True},
        {"id": 0},
        {"id": -5},
        {"id": 2**52},
        {"id": 1.5},
    ],
)
def test_somebody_who_cannot_be_is_unproven_however_well_signed(user: Any) -> None:
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_init_data(init_data(user), now=NOW)


@pytest.mark.parametrize("date", ["", "x", "٣", "-1", "1e9", "9" * 400, str(2**63), "1" * 13])
def test_a_date_that_cannot_be_is_unproven_however_well_signed(date: str) -> None:
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_init_data(init_data(auth_date=date), now=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"id": 101},
        widget(id="x"),
        widget(id=0),
        widget() | {"id": 102},
        widget() | {"id": True},
        {**widget(), "first_name": None},
        {f"x{number}": 1 for number in range(99)},
    ],
)
def test_widget_fields_that_make_no_sense_are_unproven(fields: dict[str, Any]) -> None:
    with pytest.raises(UnprovenIdentity):
        LOGIN.by_widget(fields, now=NOW)


def test_the_token_shows_itself_nowhere() -> None:
    assert TOKEN not in repr(LOGIN)
