"""The bot's access tokens, sealed: where they are kept nobody can use them.

The database knows access tokens by their hashes alone; the bot's own ones must be readable again,
yet neither a look into Redis nor a backup may hand them out. The key comes from the bot's token:
who has that can sign in as anybody anyway.
"""

import base64
import binascii
import hmac
import secrets
from datetime import timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from taskbot.application.ports import ApiTokenStore

_PURPOSE: Final = b"taskbot: the bot's access tokens"
_NONCE_BYTES: Final = 12  # NIST SP 800-38D: random ones are safe for 2**32 messages


class SealedApiTokens:
    """An `ApiTokenStore` over another one that keeps what cannot be read there.

    Each is sealed for its person: moved to somebody else's place it is worth nothing. What was
    sealed by another bot, or altered, is not there: the bot signs in anew.
    """

    def __init__(self, store: ApiTokenStore, bot_token: str) -> None:
        self._store = store
        self._cipher = AESGCM(hmac.digest(bot_token.encode(), _PURPOSE, "sha256"))

    async def read(self, telegram_id: int) -> str | None:
        sealed = await self._store.read(telegram_id)
        return None if sealed is None else self._opened(sealed, telegram_id)

    async def write(self, telegram_id: int, secret: str, *, ttl: timedelta) -> None:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, secret.encode(), _whose(telegram_id))
        await self._store.write(telegram_id, base64.b64encode(sealed).decode(), ttl=ttl)

    async def forget(self, telegram_id: int) -> None:
        await self._store.forget(telegram_id)

    def _opened(self, sealed: str, telegram_id: int) -> str | None:
        try:
            raw = base64.b64decode(sealed, validate=True)
            nonce, rest = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, _whose(telegram_id)).decode()
        except (InvalidTag, binascii.Error, ValueError):
            return None


def _whose(telegram_id: int) -> bytes:
    return str(telegram_id).encode()
