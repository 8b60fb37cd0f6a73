"""Storage on SQLAlchemy Core."""

from taskbot.adapters.persistence.conversations import SqlDialogueStore, SqlUpdateLog
from taskbot.adapters.persistence.engine import Database, create_database, is_ready
from taskbot.adapters.persistence.keys import SqlKeyStore
from taskbot.adapters.persistence.migrate import migrate
from taskbot.adapters.persistence.queries import SqlQueries
from taskbot.adapters.persistence.unit_of_work import SqlTransactions, SqlUnitOfWork

__all__ = [
    "Database",
    "SqlDialogueStore",
    "SqlKeyStore",
    "SqlQueries",
    "SqlTransactions",
    "SqlUnitOfWork",
    "SqlUpdateLog",
    "create_database",
    "is_ready",
    "migrate",
]
