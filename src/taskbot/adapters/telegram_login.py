"""Who somebody is, as Telegram has signed it: Mini App data and the Login Widget.

Sources: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app and
https://core.telegram.org/widgets/login#checking-authorization. Whoever holds the bot's token can
sign as well: so does our own bot where it talks to the API.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from attrs import field, frozen

from taskbot.application.ports import SignedPerson
from taskbot.domain.errors import UnprovenIdentity

FRESH: Final = timedelta(hours=1)
"""For how long what was signed is believed: it is meant to be exchanged for a token at once."""
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
_MOST_FIELDS: Final = 50
_LARGEST_ID: Final = 2**52 - 1  # Bot API, User.id
_LATEST: Final = 2**40  # seconds since 1970, far beyond any use


@frozen
class TelegramLogin:
    """Raises `UnprovenIdentity` for whatever is not signed, not fresh, or makes no sense."""

    _bot_token: str = field(repr=False)

    def by_init_data(self, init_data: str, *, now: datetime) -> SignedPerson:
        """Whose Mini App it is: *init_data* as the app got it from Telegram."""
        fields = _parsed(init_data)
        self._require_signed(fields, self._mini_app_key)
        _require_fresh(fields, now)
        try:
            return _person(json.loads(fields["user"]))
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
            raise UnprovenIdentity from None

    def by_widget(self, fields: Mapping[str, Any], *, now: datetime) -> SignedPerson:
        """Who pressed the button of the Login Widget: *fields* as it gave them."""
        if len(fields) > _MOST_FIELDS or not all(
            isinstance(value, str | int) and not isinstance(value, bool)
            for value in fields.values()
        ):
            raise UnprovenIdentity
        texts = {name: str(value) for name, value in fields.items()}
        self._require_signed(texts, hashlib.sha256(self._bot_token.encode()).digest())
        _require_fresh(texts, now)
        try:
            return _person({**texts, "id": int(texts["id"])})
        except (KeyError, ValueError):
            raise UnprovenIdentity from None

    def sign(self, person: SignedPerson, *, now: datetime) -> str:
        """Mini App data that says so; for the bot, which knows who wrote to it."""
        user: dict[str, Any] = {"id": person.telegram_id, "first_name": person.name}
        if person.language_tag is not None:
            user["language_code"] = person.language_tag
        if person.may_write is not None:
            user["allows_write_to_pm"] = person.may_write
        fields = {"auth_date": str(int(now.timestamp())), "user": json.dumps(user)}
        return urlencode({**fields, "hash": _signature(fields, self._mini_app_key)})

    @property
    def _mini_app_key(self) -> bytes:
        return hmac.digest(b"WebAppData", self._bot_token.encode(), "sha256")

    def _require_signed(self, fields: Mapping[str, str], key: bytes) -> None:
        signed = {name: value for name, value in fields.items() if name != "hash"}
        given = fields.get("hash", "").encode(errors="surrogatepass")
        if not hmac.compare_digest(_signature(signed, key).encode(), given):
            raise UnprovenIdentity


def _signature(fields: Mapping[str, str], key: bytes) -> str:
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hmac.new(key, lines.encode(errors="surrogatepass"), "sha256").hexdigest()


def _parsed(init_data: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            init_data, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise UnprovenIdentity from None
    fields = dict(pairs)
    if len(fields) != len(pairs):  # which of two would count?
        raise UnprovenIdentity
    return fields


def _require_fresh(fields: Mapping[str, str], now: datetime) -> None:
    date = fields.get("auth_date", "")
    if not (date.isascii() and date.isdigit()) or len(date) > len(str(_LATEST)):
        raise UnprovenIdentity
    seconds = int(date)
    if seconds > _LATEST:
        raise UnprovenIdentity
    age = now - (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=min(seconds, 2**37)))
    if not -_CLOCKS_DIFFER <= age <= FRESH:
        raise UnprovenIdentity


def _person(user: Mapping[str, Any]) -> SignedPerson:
    number = user["id"]
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= _LARGEST_ID:
        raise ValueError(number)
    names = (str(user.get(name) or "") for name in ("first_name", "last_name"))
    language, may_write = user.get("language_code"), user.get("allows_write_to_pm")
    return SignedPerson(
        number,
        " ".join(filter(None, names)),
        language if isinstance(language, str) else None,
        may_write if isinstance(may_write, bool) else None,
    )
