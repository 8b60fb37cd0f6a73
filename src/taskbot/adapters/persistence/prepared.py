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
    _converted: Sequence[tuple[int, _Convert]]
    """Columns whose values the driver does not give as we have them."""

    def values(self, parameters: Mapping[str, Any]) -> list[Any]:
        """For the driver. Raise `KeyError` for a parameter that has no value."""
        found = []
        for name, convert, default in self._parameters:
            value = parameters[name] if default is _REQUIRED else parameters.get(name, default)
            found.append(value if convert is None else convert(value))
        return found

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Row]:
        """What the driver gave, in our types."""
        names, converted = self._names, self._converted
        rows: list[Row] = []
        for given in found:
            values = list(given)
            for place, convert in converted:
                values[place] = convert(values[place])
            rows.append(dict(zip(names, values, strict=True)))
        return rows


class Prepared:
    """One statement, with `bindparam` in the place of each value that changes.

    *statement* may be a function of the dialect, for what databases do not say alike. With
    *writes_columns* parameters that have the name of a column are its new value.
    """

    def __init__(
        self,
        statement: Executable | Callable[[Dialect], Executable],
        *,
        writes_columns: bool = False,
    ) -> None:
        self._statement = statement
        self._writes_columns = writes_columns
        self._texts: dict[tuple[str, tuple[str, ...]], Text] = {}

    def text(self, dialect: Dialect, names: tuple[str, ...]) -> Text:
        """In the words of *dialect*, for parameters of these *names*."""
        key = (dialect.name, names)
        known = self._texts.get(key)
        if known is None:
            columns = names if self._writes_columns else None
            known = self._texts[key] = _text(self.executable(dialect), dialect.grammar, columns)
        return known

    def executable(self, dialect: Dialect) -> Executable:
        statement = self._statement
        return statement if isinstance(statement, Executable) else statement(dialect)


def _text(statement: Any, grammar: Grammar, columns_of: tuple[str, ...] | None) -> Text:
    compiled = statement.compile(
        dialect=grammar,
        column_keys=columns_of,
        compile_kwargs={"render_postcompile": True},
    )
    parameters = []
    for name in compiled.positiontup:
        parameter = compiled.binds.get(name)
        if parameter is None:  # of a list of constants, which are written one by one
            raise TypeError(f"the number of values of {name} is not known beforehand")
        convert = parameter.type.dialect_impl(grammar).bind_processor(grammar)
        default = _REQUIRED if parameter.required else parameter.effective_value
        parameters.append((name, convert, default))
    is_asking = isinstance(statement, Select)
    columns = statement.exported_columns if is_asking or _returns(statement) else {}
    converts = [
        column.type.dialect_impl(grammar).result_processor(grammar, None)
        for column in columns.values()
    ]
    return Text(
        sql=str(compiled),
        returns_rows=bool(columns),
        parameters=parameters,
        names=list(columns.keys()),
        converted=[(place, each) for place, each in enumerate(converts) if each is not None],
    )


def _returns(statement: Any) -> bool:
    return isinstance(statement, UpdateBase) and len(statement.exported_columns) > 0
