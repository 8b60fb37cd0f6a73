"""Lists as files for spreadsheets: CSV (RFC 4180) in UTF-8.

With a byte order mark, without which Excel takes Cyrillic for something else; Python reads such
files as `utf-8-sig`. What people wrote is made inert: no cell begins a formula.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette_admin.actions import ActionSelection, action
from starlette_admin.export.helpers import safe_cd_filename
from starlette_admin.fields import BaseField
from starlette_admin.types import RequestAction
from starlette_admin.views import BaseModelView, build_export_form

from taskbot.adapters.admin.listing import COUNTED
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.words import mark, say

_AT_ONCE: Final = 250
"""Rows are read and written by so many: others in the process have their turn in between."""

_FORMULAS: Final = frozenset("=+-@\t\r\n＝＋－＠")
_BYTE_ORDER_MARK: Final = "\ufeff"
_CUT: Final = mark("The list goes on: only its first %(count)s entries are here.")


def inert(cell: object) -> object:
    """*cell* as a spreadsheet shows it and never runs it: what is no number begins no formula.

    Spreadsheets skip spaces before they look. https://owasp.org/www-community/attacks/CSV_Injection
    """
    if not isinstance(cell, str):
        return cell
    first = cell.lstrip(" ")[:1] or cell[:1]
    return f"'{cell}" if first in _FORMULAS or cell[:1] in _FORMULAS else cell


class CsvOfView(BaseModelView):
    """The action by which a list, or what is chosen of it, is taken along as a file."""

    parts: PanelParts
    exporters = ("csv",)

    @action(
        name="export",
        text=mark("Export"),
        confirmation="",
        header=mark("Take the list along: up to 10,000 entries"),
        icon_class="list.export",
        submit_btn_text=mark("Export"),
        form=build_export_form,
        custom_response=True,
        allow_empty_selection=True,
        dedicated_button=True,
        modal_size="lg",
    )
    async def export_action(self, request: Request, selection: ActionSelection) -> Response:
        form = await request.form()
        fields = self._fields_for_file(request, [str(name) for name in form.getlist("fields")])
        ids, is_cut = await self._ids_for_file(request, selection, str(form.get("scope")))
        request.state.action = RequestAction.EXPORT
        name = safe_cd_filename(str(form.get("filename") or "").strip() or str(self.key))
        return StreamingResponse(
            self._file(request, fields, ids, is_cut=is_cut),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}.csv"},
        )

    def _fields_for_file(self, request: Request, wanted: Sequence[str]) -> Sequence[BaseField]:
        every = self.get_fields_list(request, action=RequestAction.EXPORT)
        return [one for one in every if one.name in wanted] or every

    async def _ids_for_file(
        self, request: Request, selection: ActionSelection, scope: str
    ) -> tuple[Sequence[Any], bool]:
        """What goes into the file, in its order, and whether there would be more."""
        request.state.action = RequestAction.LIST
        raw = (request.query_params.get("_list_query") or "").lstrip("?")
        params = self._parse_list_params(request, QueryParams(raw))
        query: dict[str, Any] = {"q": params.q, "filters": params.filters, "sorts": params.sorts}
        if scope == "page":
            skip = (params.page - 1) * params.page_size
            rows = await self.find_all(request, skip=skip, limit=params.page_size, **query)
            return [row.id for row in rows], False
        if not selection.is_select_all:
            return await selection.pks(), False
        return await self.find_ids(request, limit=COUNTED, **query)

    async def find_ids(
        self, request: Request, *, limit: int, q: str | None, filters: Any, sorts: Any
    ) -> tuple[Sequence[Any], bool]:
        """The first *limit* ids of a list, and whether there are more."""
        raise NotImplementedError

    async def _file(
        self, request: Request, fields: Sequence[BaseField], ids: Sequence[Any], *, is_cut: bool
    ) -> AsyncIterator[bytes]:
        labels = [str(field.label) for field in fields]
        yield (_BYTE_ORDER_MARK + _lines([labels])).encode()
        for start in range(0, len(ids), _AT_ONCE):
            asked = ids[start : start + _AT_ONCE]
            yield _lines(await self._rows(request, fields, asked)).encode()
        if is_cut:
            told = say(
                "The list goes on: only its first %(count)s entries are here.", count=COUNTED
            )
            yield _lines([[told]]).encode()

    async def _rows(
        self, request: Request, fields: Sequence[BaseField], ids: Sequence[Any]
    ) -> Sequence[Sequence[object]]:
        # The request's own session has gone by the time that its answer is sent, and no connection
        # is to wait for whoever reads slowly.
        async with AsyncSession(self.parts.database.reading, autoflush=False) as session:
            request.state.session = session
            found = {str(row.id): row for row in await self.find_by_pks(request, list(ids))}
        # What was deleted meanwhile is left out.
        rows = [found[str(key)] for key in ids if str(key) in found]
        return [await self._cells(request, fields, row) for row in rows]

    async def _cells(
        self, request: Request, fields: Sequence[BaseField], row: Any
    ) -> Sequence[object]:
        cells = []
        for field in fields:
            value = await field.parse_obj(request, row)
            cells.append("" if value is None else await field.serialize_value(request, value))
        return cells


def _lines(rows: Iterable[Iterable[object]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([inert(cell) for cell in row] for row in rows)
    return written.getvalue()
