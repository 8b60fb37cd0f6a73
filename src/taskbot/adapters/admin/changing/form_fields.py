"""Fields of forms alone. They refuse what they cannot read, instead of taking it for nothing.

The library shows a form again with what its fields made of the input. These hand on what was
typed, so that it stands there as it was, and read it when something is made of it.

What stands in a form as it was shown is kept as it is, and so is what a form leaves out: a moment
is not moved to the full second, nor a zone refused that is no longer known, by saving the title.

They are called like what they are about, with `new_` before it: names are for one field each, and
lists and pages show the same by others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette_admin.fields import BaseField, EnumField, StringField, TextAreaField
from starlette_admin.i18n import get_tzinfo

from taskbot.adapters.admin.surroundings import by_the_clocks_of
from taskbot.adapters.admin.words import duration, mark, say
from taskbot.application.duration_text import understand_duration
from taskbot.application.keep import KEEP
from taskbot.domain.text import many_lines

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
    is_told: bool = True
    """Whether a form that comes too late tells what it is about by now."""

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

    def is_same(self, typed: str, shown: str) -> bool:
        """Whether *typed* is what the form has *shown*, as browsers may spell it."""
        return typed == shown

    def in_words(self, request: Request, shown: str) -> str:
        """What the form has *shown*, as it is told."""
        return shown

    @property
    def about(self) -> str:
        """What it is about, by the name that the thing itself has for it."""
        return self.name.removeprefix(NEW)

    async def parse_obj(self, request: Request, obj: Any) -> Any:
        if self.getter is not None:
            return self.getter(request, obj)
        return getattr(obj, self.about)

    async def shown(self, request: Request) -> str:
        """What the form of the thing that is edited shows; nothing where it is a new one."""
        thing = getattr(request.state, "edited", None)
        value = None if thing is None else await self.parse_obj(request, thing)
        return "" if value is None else self.written(value)

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        raw = form_data.get(self.id)
        return raw if isinstance(raw, str) else await self.shown(request)

    async def serialize_value(self, request: Request, value: Any) -> Any:
        return self.written(value)

    async def validate(self, request: Request, value: Any, form_values: dict[str, Any]) -> None:
        typed = value.strip()
        if self.required and not typed:
            raise ValueError(say("This field is required."))
        if typed and not await self.is_kept(request, typed):
            self.check(request, typed)

    def check(self, request: Request, typed: str) -> None:
        """Raise `ValueError` unless it can be read."""
        self.read(typed)

    async def is_kept(self, request: Request, typed: str) -> bool:
        """Whether the thing that is edited is like that already."""
        if getattr(request.state, "edited", None) is None:
            return False
        return self.is_same(typed, (await self.shown(request)).strip())


async def read_form(
    request: Request, fields: Sequence[BaseField], typed: Mapping[str, Any]
) -> dict[str, Any]:
    """What was typed into *fields*, by what they are about.

    None for what is empty now, `KEEP` for what stands there as it was shown or was not asked for.
    """
    read: dict[str, Any] = {}
    for one in fields:
        if isinstance(one, TypedField) and one.name not in typed:
            read[one.about] = KEEP
        elif isinstance(one, TypedField):
            text = typed[one.name].strip()
            is_kept = await one.is_kept(request, text)
            read[one.about] = KEEP if is_kept else one.read(text) if text else None
    return read


def names_of(fields: Sequence[BaseField]) -> dict[str, str]:
    """The names of *fields* by what they are about."""
    return {one.about: one.name for one in fields if isinstance(one, TypedField)}


@dataclass
class TypedText(TypedField, StringField):
    pass


@dataclass
class TypedTextArea(TypedField, TextAreaField):
    def is_same(self, typed: str, shown: str) -> bool:
        return many_lines(typed) == many_lines(shown)  # browsers end lines in another way


@dataclass
class TypedChoice(TypedField, EnumField):
    """One of a few values, whose texts are the values of the form; nothing else is read."""

    def __post_init__(self) -> None:
        self.choices = [(str(choice[0]), choice[1]) for choice in self.choices or ()]
        super().__post_init__()

    def read(self, typed: str) -> Any:
        return self.coerce(typed)

    def check(self, request: Request, typed: str) -> None:
        if typed not in dict(self._get_choices(request)):
            raise ValueError(say("This is none of the choices."))

    def written(self, value: Any) -> str:
        return str(getattr(value, "value", value))

    def in_words(self, request: Request, shown: str) -> str:
        return str(dict(self._get_choices(request)).get(shown, shown))


@dataclass
class TypedMoment(TypedField, StringField):
    """A moment by the operator's clocks: those by which the form was shown.

    Browsers' own input for it: it takes nothing that is no moment, and suits phones.
    """

    input_type: str = "datetime-local"
    form_template: str = "fields/form/moment.html"

    async def parse_form_data(self, request: Request, form_data: FormData) -> Any:
        by_the_clocks_of(form_data)
        return await super().parse_form_data(request, form_data)

    def read(self, typed: str) -> datetime:
        try:
            return _by_their_clocks(datetime.fromisoformat(typed)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(say("This is not a moment.")) from None

    def written(self, value: datetime) -> str:
        shown = value.astimezone(get_tzinfo()).replace(tzinfo=None)
        return shown.isoformat(timespec="seconds" if shown.second else "minutes")

    def is_same(self, typed: str, shown: str) -> bool:
        return typed == shown or _is_same(datetime.fromisoformat, typed, shown)


def _by_their_clocks(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=get_tzinfo())


def _is_same(understand: Callable[[str], Any], typed: str, shown: str) -> bool:
    try:
        return bool(understand(typed) == understand(shown))
    except ValueError:
        return False


@dataclass
class TypedDay(TypedField, StringField):
    """A day of a calendar, whosever it is."""

    input_type: str = "date"

    def read(self, typed: str) -> date:
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise ValueError(say("This is not a day.")) from None

    def written(self, value: date) -> str:
        return value.isoformat()


@dataclass
class TypedClockTime(TypedField, StringField):
    """A time of the day, by the clocks of whoever it belongs to."""

    input_type: str = "time"

    def read(self, typed: str) -> time:
        try:
            return time.fromisoformat(typed).replace(tzinfo=None)
        except ValueError:
            raise ValueError(say("This is not a time of the day.")) from None

    def written(self, value: time) -> str:
        return f"{value:%H:%M}"

    def is_same(self, typed: str, shown: str) -> bool:
        return typed == shown or _is_same(time.fromisoformat, typed, shown)


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
    is_told: bool = False

    def read(self, typed: str) -> int:
        try:
            return int(typed)
        except ValueError:
            raise ValueError(say("This form is too old. Open it anew.")) from None

    async def is_kept(self, request: Request, typed: str) -> bool:
        return False
