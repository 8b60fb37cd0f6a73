"""What all lists of the panel have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from attrs import evolve
from markupsafe import escape
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.status import HTTP_400_BAD_REQUEST
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.contrib.sqla.filters import build_filter_clause
from starlette_admin.exceptions import ActionFailed
from starlette_admin.filters import FilterGroup, FilterRegistry
from starlette_admin.types import ListParams, RequestAction

from taskbot.adapters.admin.csv_export import CsvOfView
from taskbot.adapters.admin.fields import id_from
from taskbot.adapters.admin.filters import Filters
from taskbot.adapters.admin.links import page_link
from taskbot.adapters.admin.listing import (
    COUNT_SECONDS,
    COUNTED,
    MOST_CONDITIONS,
    PAGE_SECONDS,
    TOO_FAR,
    TOO_SLOW,
    Listing,
    Order,
    Search,
    Selection,
    listing_of,
)
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.records import Record
from taskbot.adapters.admin.searching import id_in
from taskbot.adapters.admin.words import say
from taskbot.adapters.persistence import TookTooLong
from taskbot.application.search_words import LONGEST_SEARCH

Sorts = Sequence[tuple[str, str]]


class RecordView(CsvOfView, ModelView):
    """One kind of record: lists and pages over what is read from *record*.

    *columns*: what a list shows until its reader chooses others; *narrow*: those of a phone.
    *orders*: by which fields it can be sorted; the first of *fields_default_sort* is one of them.
    *beside*: how what stands beside a record is loaded with it. *always*: what is true of every
    record that belongs here.

    Changes are for the subclasses, which ask the application's use cases. The library's own ways
    to write are closed here.
    """

    record: ClassVar[type[Record]]
    columns: ClassVar[Sequence[str]] = ()
    narrow: ClassVar[Sequence[str]] = ()
    orders: ClassVar[Mapping[str, Order]] = {}
    beside: ClassVar[Sequence[Any]] = ()
    always: ClassVar[Sequence[ColumnElement[bool]]] = ()
    search_hint: ClassVar[str] = ""
    page_seconds: ClassVar[float] = PAGE_SECONDS
    count_seconds: ClassVar[float] = COUNT_SECONDS

    fields_default_sort = (("created_at", True),)
    row_actions: Sequence[str] | None = ()
    page_size = 25
    page_size_options: Sequence[int] = (25, 50, 100)
    importers = ()
    search_highlight = False

    def __init__(self, parts: PanelParts) -> None:
        self.parts = parts
        registry = self.get_filter_registry()
        self.sortable_fields = list(self.orders)
        self.searchable_fields = [one.name for one in self.fields if registry.filters_for(one)]
        super().__init__(self.record)

    def can_create(self, request: Request) -> bool:
        return False

    def can_edit(self, request: Request) -> bool:
        return False

    def can_delete(self, request: Request) -> bool:
        return False

    def can_import(self, request: Request) -> bool:
        return False

    def get_filter_registry(self) -> FilterRegistry:
        return Filters()

    def looked_for(self, text: str) -> ColumnElement[bool]:
        """What is true of the records that are found by *text*; not empty, without NULs."""
        raise NotImplementedError

    def searches(self, text: str, order: Order, needed: int) -> Sequence[Search]:
        """The ways to look for *text* in a list that is sorted by *order*, the quickest first.

        *needed*: how many rows, from the first one on, fill the page.
        """
        return [Search(self.looked_for(text), gathers=id_in(text) is not None)]

    def get_list_query(self, request: Request) -> Select[Any]:
        return select(self.model).where(*self.always)

    async def find_all(
        self,
        request: Request,
        skip: int = 0,
        limit: int = 100,
        q: str | None = None,
        sorts: Sorts | None = None,
        filters: FilterGroup | None = None,
    ) -> Sequence[Any]:
        """The rows of one page; what became of the list is noted in `listing_of` the request."""
        listing = request.state.listing = Listing(skipped=skip)
        if skip >= COUNTED:
            listing.trouble = TOO_FAR
            listing.total, listing.is_more = COUNTED, True
            return ()
        listing.note = self._order(sorts)[0].note
        limit = min(limit if limit > 0 else COUNTED, COUNTED - skip)
        found: Sequence[Any] = ()
        try:
            for selection in self._selections(q, sorts, filters, needed=skip + limit + 1):
                listing.selection = selection
                found = await self._read(request, self._page(selection, skip, limit + 1))
                if len(found) > limit or not selection.may_miss:
                    break
        except TookTooLong:
            if request.state.action is RequestAction.ACTION:  # which would be done to none of them
                raise ActionFailed(str(TOO_SLOW)) from None
            listing.trouble = TOO_SLOW
            return ()
        listing.is_last, listing.shown = len(found) <= limit, min(len(found), limit)
        return found[:limit]

    async def find_ids(
        self, request: Request, *, limit: int, q: str | None, filters: Any, sorts: Any
    ) -> tuple[Sequence[Any], bool]:
        statement = self._selections(q, sorts, filters)[-1].ids().limit(limit + 1)
        try:
            ids = await self._read(request, statement)
        except TookTooLong:
            raise ActionFailed(str(TOO_SLOW)) from None
        return ids[:limit], len(ids) > limit

    async def count(
        self, request: Request, q: str | None = None, filters: FilterGroup | None = None
    ) -> int:
        """How many there are; of more than are counted, as many as are counted."""
        listing = listing_of(request)
        if listing.is_known:
            listing.total = listing.total or listing.skipped + listing.shown
            return listing.total
        selection = listing.selection or self._selections(q, None, filters)[-1]
        if selection.may_miss:
            # It looked at some alone: how many there are among all is not worth the time.
            listing.total, listing.is_more = listing.skipped + listing.shown + 1, True
            return listing.total
        try:
            counted = selection.counted(COUNTED + 1)
            (number,) = await self._read(request, counted, self.count_seconds)
        except TookTooLong:
            if request.state.action is not RequestAction.LIST:
                raise ActionFailed(say("So many that counting them takes too long.")) from None
            listing.total, listing.is_more = listing.skipped + listing.shown + 1, True
        else:
            listing.total, listing.is_more = min(number, COUNTED), number > COUNTED
        return listing.total

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        found = await self.find_by_pks(request, [pk])
        return found[0] if found else None

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Any]:
        chosen = self._key.in_([id_from(pk) for pk in pks])
        statement = self.get_detail_query(request).where(chosen).options(*self.beside)
        return await self._read(request, statement)

    async def serialize(
        self,
        obj: Any,
        request: Request,
        include_relationships: bool = True,  # noqa: FBT001, FBT002 - the library calls it
        include_select2: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> dict[str, Any]:
        """As the library does it, but of what is shown alone."""
        state = request.state
        state.now = self.parts.clock.now()
        fields = self.get_fields_list(request)
        if state.action is RequestAction.LIST:
            fields = [one for one in fields if one.name in state.shown]
        elif state.action is RequestAction.RELATION_LOOKUP:
            fields = []
        shown: dict[str, Any] = {}
        for field in fields:
            value = await field.parse_obj(request, obj)
            shown[field.name] = await self.serialize_field_value(value, field, request)
        shown["id"] = str(obj.id)
        shown["_meta"] = {"repr": await self.repr(obj, request), "url": self.link(request, obj)}
        if include_select2:
            chosen = await self.select2_result(obj, request)
            shown["_meta"]["select2"] = {"selection": chosen, "result": chosen}
        return shown

    def link(self, request: Request, obj: Any) -> str:
        return page_link(request, str(self.key), obj.id)

    async def select2_result(self, obj: Any, request: Request) -> str:
        return f"<span>{escape(await self.repr(obj, request))}</span>"

    async def get_serialized_pk_value(self, request: Request, obj: Any) -> Any:
        return str(await self.get_pk_value(request, obj))

    async def create(self, request: Request, data: dict[str, Any]) -> Any:
        raise NotImplementedError("nothing is made here but by use cases")

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        raise NotImplementedError("nothing is changed here but by use cases")

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        raise NotImplementedError("nothing is deleted here but by use cases")

    def _parse_list_params(
        self, request: Request, query_params: QueryParams | None = None
    ) -> ListParams:
        params = super()._parse_list_params(request, query_params)
        given = request.query_params if query_params is None else query_params
        if _size(params.filters) > MOST_CONDITIONS:
            raise HTTPException(HTTP_400_BAD_REQUEST, say("These are too many conditions."))
        text = (params.q or "").replace("\0", "").strip()[:LONGEST_SEARCH]
        shown = params.visible_cols if given.get("cols") else list(self.columns)
        request.state.shown = [one.name for one in self.fields] if shown is None else shown
        return replace(
            params,
            page=min(params.page, COUNTED // params.page_size + 1),
            q=text or None,
            sorts=params.sorts[:1],
            visible_cols=shown,
        )

    def _order(self, sorts: Sorts | None) -> tuple[Order, str]:
        name, direction = next(iter(sorts or ()), (self._default_sort()[0][0], "desc"))
        # By their keys is how the library looks up what a form may choose from.
        return self.orders.get(name, Order((self._key,))), direction

    def _selections(
        self,
        q: str | None,
        sorts: Sorts | None,
        filters: FilterGroup | None,
        needed: int = COUNTED,
    ) -> Sequence[Selection]:
        """The ways to read the list, the quickest first: the last one misses nothing."""
        order, direction = self._order(sorts)
        conditions = [*self.always, *self._filtered(filters)]
        if order.kept_by is not None:
            conditions.append(order.kept_by)
        plain = Selection(self._key, conditions, order.columns, direction == "desc")
        if not q:
            return [plain]
        return [
            evolve(
                plain,
                conditions=[*conditions, search.condition],
                gathers=search.gathers,
                may_miss=search.may_miss,
            )
            for search in self.searches(q, order, needed)
        ]

    def _filtered(self, filters: FilterGroup | None) -> Sequence[ColumnElement[bool]]:
        if filters is None or filters.is_empty():
            return []
        fields = {one.name: one for one in self.fields}
        registry = self.get_filter_registry()
        clause = build_filter_clause(filters, fields, registry, self, None)  # type: ignore[arg-type] # handed on, never looked at
        return [] if clause is None else [clause]

    def _page(self, selection: Selection, skip: int, limit: int) -> Select[Any]:
        """The records of a page. Its ids are found by themselves: an index often has all of them.

        What stands beside is joined to those that are shown, not to those that are skipped.
        """
        ids = selection.ids().offset(skip).limit(limit).subquery()
        left_out = [
            defer(getattr(self.model, one.name), raiseload=True)
            for one in self.fields
            if one.exclude_from_list and one.name in self._columns
        ]
        records = select(self.model).join(ids, ids.c.id == self._key)
        return selection.sorted(records).options(*self.beside, *left_out)

    async def _read(
        self, request: Request, statement: Select[Any], seconds: float | None = None
    ) -> Sequence[Any]:
        session = request.state.session
        connection = await session.connection()
        limit = self.page_seconds if seconds is None else seconds
        try:
            async with self.parts.database.no_longer_than(limit, connection):
                found: Sequence[Any] = (await session.execute(statement)).scalars().all()
        except TookTooLong:
            await _begin_anew(session)
            raise
        if connection.invalidated:
            await _begin_anew(session)
        return found

    @property
    def _key(self) -> ColumnElement[Any]:
        key: ColumnElement[Any] = self._pk_column  # type: ignore[assignment] # of one column here
        return key


async def _begin_anew(session: AsyncSession) -> None:
    """Let go of what was read before, which stays as it is."""
    session.expunge_all()
    await session.rollback()


def _size(group: FilterGroup) -> int:
    return sum(_size(rule) if isinstance(rule, FilterGroup) else 1 for rule in group.rules)
