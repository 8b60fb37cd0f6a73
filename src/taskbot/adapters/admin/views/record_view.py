"""What all lists of the panel have in common."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload
from starlette.requests import Request
from starlette_admin import RelationField
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.filters import FilterGroup, FilterRegistry

from taskbot.adapters.admin.fields import id_from
from taskbot.adapters.admin.filters import Filters
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.records import Record
from taskbot.adapters.admin.sessions import operator_of
from taskbot.domain.operator import Role

COUNTED: Final = 10_000
"""So many rows are counted for a list, and no more: it then has that many, as far as it tells.

To count a million of them on each page would take longer than all the rest of it."""


class RecordView(ModelView):
    """One kind of record: lists, pages and forms over what is read from *record*.

    Changes are for the subclasses, which ask the application's use cases. The library's own ways
    to write are closed here.
    """

    record: ClassVar[type[Record]]
    page_size = 25
    page_size_options: Sequence[int] = (25, 50, 100)
    exporters = ("csv",)
    importers = ()
    search_highlight = False

    def __init__(self, parts: PanelParts) -> None:
        self.parts = parts
        super().__init__(self.record)

    def can_create(self, request: Request) -> bool:
        return False

    def can_edit(self, request: Request) -> bool:
        return operator_of(request).role is Role.EDITOR

    def can_delete(self, request: Request) -> bool:
        return operator_of(request).role is Role.EDITOR

    def can_import(self, request: Request) -> bool:
        return False

    def get_filter_registry(self) -> FilterRegistry:
        return Filters()

    async def count(
        self, request: Request, q: str | None = None, filters: FilterGroup | None = None
    ) -> int:
        matching = await self._apply_search_and_filters(
            request, self.get_list_query(request), q, filters
        )
        some = matching.with_only_columns(self._key).order_by(None).limit(COUNTED).subquery()
        result = await request.state.session.execute(select(func.count()).select_from(some))
        number: int = result.scalar_one()
        return number

    @property
    def _key(self) -> ColumnElement[Any]:
        key: ColumnElement[Any] = self._pk_column  # type: ignore[assignment] # of one column here
        return key

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        found = await self.find_by_pks(request, [pk])
        return found[0] if found else None

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Any]:
        statement = self.get_detail_query(request).where(self._key.in_([id_from(pk) for pk in pks]))
        for field in self.get_fields_list(request):
            if isinstance(field, RelationField):
                statement = statement.options(joinedload(getattr(self.model, field.name)))
        result = await request.state.session.execute(statement)
        found: Sequence[Any] = result.scalars().unique().all()
        return found

    async def get_serialized_pk_value(self, request: Request, obj: Any) -> Any:
        return str(await self.get_pk_value(request, obj))

    async def create(self, request: Request, data: dict[str, Any]) -> Any:
        raise NotImplementedError("nothing is made here but by use cases")

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        raise NotImplementedError("nothing is changed here but by use cases")

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        raise NotImplementedError("nothing is deleted here but by use cases")
