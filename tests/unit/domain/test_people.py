"""People, categories and access tokens."""

import hashlib
from datetime import time, timedelta

import pytest
from attrs import evolve
from hypothesis import given, strategies as st
from ulid import ULID

from support.builders import NOW, a_category, a_user
from taskbot.domain.access_token import AccessToken, digest_of, new_secret
from taskbot.domain.errors import (
    BlankCategoryName,
    CategoryNameTooLong,
    CategoryNotFound,
    InvalidAccessToken,
    LeadTimeOutOfRange,
    StaleCategory,
    TooManyLeadTimes,
    UnknownTimezone,
)
from taskbot.domain.ids import AccessTokenId, UserId
from taskbot.domain.user import LEAD_TIMES_LIMIT, Language, ReminderPreferences


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("ru", Language.RUSSIAN),
        ("ru-RU", Language.RUSSIAN),
        ("RU_ru", Language.RUSSIAN),
        ("be", Language.RUSSIAN),
        ("en", Language.ENGLISH),
        ("de", Language.ENGLISH),
        ("rum", Language.ENGLISH),
        ("", Language.ENGLISH),
        (None, Language.ENGLISH),
    ],
)
def test_the_language_is_guessed_from_the_clients_tag(tag: str | None, language: Language) -> None:
    assert Language.guess(tag) is language


@given(st.text())
def test_any_tag_gives_some_language(tag: str) -> None:
    assert Language.guess(tag) in Language


def test_lead_times_are_kept_once_each_and_longest_first() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)

    assert ReminderPreferences(lead_times=(hour, day, hour)).lead_times == (day, hour)


def test_lead_times_lie_within_a_year_and_are_not_many() -> None:
    with pytest.raises(LeadTimeOutOfRange):
        ReminderPreferences(lead_times=(timedelta(seconds=-1),))
    with pytest.raises(LeadTimeOutOfRange):
        ReminderPreferences(lead_times=(timedelta(days=366),))
    with pytest.raises(TooManyLeadTimes):
        ReminderPreferences(lead_times=[timedelta(hours=n) for n in range(LEAD_TIMES_LIMIT + 1)])


def test_the_day_starts_at_a_whole_minute_of_the_persons_own_clock() -> None:
    assert ReminderPreferences(day_start=time(8, 30, 59)).day_start == time(8, 30)
    with pytest.raises(ValueError, match="without a zone"):
        ReminderPreferences(day_start=time(8, tzinfo=NOW.tzinfo))


def test_who_returns_is_reachable_again_and_keeps_their_language() -> None:
    user = a_user(language=Language.RUSSIAN).lose()

    back = user.welcome(name="Anja", language=Language.ENGLISH)

    assert (back.reachable, back.name, back.language) == (True, "Anja", Language.RUSSIAN)


def test_who_was_registered_unheard_is_taken_by_their_first_words() -> None:
    user = a_user(name="", language=Language.ENGLISH)

    met = user.welcome(name="Анна", language=Language.RUSSIAN)

    assert not user.has_written
    assert (met.has_written, met.language) == (True, Language.RUSSIAN)


def test_a_person_lives_in_a_zone_that_exists() -> None:
    assert a_user().move_to("Asia/Tokyo").timezone == "Asia/Tokyo"
    with pytest.raises(UnknownTimezone):
        a_user().move_to("Asia/Atlantis")


@pytest.mark.parametrize(
    ("one", "other"), [("Home", "HOME"), ("Ёлка", "ёлка"), ("Straße", "STRASSE"), ("İş", "i̇ş")]
)
def test_names_of_categories_that_differ_in_case_alone_share_a_key(one: str, other: str) -> None:
    assert a_category(name=one).key == a_category(name=other).key


def test_a_category_has_a_readable_name_of_limited_length() -> None:
    with pytest.raises(BlankCategoryName):
        a_category(name=" \u200b ")
    with pytest.raises(CategoryNameTooLong):
        a_category(name="x" * 51)


def test_an_emoji_that_cannot_be_seen_is_none() -> None:
    assert a_category(emoji=" ").emoji is None
    assert a_category(emoji="🏠").emoji == "🏠"


def test_a_category_is_its_owners_alone_and_changes_from_the_version_that_was_seen() -> None:
    category = a_category(version=3)

    category.require_owner(category.owner_id)
    category.require_version(3)
    with pytest.raises(CategoryNotFound):
        category.require_owner(UserId(ULID()))
    with pytest.raises(StaleCategory):
        category.require_version(2)
    assert category.rename("Work").mark("💼") == evolve(category, name="Work", emoji="💼")


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {new_secret() for _ in range(1000)}

    assert len(secrets) == 1000
    assert all(len(secret) == 39 and secret.startswith("tb_") for secret in secrets)


def test_a_secret_is_kept_as_its_sha_256() -> None:
    secret = new_secret()

    assert digest_of(secret) == hashlib.sha256(secret.encode()).digest()


@given(st.integers(0, 38), st.characters())
def test_a_secret_with_any_one_character_changed_is_another_or_none(
    place: int, character: str
) -> None:
    secret = new_secret()
    changed = secret[:place] + character + secret[place + 1 :]

    if changed != secret:
        with pytest.raises(InvalidAccessToken):
            digest_of(changed)


@given(st.text())
def test_any_text_that_is_no_secret_is_refused_alike(text: str) -> None:
    with pytest.raises(InvalidAccessToken):
        digest_of(text)


def test_a_token_shows_neither_its_secret_nor_its_digest() -> None:
    secret = new_secret()
    token = AccessToken.for_secret(
        secret, id=AccessTokenId(ULID()), owner_id=UserId(ULID()), name="script", now=NOW
    )

    assert secret not in repr(token)
    assert token.digest.hex() not in repr(token)
    assert repr(token.digest) not in repr(token)
    assert token.prefix == secret[:8]


def test_a_token_ends_when_it_expires() -> None:
    token = AccessToken(
        id=AccessTokenId(ULID()),
        owner_id=UserId(ULID()),
        name="script",
        prefix="tb_abcde",
        digest=b"x" * 32,
        created_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )

    token.require_valid(now=NOW)
    with pytest.raises(InvalidAccessToken):
        token.require_valid(now=NOW + timedelta(hours=1))
