"""Every port in memory: for tests, for library users, and the embedded mode's limiters."""

from taskbot.adapters.memory.clock import ManualClock
from taskbot.adapters.memory.conversations import (
    MemoryApiTokenStore,
    MemoryDialogueStore,
    MemoryUpdateLog,
)
from taskbot.adapters.memory.database import MemoryDatabase
from taskbot.adapters.memory.idempotency import MemoryIdempotencyStore
from taskbot.adapters.memory.keys import MemoryKeyStore
from taskbot.adapters.memory.limiter import LocalSendLimiter
from taskbot.adapters.memory.locks import MemoryPersonLocks
from taskbot.adapters.memory.notifications import (
    RecordingAlerts,
    RecordingNotifier,
    RecordingReminderQueue,
)
from taskbot.adapters.memory.operators import MemoryOperatorQueries
from taskbot.adapters.memory.queries import MemoryQueries
from taskbot.adapters.memory.rate_limits import LocalRateLimiter
from taskbot.adapters.memory.signs_of_life import MemorySignsOfLife
from taskbot.adapters.memory.unit_of_work import MemoryTransactions, MemoryUnitOfWork
from taskbot.adapters.memory.vanishing import MemoryVanishingMessages

__all__ = [
    "LocalRateLimiter",
    "LocalSendLimiter",
    "ManualClock",
    "MemoryApiTokenStore",
    "MemoryDatabase",
    "MemoryDialogueStore",
    "MemoryIdempotencyStore",
    "MemoryKeyStore",
    "MemoryOperatorQueries",
    "MemoryPersonLocks",
    "MemoryQueries",
    "MemorySignsOfLife",
    "MemoryTransactions",
    "MemoryUnitOfWork",
    "MemoryUpdateLog",
    "MemoryVanishingMessages",
    "RecordingAlerts",
    "RecordingNotifier",
    "RecordingReminderQueue",
]
