"""Where databases differ: one module for each, and nothing of it anywhere else."""

from taskbot.adapters.persistence.dialects.dialect import Dialect
from taskbot.adapters.persistence.dialects.postgresql import PostgreSQL
from taskbot.adapters.persistence.dialects.sqlite import SQLite

__all__ = ["Dialect", "PostgreSQL", "SQLite", "dialect_of"]


def dialect_of(database_url: str) -> Dialect:
    """The dialect of `sqlite:///path` or `postgresql://user:password@host/database`.

    Raise `ValueError`, without the address, for any other.
    """
    scheme = database_url.split(":", 1)[0]
    match scheme:
        case "sqlite":
            return SQLite()
        case "postgresql" | "postgres":
            return PostgreSQL()
        case _:
            raise ValueError(f"no driver is known for {scheme}")
