"""Parts of statements, which the repositories and the queries share."""

from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from taskbot.adapters.persistence import tables
from taskbot.adapters.persistence.prepared import Prepared, Row
from taskbot.adapters.persistence.transaction import Statements

_DERIVED: Final = frozenset(
    {tables.tasks.c.ends_at, tables.tasks.c.search_words, tables.categories.c.key}
)
"""They serve to find rows; what is read from them is computed again where it is needed."""


def labelled(table: Table) -> list[ColumnElement[Any]]:
    """The columns of *table*, each with the table's name before its own; none that is derived."""
    return [
        column.label(f"{table.name}_{column.name}")
        for column in table.columns
        if column not in _DERIVED
    ]


def to_be_changed(column: Column[Any]) -> Prepared:
    """The row with this value: locked, where a database has several writers at a time."""
    return Prepared(
        select(column.table).where(column == bindparam("wanted")).with_for_update(key_share=True)
    )


def change_of(table: Table) -> Prepared:
    """Change the row that is still at the version from which the change was made."""
    return Prepared(
        update(table).where(
            table.c.id == bindparam("changed"), table.c.version == bindparam("was_at")
        ),
        writes_columns=True,
    )


def new_row(table: Table) -> Prepared:
    return Prepared(insert(table), writes_columns=True)


async def one(transaction: Statements, statement: Prepared, wanted: Any) -> Row | None:
    result = await transaction.execute(statement, {"wanted": wanted})
    return result.row
