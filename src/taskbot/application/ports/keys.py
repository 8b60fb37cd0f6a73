"""Secrets of our own, which nobody configures."""

from typing import Final, Protocol

KEY_BYTES: Final = 32


class KeyStore(Protocol):
    async def secret(self, purpose: str) -> bytes:
        """32 random bytes for *purpose* (up to 32 characters).

        They are made when they are first asked for, and from then on the same for everybody who
        shares the storage. Raise `StorageUnavailable` where the storage fails.
        """
