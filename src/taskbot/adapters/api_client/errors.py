"""What the API says no with, as exceptions: the domain's own wherever the problem names one."""

from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import httpx
import msgspec
from attrs import fields, frozen, has
from msgspec import Struct
from ulid import ULID

from taskbot.application.ports import StorageUnavailable
from taskbot.domain.errors import DomainError

PRECONDITION_FAILED: Final = "precondition-failed"
_TYPE: Final = "/problems/"
_OVERLOADED: Final = "overloaded"
_SERVER_ERROR: Final = 500
_DAY_LENGTH: Final = len("2031-05-17")


class ApiUnavailable(StorageUnavailable):
    """The API does not answer, or not in time. Nothing is known to have been done."""


class TooManyRequests(ApiUnavailable):
    """Nothing was done, for it was too much; *retry_after*: when to ask again, if that is known."""

    def __init__(self, retry_after: timedelta | None) -> None:
        super().__init__("too many requests")
        self.retry_after = retry_after


class FieldRefusal(Struct, frozen=True):
    """What is wrong with one field of what was sent."""

    field: str
    code: str
    detail: str


@frozen
class ApiRefused(Exception):
    """The API refuses the request, for a reason that the domain has no name for.

    *code* is stable; *request_id* is what the operator finds it by.
    """

    status: int
    code: str
    detail: str
    request_id: str
    errors: tuple[FieldRefusal, ...] = ()

    def __str__(self) -> str:
        return f"{self.code}: {self.detail} (request {self.request_id})"


class ApiFailed(Exception):
    """Something went wrong over there, or what answered is not this API."""


class _Problem(Struct, frozen=True):
    """Problem details (RFC 9457), with what this API adds to them."""

    type: str
    detail: str = ""
    request_id: str = ""
    errors: tuple[FieldRefusal, ...] = ()
    facts: dict[str, str | int] = {}


_problems: Final = msgspec.json.Decoder(_Problem)


def _refusals() -> dict[str, type[DomainError]]:
    """Every refusal by its code.

    attrs replaces a class by one with slots: the first one is a subclass, too, until it is
    collected.
    """
    found = [refusal for kind in DomainError.__subclasses__() for refusal in kind.__subclasses__()]
    return {refusal.code: refusal for refusal in found if has(cast("Any", refusal))}


_REFUSALS: Final = _refusals()


def refusal_in(response: httpx.Response) -> Exception:
    """What to raise for *response*, whose status is no success."""
    try:
        problem = _problems.decode(response.content)
    except msgspec.DecodeError:
        return ApiFailed(f"an answer that is none of this API: {response.status_code}")
    code = problem.type.removeprefix(_TYPE)
    if response.status_code >= _SERVER_ERROR:
        return ApiFailed(f"{code} (request {problem.request_id})")
    refusal = _REFUSALS.get(code)
    if refusal is not None and (known := _rebuilt(refusal, problem.facts)) is not None:
        return known
    return ApiRefused(
        response.status_code, code, problem.detail, problem.request_id, problem.errors
    )


def was_not_begun(response: httpx.Response) -> bool:
    """Whether *response* says that nothing was done, as too much was asked for at once."""
    try:
        return _problems.decode(response.content).type == f"{_TYPE}{_OVERLOADED}"
    except msgspec.DecodeError:
        return False


def _rebuilt(kind: type[DomainError], facts: dict[str, str | int]) -> DomainError | None:
    """The refusal that was raised over there; None if it is not told with all its attributes."""
    names = [one.name for one in fields(cast("Any", kind))]  # every refusal is an attrs class
    try:
        return kind(**{name: _value(name, facts[name]) for name in names})
    except (KeyError, TypeError, ValueError):
        return None


def _value(name: str, fact: str | int) -> object:
    if isinstance(fact, int):
        return fact
    if name == "user" or name.endswith("_id"):
        return ULID.from_str(fact)
    if name == "deadline":
        is_day = len(fact) == _DAY_LENGTH
        return date.fromisoformat(fact) if is_day else datetime.fromisoformat(fact)
    return fact
