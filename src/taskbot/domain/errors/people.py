"""Refusals about people, and about who is asking."""

from typing import ClassVar

from attrs import frozen

from taskbot.domain.errors.kinds import Conflict, Forbidden, InvalidValue, NotFound
from taskbot.domain.ids import AccessTokenId, UserId


@frozen
class UnknownTimezone(InvalidValue):
    code: ClassVar[str] = "timezone-unknown"
    field: ClassVar[str] = "timezone"
    given: str

    def __str__(self) -> str:
        return "the time zone is not a name of the IANA time zone database"


@frozen
class UserNotFound(NotFound):
    """*user* is our id, or the Telegram id under which nobody is known."""

    code: ClassVar[str] = "user-not-found"
    user: UserId | int

    def __str__(self) -> str:
        return "there is no such person"


@frozen
class StaleUser(Conflict):
    code: ClassVar[str] = "user-stale"
    user_id: UserId

    def __str__(self) -> str:
        return "the person's settings were changed by somebody else meanwhile"


@frozen
class NotLeaving(Conflict):
    code: ClassVar[str] = "account-not-leaving"
    user_id: UserId

    def __str__(self) -> str:
        return "nobody asked for this account to be deleted"


@frozen
class AccountBeingDeleted(Conflict):
    """The grace period is over: it takes no more than an hour or so until nothing is left."""

    code: ClassVar[str] = "account-being-deleted"
    user_id: UserId

    def __str__(self) -> str:
        return "this account is being deleted, as its owner asked; come back in an hour"


@frozen
class AccessTokenNotFound(NotFound):
    code: ClassVar[str] = "access-token-not-found"
    token_id: AccessTokenId

    def __str__(self) -> str:
        return f"there is no access token {self.token_id}"


@frozen
class NoScope(InvalidValue):
    code: ClassVar[str] = "scopes-missing"
    field: ClassVar[str] = "scopes"

    def __str__(self) -> str:
        return "an access token needs at least one scope"


@frozen
class ExpiryInPast(InvalidValue):
    code: ClassVar[str] = "expiry-in-past"
    field: ClassVar[str] = "expires_at"

    def __str__(self) -> str:
        return "an access token ends in the future, or never"


@frozen
class ExpiryTooLate(InvalidValue):
    code: ClassVar[str] = "expiry-too-late"
    field: ClassVar[str] = "expires_at"
    last_year: int

    def __str__(self) -> str:
        return f"an access token ends in the year {self.last_year} at the latest, or never"


@frozen
class InsufficientScope(Forbidden):
    """*scope* is what the token would have to have."""

    code: ClassVar[str] = "scope-insufficient"
    scope: str

    def __str__(self) -> str:
        return f"this needs an access token of scope {self.scope}"


@frozen
class UnprovenIdentity(Forbidden):
    """Nothing of what was offered is kept, so that it cannot end in a log."""

    code: ClassVar[str] = "identity-unproven"

    def __str__(self) -> str:
        return "this is not signed by Telegram for this bot, or it is too old"


@frozen
class SignInUnavailable(Conflict):
    code: ClassVar[str] = "sign-in-unavailable"

    def __str__(self) -> str:
        return "signing in with Telegram needs the bot's token here, and there is none"


@frozen
class InvalidAccessToken(Forbidden):
    """Nothing of the offered token is kept, so that it cannot end in a log."""

    code: ClassVar[str] = "access-token-invalid"

    def __str__(self) -> str:
        return "the access token is missing, malformed, unknown or no longer valid"
