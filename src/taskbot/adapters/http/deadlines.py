"""Deadlines in request bodies: a moment, or a whole day."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, ClassVar, Final

from msgspec import UNSET, Meta, UnsetType

from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.timezone import checked_timezone

_FIELDS: Final = ("due_at", "due_on")


class DeadlineBody(Body, frozen=True, kw_only=True):
    """Carries a deadline as `due_at` or `due_on`; null is as good as nothing."""

    documented: ClassVar[Mapping[str, object]] = {
        "not": {
            "required": list(_FIELDS),
            "properties": {field: {"type": "string"} for field in _FIELDS},
        }
    }

    due_at: (
        Annotated[
            datetime,
            Meta(
                tz=True,
                description="A moment (RFC 3339), with its offset from UTC.",
                examples=["2031-05-17T18:00:00+03:00"],
            ),
        ]
        | UnsetType
        | None
    ) = UNSET
    due_on: (
        Annotated[
            date,
            Meta(
                description="A whole day, due at its end. Instead of `due_at`, not with it.",
                examples=["2031-05-17"],
            ),
        ]
        | UnsetType
        | None
    ) = UNSET
    timezone: (
        Annotated[
            str,
            Meta(
                description="IANA name of the zone in which the deadline is meant and shown; "
                "by default the person's own.",
                examples=["Europe/Berlin"],
            ),
        ]
        | None
    ) = None

    def sent_as(self, field: str) -> str:
        if field == "deadline":
            return "due_on" if isinstance(self.due_on, date) else "due_at"
        return super().sent_as(field)

    def deadline(self, *, default_timezone: str) -> Deadline | None:
        """The deadline that was sent, if any.

        Raise `Refused` for two of them, `InvalidValue` for one that cannot be.
        A time zone is checked even where there is no deadline for it to belong to.
        """
        timezone = default_timezone if self.timezone is None else checked_timezone(self.timezone)
        match self.due_at, self.due_on:
            case datetime(), date():
                raise _blame("deadline-ambiguous", "a deadline is a moment or a day, not both")
            case datetime() as due_at, _:
                return TimedDeadline(due_at, timezone)
            case _, date() as due_on:
                return DayDeadline(due_on, timezone)
            case _:
                return None


class Reschedule(DeadlineBody, frozen=True, kw_only=True):
    """The new deadline; null for either field takes the deadline away."""

    documented: ClassVar[Mapping[str, object]] = {
        **DeadlineBody.documented,
        "anyOf": [{"required": [field]} for field in _FIELDS],
    }

    def deadline(self, *, default_timezone: str) -> Deadline | None:
        """As above; raise `Refused` if nothing was said about the deadline at all."""
        if self.due_at is UNSET and self.due_on is UNSET:
            raise _blame("deadline-missing", "send due_at or due_on; null takes the deadline away")
        return super().deadline(default_timezone=default_timezone)


def _blame(code: str, detail: str) -> Refused:
    errors = tuple(FieldProblem.of(field, code, detail) for field in _FIELDS)
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code, detail, errors)
