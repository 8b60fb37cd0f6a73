"""Every refusal of the domain, with a stable public code.

An adapter looks at the four kinds alone. `code` is public: clients switch on it and texts
are keyed by it, so once released it never changes. Data goes into attributes, prose
into `__str__`. Programming mistakes stay `ValueError` and `TypeError`.
"""

from datetime import date, datetime
from typing import ClassVar

from attrs import frozen

from taskbot.domain.ids import AccessTokenId, CategoryId, ReminderId, TaskId, UserId


class DomainError(Exception):
    """A rule of the domain was broken."""

    code: ClassVar[str]


class InvalidValue(DomainError):
    """The value of *field* is not acceptable; send another one."""

    field: ClassVar[str]


class NotFound(DomainError):
    """The thing does not exist, or not for this person."""


class Forbidden(DomainError):
    """This person may not do this."""


class Conflict(DomainError):
    """The thing is no longer in a state that allows this."""


@frozen
class BlankTitle(InvalidValue):
    code: ClassVar[str] = "title-blank"
    field: ClassVar[str] = "title"

    def __str__(self) -> str:
        return "a task needs a title that can be read"


@frozen
class TitleTooLong(InvalidValue):
    code: ClassVar[str] = "title-too-long"
    field: ClassVar[str] = "title"
    length: int
    limit: int

    def __str__(self) -> str:
        return f"a title has at most {self.limit} characters, this one has {self.length}"


@frozen
class DescriptionTooLong(InvalidValue):
    code: ClassVar[str] = "description-too-long"
    field: ClassVar[str] = "description"
    length: int
    limit: int

    def __str__(self) -> str:
        return f"a description has at most {self.limit} characters, this one has {self.length}"


@frozen
class UnknownPriority(InvalidValue):
    code: ClassVar[str] = "priority-unknown"
    field: ClassVar[str] = "priority"
    given: int

    def __str__(self) -> str:
        return f"a priority is 1 (highest), 2, 3 or 4, not {self.given}"


@frozen
class TaskNotFound(NotFound):
    code: ClassVar[str] = "task-not-found"
    task_id: TaskId

    def __str__(self) -> str:
        return f"there is no task {self.task_id}"


@frozen
class TaskAlreadyCompleted(Conflict):
    code: ClassVar[str] = "task-already-completed"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} is already completed"


@frozen
class TaskNotCompleted(Conflict):
    code: ClassVar[str] = "task-not-completed"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} is still open"


@frozen
class StaleTask(Conflict):
    code: ClassVar[str] = "task-stale"
    task_id: TaskId

    def __str__(self) -> str:
        return f"task {self.task_id} was changed by somebody else meanwhile"


@frozen
class DeadlineInPast(InvalidValue):
    """*deadline* is a moment in UTC, or the local date of a whole-day deadline."""

    code: ClassVar[str] = "deadline-in-past"
    field: ClassVar[str] = "deadline"
    deadline: datetime | date

    def __str__(self) -> str:
        if isinstance(self.deadline, datetime):
            return f"{self.deadline:%Y-%m-%d %H:%M} UTC is already over"
        return f"{self.deadline.isoformat()} is already over"


@frozen
class DeadlineOutOfRange(InvalidValue):
    code: ClassVar[str] = "deadline-out-of-range"
    field: ClassVar[str] = "deadline"
    first_year: int
    last_year: int

    def __str__(self) -> str:
        return f"a deadline lies between the years {self.first_year} and {self.last_year}"


@frozen
class LeadTimeOutOfRange(InvalidValue):
    code: ClassVar[str] = "lead-time-out-of-range"
    field: ClassVar[str] = "lead_times"
    limit_days: int

    def __str__(self) -> str:
        return f"a lead time lies between 0 and {self.limit_days} days"


@frozen
class TooManyLeadTimes(InvalidValue):
    code: ClassVar[str] = "lead-times-too-many"
    field: ClassVar[str] = "lead_times"
    limit: int

    def __str__(self) -> str:
        return f"a task is reminded of at most {self.limit} times ahead"


@frozen
class SnoozeOutOfRange(InvalidValue):
    code: ClassVar[str] = "snooze-out-of-range"
    field: ClassVar[str] = "snooze"
    limit_days: int

    def __str__(self) -> str:
        return f"a reminder is put off to a later moment, by at most {self.limit_days} days"


@frozen
class ReminderNotFound(NotFound):
    code: ClassVar[str] = "reminder-not-found"
    reminder_id: ReminderId

    def __str__(self) -> str:
        return f"there is no reminder {self.reminder_id}"


@frozen
class ReminderNotDead(Conflict):
    """Only dead letters are retried and discarded."""

    code: ClassVar[str] = "reminder-not-dead"
    reminder_id: ReminderId

    def __str__(self) -> str:
        return f"reminder {self.reminder_id} is not a dead letter"


@frozen
class BlankCategoryName(InvalidValue):
    code: ClassVar[str] = "category-name-blank"
    field: ClassVar[str] = "name"

    def __str__(self) -> str:
        return "a category needs a name that can be read"


@frozen
class CategoryNameTooLong(InvalidValue):
    code: ClassVar[str] = "category-name-too-long"
    field: ClassVar[str] = "name"
    length: int
    limit: int

    def __str__(self) -> str:
        return f"a category's name has at most {self.limit} characters, this one has {self.length}"


@frozen
class CategoryNameTaken(Conflict):
    code: ClassVar[str] = "category-name-taken"
    name: str

    def __str__(self) -> str:
        return f"there is a category “{self.name}” already"


@frozen
class CategoryNotFound(NotFound):
    code: ClassVar[str] = "category-not-found"
    category_id: CategoryId

    def __str__(self) -> str:
        return f"there is no category {self.category_id}"


@frozen
class StaleCategory(Conflict):
    code: ClassVar[str] = "category-stale"
    category_id: CategoryId

    def __str__(self) -> str:
        return f"category {self.category_id} was changed by somebody else meanwhile"


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
