"""Conditions that lists can be narrowed by, made for our columns.

There are those that an operator asks for, and no others: a condition that no index serves looks
through every row, until it is broken off (see `listing`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, and_, false, literal_column, select
from starlette_admin.fields import BaseField
from starlette_admin.filters import FilterApplyContext, FilterRegistry, filters
from starlette_admin.filters.base import BaseFilter, FilterDataType, FilterValidationError
from starlette_admin.filters.date import DateTimeBetweenFilter
from starlette_admin.filters.enum import InFilter, NotInFilter
from ulid import ULID

from taskbot.adapters.admin.fields import ChoiceField, IdField, MomentField, YesNoField
from taskbot.adapters.admin.records import PERSON
from taskbot.adapters.admin.words import mark, say

_DAY: Final = timedelta(days=1)
_LAST_MILLISECOND: Final = 2**48 - 1
LARGEST_TELEGRAM_ID: Final = 2**63 - 1


def column_of(ctx: FilterApplyContext) -> Any:
    return getattr(_model(ctx), ctx.field_name)


def _model(ctx: FilterApplyContext) -> Any:
    if ctx.view is None:
        raise TypeError("a condition is applied to a view")
    return ctx.view.model  # type: ignore[attr-defined] # a ModelView


def walked(ctx: FilterApplyContext, column: Any) -> Any:
    """*column* of rows that are looked at in their order, as many have what is asked for.

    SQLite, which seldom knows how many, would take any index of it, and sort all that it finds:
    a plus before the column keeps it from that (https://www.sqlite.org/optoverview.html).
    """
    if ctx.view.parts.database.dialect.name != "sqlite":  # type: ignore[union-attr] # a view of ours
        return column
    return literal_column(f"+{column.table.name}.{column.key}", column.type)


class Condition(BaseFilter):
    """A condition by itself: nothing is to be filled in."""

    data_type = FilterDataType.NONE


class Missing(Condition):
    name = "is_null"
    label = mark("is empty")

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx).is_(None)


class Present(Condition):
    name = "is_not_null"
    label = mark("is set")

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx).is_not(None)


class Yes(Condition):
    name = "is_true"
    label = mark("yes")

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx).is_(True)


class No(Condition):
    name = "is_false"
    label = mark("no")

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx).is_(False)


class SameId(BaseFilter):
    """The id is exactly this one; *column*: where it is kept, if not by the field's own name."""

    name = "eq"
    label = mark("is (id)")
    data_type = FilterDataType.STRING
    column: ClassVar[str] = ""

    def parse_value(self, raw: Any) -> ULID:
        try:
            return ULID.from_str(str(raw).strip())
        except ValueError:
            raise FilterValidationError(say("This is not an id.")) from None

    def apply(self, ctx: FilterApplyContext) -> Any:
        return getattr(_model(ctx), self.column or ctx.field_name) == ctx.value


class OfPerson(BaseFilter):
    """Whose it is, by id or by Telegram id."""

    name = "eq"
    label = mark("is (id or Telegram id)")
    data_type = FilterDataType.STRING

    def parse_value(self, raw: Any) -> ULID | int:
        given = str(raw).strip()
        if (telegram_id := telegram_id_in(given)) is not None:
            return telegram_id
        try:
            return ULID.from_str(given)
        except ValueError:
            raise FilterValidationError(say("This is not an id.")) from None

    def apply(self, ctx: FilterApplyContext) -> Any:
        owner_id = _model(ctx).owner_id
        if isinstance(ctx.value, ULID):
            return owner_id == ctx.value
        by_telegram_id = select(PERSON.id).where(PERSON.telegram_id == ctx.value)
        return owner_id == by_telegram_id.scalar_subquery()


def telegram_id_in(text: str) -> int | None:
    """The Telegram id that *text* is; None if it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_TELEGRAM_ID))):
        return None
    number = int(text)
    return number if number <= LARGEST_TELEGRAM_ID else None


class SameTelegramId(BaseFilter):
    name = "eq"
    label = mark("is")
    data_type = FilterDataType.STRING

    def parse_value(self, raw: Any) -> int:
        number = telegram_id_in(str(raw).strip())
        if number is None:
            raise FilterValidationError(say("This is not a Telegram id."))
        return number

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx) == ctx.value


class SameText(BaseFilter):
    """Exactly these letters."""

    name = "eq"
    label = mark("is")
    data_type = FilterDataType.STRING

    def parse_value(self, raw: Any) -> str:
        return str(raw).replace("\0", "").strip()

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx) == ctx.value


class _Moment(DateTimeBetweenFilter):
    """A moment by the operator's clocks; the library hands it on in UTC, without saying so."""

    def parse_value(self, raw: Any) -> datetime:
        try:
            parsed = super().parse_value(raw)
        except OverflowError:  # at the ends of the calendar, where the zone leads out of it
            parsed = None
        if not isinstance(parsed, datetime):
            raise FilterValidationError(say("This is not a moment."))
        return parsed.replace(tzinfo=UTC)

    def column(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx)


class MomentBetween(_Moment):
    label = mark("between")

    def apply(self, ctx: FilterApplyContext) -> Any:
        inside = self.column(ctx).between(ctx.value, ctx.value2)
        return and_(inside, *_made(ctx, since=ctx.value, until=ctx.value2))


class MomentBefore(_Moment):
    name = "before"
    label = mark("before")
    has_value2 = False

    def apply(self, ctx: FilterApplyContext) -> Any:
        return and_(self.column(ctx) < ctx.value, *_made(ctx, until=ctx.value))


class MomentAfter(_Moment):
    name = "after"
    label = mark("after")
    has_value2 = False

    def apply(self, ctx: FilterApplyContext) -> Any:
        return and_(self.column(ctx) >= ctx.value, *_made(ctx, since=ctx.value))


def _made(
    ctx: FilterApplyContext, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[ColumnElement[bool]]:
    """What is true of the ids of all that was made in that time: they have an index, it has not.

    Whoever uses the API may name a task by an id that their own clock has made: a day is added.
    """
    if ctx.field_name != "created_at":
        return
    if since is not None:
        yield _model(ctx).id >= _id_at(since, -_DAY)
    if until is not None:
        yield _model(ctx).id <= _id_at(until, _DAY)


def _id_at(moment: datetime, later: timedelta) -> ULID:
    """The first id that is made then; at the ends of what ids can tell, the one at the end."""
    seconds = moment.timestamp() + later.total_seconds()
    milliseconds = min(max(int(seconds * 1000), 0), _LAST_MILLISECOND)
    return ULID(milliseconds.to_bytes(6, "big") + bytes(10))


class OneOf(InFilter):
    label = mark("is one of")

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx).in_(list(written_out(ctx))) if chosen(ctx) else false()


class NoneOf(NotInFilter):
    label = mark("is none of")

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx).not_in(list(written_out(ctx))) if chosen(ctx) else None


class Is(BaseFilter):
    name = "eq"
    label = mark("is")
    data_type = FilterDataType.STRING

    def apply(self, ctx: FilterApplyContext) -> Any:
        return next((column_of(ctx) == value for value in written_out(ctx)), false())


def chosen(ctx: FilterApplyContext) -> list[Any]:
    """The values among those of the field that were asked for: what else was asked has no rows."""
    if ctx.view is None:
        raise TypeError("a condition is applied to a view")
    asked = {str(one) for one in (ctx.value if isinstance(ctx.value, list) else [ctx.value])}
    field = next(field for field in ctx.view.fields if field.name == ctx.field_name)
    known: Mapping[Any, str] = field.words if isinstance(field, ChoiceField) else {}
    values = (getattr(key, "value", key) for key in known)
    return [value for value in values if str(value) in asked]


def written_out(ctx: FilterApplyContext) -> Iterator[ColumnElement[Any]]:
    """The same in SQL, not bound: SQLite finds a partial index by what it can read."""
    for value in chosen(ctx):
        yield literal_column(str(value) if isinstance(value, int) else f"'{value}'")


class Filters(FilterRegistry):
    """What a kind of field can be narrowed by, unless it says so itself."""

    @filters(BaseField)
    def none(self, field: BaseField) -> Sequence[type[BaseFilter]]:
        return []

    @filters(IdField)
    def id_filters(self, field: IdField) -> Sequence[type[BaseFilter]]:
        return [SameId]

    @filters(MomentField)
    def moment_filters(self, field: MomentField) -> Sequence[type[BaseFilter]]:
        return [MomentBetween, MomentBefore, MomentAfter, Missing, Present]

    @filters(ChoiceField)
    def choice_filters(self, field: ChoiceField) -> Sequence[type[BaseFilter]]:
        return [Is, OneOf, NoneOf]

    @filters(YesNoField)
    def yes_no_filters(self, field: YesNoField) -> Sequence[type[BaseFilter]]:
        return [Yes, No]
