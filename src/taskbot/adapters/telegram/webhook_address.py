"""What Telegram is told of the webhook. Without aiogram, for who only wants to know."""

import hashlib
import hmac
from typing import Final

KINDS: Final = frozenset({"message", "callback_query", "inline_query", "my_chat_member"})
"""Of updates that the bot asks for; a test compares them with what it answers."""
CONNECTIONS: Final = 40
"""Updates that Telegram may bring at once, to all copies together."""
_MARK: Final = "v"


def derived_secret(token: str) -> str:
    """The same for every copy of the bot with *token*, and for nobody who does not know that."""
    return hmac.new(token.encode(), b"the secret of the webhook", hashlib.sha256).hexdigest()


def marked_address(url: str, *, secret: str, token: str) -> str:
    """*url* with a mark that changes with *secret*.

    Telegram tells the address that it knows, and not the secret: by the mark a copy sees whether
    Telegram knows this one. Without the bot's token nothing can be learnt from it.
    """
    mark = hmac.new(token.encode(), f"mark of {secret}".encode(), hashlib.sha256).hexdigest()[:12]
    return f"{url}{'&' if '?' in url else '?'}{_MARK}={mark}"
