"""Storage on SQLAlchemy Core."""

from taskbot.adapters.persistence.conversations import (
    SqlApiTokenStore,
    SqlDialogueStore,
    SqlVanishingMessages,
)
from taskbot.adapters.persistence.engine import (
    Database,
    DatabaseAway,
    TookTooLong,
    connections_in_use,
    create_database,
    most_connections,
)
from taskbot.adapters.persistence.health import database_checks
from taskbot.adapters.persistence.idempotency import SqlIdempotencyStore
from taskbot.adapters.persistence.keys import SqlKeyStore
from taskbot.adapters.persistence.migrate import SchemaOutdated, migrate, require_schema
from taskbot.adapters.persistence.operators import SqlOperatorQueries
from taskbot.adapters.persistence.queries import SqlQueries
from taskbot.adapters.persistence.signs_of_life import SqlSignsOfLife
from taskbot.adapters.persistence.unit_of_work import SqlTransactions, SqlUnitOfWork
from taskbot.adapters.persistence.update_log import SqlUpdateLog

__all__ = [
    "Database",
    "DatabaseAway",
    "SchemaOutdated",
    "SqlApiTokenStore",
    "SqlDialogueStore",
    "SqlIdempotencyStore",
    "SqlKeyStore",
    "SqlOperatorQueries",
    "SqlQueries",
    "SqlSignsOfLife",
    "SqlTransactions",
    "SqlUnitOfWork",
    "SqlUpdateLog",
    "SqlVanishingMessages",
    "TookTooLong",
    "connections_in_use",
    "create_database",
    "database_checks",
    "migrate",
    "most_connections",
    "require_schema",
]
