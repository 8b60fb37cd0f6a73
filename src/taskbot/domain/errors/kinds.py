"""The kinds of refusals: all that an adapter looks at."""

from typing import ClassVar


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
