"""Refusals to those who run taskbot. The bot never says them: people do not meet them."""

from datetime import timedelta
from math import ceil
from typing import ClassVar

from attrs import frozen

from taskbot.domain.errors.kinds import Conflict, Forbidden, InvalidValue, NotFound
from taskbot.domain.ids import AdminAccountId, TaskId


@frozen
class RoleInsufficient(Forbidden):
    """*role* is what the operator would have to have."""

    code: ClassVar[str] = "role-insufficient"
    role: str

    def __str__(self) -> str:
        return f"this is for operators of the role {self.role}"


@frozen
class TooManyAtOnce(InvalidValue):
    code: ClassVar[str] = "too-many-at-once"
    field: ClassVar[str] = "ids"
    limit: int

    def __str__(self) -> str:
        return f"the same is done to at most {self.limit} things at once"


@frozen
class NoDeadlineToMove(Conflict):
    code: ClassVar[str] = "deadline-missing"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} has no deadline that could be moved"


@frozen
class NotWholeDays(InvalidValue):
    code: ClassVar[str] = "not-whole-days"
    field: ClassVar[str] = "by"

    def __str__(self) -> str:
        return "a deadline that is a whole day is moved by whole days"


@frozen
class AdminNameUnusable(InvalidValue):
    """What was given is not kept: it may be a password in the wrong place."""

    code: ClassVar[str] = "admin-name-unusable"
    field: ClassVar[str] = "name"
    limit: int

    def __str__(self) -> str:
        return f"a name has 1 to {self.limit} of the characters a-z, 0-9 and . _ - @"


@frozen
class AdminNameTaken(InvalidValue):
    code: ClassVar[str] = "admin-name-taken"
    field: ClassVar[str] = "name"
    name: str

    def __str__(self) -> str:
        return f"there is an admin account {self.name} already"


@frozen
class PasswordTooShort(InvalidValue):
    code: ClassVar[str] = "password-too-short"
    field: ClassVar[str] = "password"
    limit: int

    def __str__(self) -> str:
        return f"a password has at least {self.limit} characters"


@frozen
class PasswordTooLong(InvalidValue):
    code: ClassVar[str] = "password-too-long"
    field: ClassVar[str] = "password"
    limit: int

    def __str__(self) -> str:
        return f"a password has at most {self.limit} characters"


@frozen
class PasswordGuessable(InvalidValue):
    code: ClassVar[str] = "password-guessable"
    field: ClassVar[str] = "password"

    def __str__(self) -> str:
        return (
            "this password is among the first that anybody would try: "
            "it is the name, a well-known one, or a few characters over and over"
        )


@frozen
class CurrentPasswordWrong(InvalidValue):
    code: ClassVar[str] = "current-password-wrong"
    field: ClassVar[str] = "current_password"

    def __str__(self) -> str:
        return "this is not the current password"


@frozen
class AdminAccountNotFound(NotFound):
    """*account* is its id or its name."""

    code: ClassVar[str] = "admin-account-not-found"
    account: AdminAccountId | str

    def __str__(self) -> str:
        return f"there is no admin account {self.account}"


@frozen
class AdminAccountInactive(Conflict):
    code: ClassVar[str] = "admin-account-inactive"
    name: str

    def __str__(self) -> str:
        return f"the admin account {self.name} is deactivated"


@frozen
class StaleAdminAccount(Conflict):
    code: ClassVar[str] = "admin-account-stale"
    account_id: AdminAccountId

    def __str__(self) -> str:
        return "the admin account was changed by somebody else meanwhile"


@frozen
class LastEditor(Conflict):
    """Without *name* there would be nobody who may mend anything."""

    code: ClassVar[str] = "last-editor"
    name: str

    def __str__(self) -> str:
        return (
            f"without {self.name} no editor who can sign in would be left: "
            "make somebody else one before"
        )


@frozen
class SignInRefused(Forbidden):
    """One and the same whatever is wrong, so that nobody learns which accounts there are."""

    code: ClassVar[str] = "sign-in-refused"

    def __str__(self) -> str:
        return "the name or the password is wrong"


@frozen
class TooManySignIns(Forbidden):
    """*wait*: how long until another try may succeed."""

    code: ClassVar[str] = "sign-ins-too-many"
    wait: timedelta

    @property
    def seconds(self) -> int:
        """*wait* in whole seconds, at least one."""
        return max(ceil(self.wait.total_seconds()), 1)

    def __str__(self) -> str:
        return f"too many tries: the next one may come in {self.seconds} s"


@frozen
class NotSignedIn(Forbidden):
    """Nothing of the offered secret is kept, so that it cannot end in a log."""

    code: ClassVar[str] = "not-signed-in"

    def __str__(self) -> str:
        return "there is no such session, or it is over: sign in"


@frozen
class InvitationUnusable(NotFound):
    """Nothing of the offered secret is kept, so that it cannot end in a log."""

    code: ClassVar[str] = "invitation-unusable"

    def __str__(self) -> str:
        return "this one-time link is unknown, used or too old: ask for another one"
