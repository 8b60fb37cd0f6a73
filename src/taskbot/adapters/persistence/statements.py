"""Statements about one row, which the repositories share."""

from typing import Any

from sqlalchemy import Column, RowMapping, Select, Table, Update, bindparam, select, update

from taskbot.adapters.persistence.transaction import Transaction


def to_be_changed(column: Column[Any]) -> Select[Any]:
    """The row with this value: locked, where a database has several writers at a time."""
    return select(column.table).where(column == bindparam("wanted")).with_for_update(key_share=True)


def change_of(table: Table) -> Update:
    """Change the row that is still at the version from which the change was made."""
    return update(table).where(
        table.c.id == bindparam("changed"), table.c.version == bindparam("was_at")
    )


async def one(transaction: Transaction, statement: Select[Any], wanted: Any) -> RowMapping | None:
    result = await transaction.execute(statement, {"wanted": wanted})
    return result.mappings().one_or_none()
