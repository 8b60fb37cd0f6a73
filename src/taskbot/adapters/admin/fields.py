"""Kinds of values that the library does not know, or shows otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.status import HTTP_404_NOT_FOUND
from starlette_admin.fields import (
    BaseField,
    BooleanField,
    DateTimeField,
    EnumField,
    StringField,
)
from starlette_admin.types import RequestAction
from ulid import ULID

from taskbot.adapters.admin.words import duration, say


def id_from(given: object) -> ULID:
    """The ULID that *given* is or spells; anything else leads nowhere: 404."""
    if isinstance(given, ULID):
        return given
    try:
        return ULID.from_str(str(given))
    except ValueError:
        raise HTTPException(HTTP_404_NOT_FOUND) from None


@dataclass
class IdField(StringField):
    """A ULID as people and URLs spell it."""

    read_only: bool | None = True
    orderable: bool | None = False
    copy_to_clipboard: bool | None = True
    list_template: str = "fields/list/id.html"

    async def serialize_value(self, request: Request, value: Any) -> Any:
        return str(value)


@dataclass
class MomentField(DateTimeField):
    """A moment: read and shown by the operator's clocks, in UTC everywhere else."""

    # As short as it goes: a list has several of them in a row.
    output_format: str | None = "short"
    list_template: str = "fields/list/moment.html"

    async def parse_form_data(self, request: Request, form_data: FormData) -> datetime | None:
        # The library's own, which has taken the zone off again after it moved the time to UTC.
        parsed: datetime | None = await super().parse_form_data(request, form_data)
        return None if parsed is None else parsed.replace(tzinfo=UTC)


@dataclass
class ChoiceField(EnumField):
    """One of a few values, each by its words.

    What an older or newer release wrote stands for itself: better than a page that fails.
    """

    words: Mapping[Any, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.choices = [(getattr(key, "value", key), text) for key, text in self.words.items()]
        if all(isinstance(key, int) for key in self.words):
            self.coerce = int
        super().__post_init__()

    def _get_label(self, value: Any, request: Request) -> Any:
        return str(self.words[value]) if value in self.words else value


@dataclass
class YesNoField(BooleanField):
    """Yes or no, in words: a red cross would make a fault of every no."""

    list_template: str = "fields/yes_no.html"
    detail_template: str = "fields/yes_no.html"

    async def serialize_value(self, request: Request, value: Any) -> Any:
        if request.state.action.is_form() or request.state.action is RequestAction.EXPORT:
            return bool(value)
        return say("yes") if value else say("no")


@dataclass
class ReadOnlyField(BaseField):
    """What is told of a thing and never typed in."""

    read_only: bool | None = True
    orderable: bool | None = False
    exclude_from_create: bool | None = True
    exclude_from_edit: bool | None = True


@dataclass
class DurationsField(ReadOnlyField):
    """How long before a deadline reminders come."""

    async def serialize_value(self, request: Request, value: tuple[timedelta, ...]) -> Any:
        if request.state.action is RequestAction.EXPORT:
            return " ".join(str(int(lead.total_seconds())) for lead in value)
        return ", ".join(duration(lead) for lead in value) or say("none")


@dataclass
class ClockTimeField(ReadOnlyField):
    """A time of the day by the clocks of whoever it belongs to."""

    async def serialize_value(self, request: Request, value: time) -> Any:
        return f"{value:%H:%M}"


@dataclass
class WordListField(ReadOnlyField):
    """Words that are kept with spaces between them."""

    async def serialize_value(self, request: Request, value: str) -> Any:
        return ", ".join(value.split())


@dataclass
class TextField(StringField):
    """A text that is shown as it was written."""

    read_only: bool | None = True


Named = Callable[[Any], str]
