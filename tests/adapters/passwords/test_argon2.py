"""Passwords as Argon2id keeps them."""

import asyncio
import threading

import argon2
import pytest
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from taskbot.adapters.passwords import Argon2Passwords

pytestmark = pytest.mark.anyio

PASSWORD = "tram 7 stops at noon"


@pytest.fixture
def passwords() -> Argon2Passwords:
    return Argon2Passwords(CHEAPEST)


async def test_a_password_is_told_from_others_by_its_hash(passwords: Argon2Passwords) -> None:
    password_hash = await passwords.hash(PASSWORD)

    assert await passwords.is_right(PASSWORD, password_hash)
    for other in ("", PASSWORD[:-1], PASSWORD + " ", PASSWORD.upper()):
        assert not await passwords.is_right(other, password_hash)


async def test_every_hash_has_a_salt_of_its_own(passwords: Argon2Passwords) -> None:
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


@pytest.mark.parametrize("password_hash", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
async def test_where_there_is_no_hash_no_password_is_right(
    passwords: Argon2Passwords, password_hash: str | None
) -> None:
    for password in ("", PASSWORD):
        assert not await passwords.is_right(password, password_hash)


@pytest.mark.parametrize("password", ["пароль из слов 🐻", "\ud800 lone", "a\x00b", "x" * 1024])
async def test_any_text_can_be_a_password(passwords: Argon2Passwords, password: str) -> None:
    assert await passwords.is_right(password, await passwords.hash(password))


async def test_hashes_are_made_as_the_rfc_says() -> None:
    made = await Argon2Passwords().hash(PASSWORD)

    assert argon2.extract_parameters(made) == RFC_9106_LOW_MEMORY
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_a_hash_that_was_made_otherwise_is_outdated(passwords: Argon2Passwords) -> None:
    cheap = await passwords.hash(PASSWORD)

    assert not passwords.is_outdated(cheap)
    assert Argon2Passwords().is_outdated(cheap)


async def test_no_more_than_two_are_hashed_at_a_time_although_nobody_waits_any_more(
    passwords: Argon2Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most, lock = 0, 0, threading.Lock()
    both, go_on = threading.Barrier(3), threading.Event()

    def slowly(_: argon2.PasswordHasher, password: bytes) -> str:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        if not go_on.is_set():
            both.wait(timeout=20)
            go_on.wait(timeout=20)
        with lock:
            at_work -= 1
        return password.decode()

    monkeypatch.setattr(argon2.PasswordHasher, "hash", slowly)
    asked = [asyncio.ensure_future(passwords.hash(str(number))) for number in range(6)]
    await asyncio.to_thread(both.wait, 20)
    for given_up in asked[:2]:
        given_up.cancel()
    await asyncio.sleep(0)
    go_on.set()

    assert await asyncio.gather(*asked[2:]) == ["2", "3", "4", "5"]
    assert most == 2
