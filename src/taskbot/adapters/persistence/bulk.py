"""Writing very many rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from attrs import define, field
from sqlalchemy import Connection, Table

from taskbot.adapters.persistence.dialects import Dialect


@define
class BulkWriter:
    """Writes the rows of one table, as the driver takes them, past SQLAlchemy's statements."""

    _connection: Connection
    _dialect: Dialect
    _table: Table
    _columns: list[str] = field(init=False)
    _values: list[Callable[[Mapping[str, Any]], Any]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._columns = [column.name for column in self._table.columns]
        dialect = self._connection.dialect
        self._values = []
        for column in self._table.columns:
            convert = column.type.dialect_impl(dialect).bind_processor(dialect)
            self._values.append(_converted(column.name, convert))

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write *rows*, each with a value for every column: `KeyError` names a missing one."""
        self._dialect.write_rows(
            self._connection, self._table.name, self._columns, self._as_the_driver_takes_them(rows)
        )

    def _as_the_driver_takes_them(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
        values = self._values
        return ([value(row) for value in values] for row in rows)


def _converted(
    name: str, convert: Callable[[Any], Any] | None
) -> Callable[[Mapping[str, Any]], Any]:
    if convert is None:
        return itemgetter(name)
    return lambda row: convert(row[name])
