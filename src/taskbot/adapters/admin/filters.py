"""Conditions that lists can be narrowed by: the library's, made for our columns."""

from datetime import UTC, datetime
from typing import Any

from starlette_admin.contrib.sqla.filters import (
    EqualFilter,
    InFilter,
    IsNotNullFilter,
    IsNullFilter,
    NotInFilter,
    SqlaFilterRegistry,
)
from starlette_admin.fields import EnumField
from starlette_admin.filters import FilterApplyContext, filters
from starlette_admin.filters.base import BaseFilter, FilterDataType, FilterValidationError
from starlette_admin.filters.date import DateTimeBetweenFilter
from ulid import ULID

from taskbot.adapters.admin.fields import IdField, MomentField
from taskbot.adapters.admin.words import mark


def column_of(ctx: FilterApplyContext) -> Any:
    if ctx.view is None:
        raise TypeError("a condition is applied to a view")
    return getattr(ctx.view.model, ctx.field_name)  # type: ignore[attr-defined] # a ModelView


class SameId(EqualFilter):
    """The id is exactly this one."""

    def parse_value(self, raw: str) -> ULID:
        try:
            return ULID.from_str(raw.strip())
        except ValueError:
            raise FilterValidationError(str(mark("This is not an id."))) from None


class _Moment(DateTimeBetweenFilter):
    """A moment by the operator's clocks; the library hands it on in UTC, without saying so."""

    def parse_value(self, raw: Any) -> datetime:
        parsed = super().parse_value(raw)
        if not isinstance(parsed, datetime):
            raise FilterValidationError(str(mark("This is not a moment.")))
        return parsed.replace(tzinfo=UTC)


class MomentBetween(_Moment):
    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx).between(ctx.value, ctx.value2)


class MomentBefore(_Moment):
    name = "before"
    label = mark("Before")
    has_value2 = False

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx) < ctx.value


class MomentAfter(_Moment):
    name = "after"
    label = mark("After")
    has_value2 = False

    def apply(self, ctx: FilterApplyContext) -> Any:
        return column_of(ctx) >= ctx.value


class Condition(BaseFilter):
    """A condition by itself: nothing is to be filled in."""

    data_type = FilterDataType.NONE


class Filters(SqlaFilterRegistry):
    """What a kind of field can be narrowed by, where it is not the library's choice.

    Texts are looked for by the search field: to search every row for a piece of text has no index.
    """

    @filters(IdField)
    def id_filters(self, field: IdField) -> list[type[BaseFilter]]:
        return [SameId]

    @filters(MomentField)
    def moment_filters(self, field: MomentField) -> list[type[BaseFilter]]:
        return [MomentBetween, MomentBefore, MomentAfter, IsNullFilter, IsNotNullFilter]

    @filters(EnumField)
    def enum_filters(self, field: EnumField) -> list[type[BaseFilter]]:
        return [EqualFilter, InFilter, NotInFilter]
