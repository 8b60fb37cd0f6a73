"""Statements that are put together once, and from then on go to the driver as they are.

SQLAlchemy writes them, knows the types of what goes in and comes out, and runs all others. To have
it run one as well takes four times as long as PostgreSQL and its driver take: so what every
request, update or reminder needs is prepared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from attrs import frozen
from sqlalchemy import Dialect as Grammar, Executable, Select
from sqlalchemy.sql.dml import UpdateBase

from taskbot.adapters.persistence.column_types import Straight
from taskbot.adapters.persistence.dialects import Dialect

Row: TypeAlias = Mapping[str, Any]
_Convert: TypeAlias = Callable[[Any], Any]

_REQUIRED: Final = object()


@frozen
class Text:
    """A statement in one database's words: what the driver needs."""

    sql: str
    returns_rows: bool
    _parameters: Sequence[tuple[str, _Convert | None, Any]]
    """The name of each, in its place; what makes the driver's value of it; the value by default."""
    _names: Sequence[str]
    _converts: Sequence[_Convert | None]
    """For each column, what makes our value of the driver's; None if that is it already."""
    _in_first_row: int
    """How many columns, from the first on, are the same in all rows."""

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """For the driver. Raise `KeyError` for a parameter that has no value."""
        found = []
        for name, convert, default in self._parameters:
            value = parameters[name] if default is _REQUIRED else parameters.get(name, default)
            found.append(value if convert is None else convert(value))
        return found

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Row]:
        """What the driver gave, in our types; what is the same in all rows is in the first."""
        if not self._in_first_row:
            return self._rows(found, 0)
        return self._rows(found[:1], 0) + self._rows(found[1:], self._in_first_row)

    def _rows(self, found: Iterable[Sequence[Any]], start: int) -> list[Row]:
        names = self._names[start:]
        converts = [
            (place, convert)
            for place, convert in enumerate(self._converts[start:])
            if convert is not None
        ]
        rows: list[Row] = []
        for given in found:
            values = list(given[start:])
            for place, convert in converts:
                values[place] = convert(values[place])
            rows.append(dict(zip(names, values, strict=True)))
        return rows


class Prepared:
    """One statement, with `bindparam` in the place of each value that changes.

    *statement* may be a function of the dialect, for what databases do not say alike. With
    *writes_columns* parameters that have the name of a column are its new value. Of the
    columns the first *in_first_row* are the same in all rows, and given with the first alone.
    """

    def __init__(
        self,
        statement: Executable | Callable[[Dialect], Executable],
        *,
        writes_columns: bool = False,
        in_first_row: int = 0,
    ) -> None:
        self._statement = statement
        self._in_first_row = in_first_row
        self._writes_columns = writes_columns
        self._texts: dict[tuple[str, tuple[str, ...]], Text] = {}

    def text(self, dialect: Dialect, names: tuple[str, ...]) -> Text:
        """In the words of *dialect*, for parameters of these *names*."""
        key = (dialect.name, names)
        known = self._texts.get(key)
        if known is None:
            columns = names if self._writes_columns else None
            known = self._texts[key] = self._text(dialect, columns)
        return known

    def executable(self, dialect: Dialect) -> Executable:
        statement = self._statement
        return statement if isinstance(statement, Executable) else statement(dialect)

    def _text(self, dialect: Dialect, columns_of: tuple[str, ...] | None) -> Text:
        statement: Any = self.executable(dialect)
        grammar = dialect.grammar
        compiled = statement.compile(
            dialect=grammar,
            column_keys=columns_of,
            compile_kwargs={"render_postcompile": True},
        )
        columns = statement.exported_columns if _gives_rows(statement) else {}
        return Text(
            sql=str(compiled),
            returns_rows=bool(columns),
            parameters=[_parameter(compiled, name, grammar) for name in compiled.positiontup],
            names=list(columns.keys()),
            converts=[_convert(column.type, grammar) for column in columns.values()],
            in_first_row=self._in_first_row,
        )


def _parameter(compiled: Any, name: str, grammar: Grammar) -> tuple[str, _Convert | None, Any]:
    parameter = compiled.binds.get(name)
    if parameter is None:  # of a list of constants, which are written one by one
        raise TypeError(f"the number of values of {name} is not known beforehand")
    default = _REQUIRED if parameter.required else parameter.effective_value
    kind = parameter.type
    if isinstance(kind, Straight) and kind.to_postgresql and grammar.name == "postgresql":
        return name, kind.to_postgresql, default
    return name, kind.dialect_impl(grammar).bind_processor(grammar), default


def _convert(kind: Any, grammar: Grammar) -> _Convert | None:
    if isinstance(kind, Straight) and grammar.name == "postgresql":
        return kind.from_postgresql
    convert: _Convert | None = kind.dialect_impl(grammar).result_processor(grammar, None)
    return convert


def _gives_rows(statement: Any) -> bool:
    return isinstance(statement, Select) or (
        isinstance(statement, UpdateBase) and len(statement.exported_columns) > 0
    )
