"""Kinds of values that the library does not know: our ids, and moments that keep their zone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.status import HTTP_404_NOT_FOUND
from starlette_admin.fields import DateTimeField, StringField
from ulid import ULID


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

    async def parse_form_data(self, request: Request, form_data: FormData) -> datetime | None:
        # The library's own, which has taken the zone off again after it moved the time to UTC.
        parsed: datetime | None = await super().parse_form_data(request, form_data)
        return None if parsed is None else parsed.replace(tzinfo=UTC)
