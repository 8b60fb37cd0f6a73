"""Who somebody is, by the word of the messenger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from attrs import frozen


@frozen
class SignedPerson:
    """*language_tag*: what their client says (IETF), if anything.

    *may_write*: whether the bot may write to them; None: nothing is said of it.
    """

    telegram_id: int
    name: str
    language_tag: str | None = None
    may_write: bool | None = None


class IdentityProofs(Protocol):
    """Every method raises `UnprovenIdentity` for what is not signed, not fresh, or no sense."""

    def by_init_data(self, init_data: str, *, now: datetime) -> SignedPerson:
        """Whose Mini App it is."""

    def by_widget(self, fields: Mapping[str, Any], *, now: datetime) -> SignedPerson:
        """Who signed in by the Login Widget."""


class IdentitySigner(Protocol):
    """For whoever holds the bot's token, and knows who wrote to the bot."""

    def sign(self, person: SignedPerson, *, now: datetime) -> str:
        """Mini App data that say so: `IdentityProofs.by_init_data` believes them."""
