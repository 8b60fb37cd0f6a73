"""Passwords, hashed by Argon2id (RFC 9106)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

_T = TypeVar("_T")
_AT_A_TIME: Final = 2
"""More wait: each takes 64 MiB, and a flood of sign-ins must not take all there is."""


class Argon2Passwords:
    """*parameters*: by default the second choice of RFC 9106, section 4: 64 MiB, three passes."""

    def __init__(self, parameters: argon2.Parameters = argon2.profiles.RFC_9106_LOW_MEMORY) -> None:
        self._argon2 = argon2.PasswordHasher.from_parameters(parameters)
        # Threads are started when they are needed. One that is at work keeps its place although
        # whoever waited for it is gone: so there are never more at work.
        self._threads = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="passwords")

    async def hash(self, password: str) -> str:
        return await self._beside(lambda: self._argon2.hash(_bytes(password)))

    async def is_right(self, password: str, password_hash: str | None) -> bool:
        return await self._beside(lambda: self._verify(password, password_hash))

    def _verify(self, password: str, password_hash: str | None) -> bool:
        if password_hash is None:
            self._argon2.hash(_bytes(password))  # which takes as long as to verify one
            return False
        try:
            return self._argon2.verify(password_hash, _bytes(password))
        except (InvalidHashError, VerificationError):
            return False

    def is_outdated(self, password_hash: str) -> bool:
        return self._argon2.check_needs_rehash(password_hash)

    async def _beside(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _bytes(password: str) -> bytes:
    """UTF-8, of what has none, too: a terminal or a form may hand over anything."""
    return password.encode("utf-8", "surrogatepass")
