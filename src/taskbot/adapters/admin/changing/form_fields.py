"""Fields of forms alone. They refuse what they cannot read, instead of taking it for nothing.

The library shows a form again with what its fields made of the input. These hand on what was
typed, so that it stands there as it was, and read it when something is made of it.

They are called like what they are about, with `new_` before it: names are for one field each, and
lists and pages show the same by others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette_admin.fields import (
    BaseField,
    DateField,
    DateTimeField,
    EnumField,
    StringField,
    TextAreaField,
    TimeField,
)
from starlette_admin.i18n import get_tzinfo

from taskbot.adapters.admin.words import duration, mark, say
from taskbot.application.duration_text import understand_duration

NEW: Final = "new_"
_NONE_AT_ALL: Final = frozenset({"-", "–", "—"})


class TypedField:
    """Part of a form: to be mixed into a field of the library, before it.

    It is none itself: as one it would bring the defaults of all fields along, in the place of those
    of the field that it is mixed into.
    """

    name: str
    id: str
    required: bool | None
    getter: Any
    orderable: bool | None
    filters: list[Any] | None
    exclude_from_list: bool | None
    exclude_from_detail: bool | None
    exclude_from_export: bool | None

    def __post_init__(self) -> None:
        self.orderable, self.filters = False, []
        self.exclude_from_list = self.exclude_from_detail = self.exclude_from_export = True
        super().__post_init__()  # type: ignore[misc] # of the field

    def read(self, typed: str) -> Any:
        """What *typed*, which is something, means. Raise `ValueError` if it means nothing."""
        return typed

    def written(self, value: Any) -> str:
        """*value* as it stands in the form."""
        return str(value)

    @property
    def about(self) -> str:
        """What it is about, by the name that the thing itself has for it."""
        return self.name.removeprefix(NEW)

    async def parse_obj(self, request: Request, obj: Any) -> Any:
        if self.getter is not None:
            return self.getter(request, obj)
        return getattr(obj, self.about)

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        raw = form_data.get(self.id)
        return raw if isinstance(raw, str) else ""

    async def serialize_value(self, request: Request, value: Any) -> Any:
        return self.written(value)

    async def validate(self, request: Request, value: Any, form_values: dict[str, Any]) -> None:
        typed = value.strip()
        if typed:
            self.read(typed)
        elif self.required:
            raise ValueError(say("This field is required."))


def read_form(fields: Sequence[BaseField], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed into *fields*, by what they are about; None for what is empty."""
    return {
        one.about: one.read(typed[one.name].strip()) if typed[one.name].strip() else None
        for one in fields
        if isinstance(one, TypedField)
    }


def names_of(fields: Sequence[BaseField]) -> dict[str, str]:
    """The names of *fields* by what they are about."""
    return {one.about: one.name for one in fields if isinstance(one, TypedField)}


@dataclass
class TypedText(TypedField, StringField):
    pass


@dataclass
class TypedTextArea(TypedField, TextAreaField):
    pass


@dataclass
class TypedChoice(TypedField, EnumField):
    """One of a few values, whose texts are the values of the form; nothing else is read."""

    def __post_init__(self) -> None:
        self.choices = [(str(choice[0]), choice[1]) for choice in self.choices or ()]
        super().__post_init__()

    def read(self, typed: str) -> Any:
        known = {choice[0] for choice in self.choices or ()}
        if known and typed not in known:
            raise ValueError(say("This is none of the choices."))
        return self.coerce(typed)

    def written(self, value: Any) -> str:
        return str(getattr(value, "value", value))


@dataclass
class TypedMoment(TypedField, DateTimeField):
    """A moment by the operator's clocks."""

    def read(self, typed: str) -> datetime:
        try:
            read = datetime.fromisoformat(typed)
        except ValueError:
            raise ValueError(say("This is not a moment.")) from None
        return (read if read.tzinfo else read.replace(tzinfo=get_tzinfo())).astimezone(UTC)

    def written(self, value: datetime) -> str:
        return value.astimezone(get_tzinfo()).replace(tzinfo=None).isoformat(timespec="minutes")


@dataclass
class TypedDay(TypedField, DateField):
    """A day of a calendar, whosever it is."""

    def read(self, typed: str) -> date:
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise ValueError(say("This is not a day.")) from None

    def written(self, value: date) -> str:
        return value.isoformat()


@dataclass
class TypedClockTime(TypedField, TimeField):
    """A time of the day, by the clocks of whoever it belongs to."""

    def read(self, typed: str) -> time:
        try:
            return time.fromisoformat(typed)
        except ValueError:
            raise ValueError(say("This is not a time of the day.")) from None

    def written(self, value: time) -> str:
        return f"{value:%H:%M}"


@dataclass
class TypedDurations(TypedField, StringField):
    """Durations as they are said in the chat, with commas between them; a dash is none at all."""

    help_text: str | None = field(
        default_factory=lambda: mark("With commas, such as: 1 d, 2 h, 30 min, 0. None at all: -")
    )

    def read(self, typed: str) -> Sequence[timedelta]:
        if typed in _NONE_AT_ALL:
            return ()
        read = [understand_duration(one) for one in typed.split(",")]
        if None in read:
            raise ValueError(say("These are not durations."))
        return tuple(one for one in read if one is not None)

    def written(self, value: Sequence[timedelta]) -> str:
        return ", ".join(duration(one) if one else "0" for one in value) or "-"


@dataclass
class Version(TypedField, StringField):
    """The version that a form was filled for: carried along, and never seen."""

    input_type: str = "hidden"
    label_template: str = "fields/form/no_label.html"

    def read(self, typed: str) -> int:
        try:
            return int(typed)
        except ValueError:
            raise ValueError(say("This form is too old. Open it anew.")) from None
