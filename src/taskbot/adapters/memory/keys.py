"""Secrets that last as long as the process."""

import secrets
from collections import defaultdict

from taskbot.application.ports.keys import KEY_BYTES


class MemoryKeyStore:
    def __init__(self) -> None:
        self._secrets: defaultdict[str, bytes] = defaultdict(lambda: secrets.token_bytes(KEY_BYTES))

    async def secret(self, purpose: str) -> bytes:
        return self._secrets[purpose]
