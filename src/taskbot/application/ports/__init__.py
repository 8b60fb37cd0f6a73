"""What the application needs from outside, said in its own words.

Every port is a contract: a sentence in a docstring here is a test in `tests/contract`, run over
every adapter of the port.
"""

from taskbot.application.ports.alerts import (
    Alert,
    AlertChannel,
    AlertKind,
    AlertNotTold,
    AlertRecord,
    Alerts,
)
from taskbot.application.ports.clock import Clock
from taskbot.application.ports.conversations import Dialogue, DialogueStore, UpdateLog
from taskbot.application.ports.identity import IdentityProofs, SignedPerson
from taskbot.application.ports.keys import KeyStore
from taskbot.application.ports.notifications import (
    Claim,
    DeliveryProblem,
    JobQueue,
    LimitReached,
    Notice,
    Notification,
    Notifier,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Receipt,
    Refused,
    ReminderQueue,
    SendLimiter,
)
from taskbot.application.ports.queries import Queries
from taskbot.application.ports.repositories import (
    AccessTokenRepository,
    AlertRepository,
    CategoryRepository,
    JobRepository,
    ReminderRepository,
    StorageUnavailable,
    TaskRepository,
    TelegramIdKnown,
    Transactions,
    UnitOfWork,
    UserRepository,
)
from taskbot.application.ports.task_lists import (
    NEVER,
    UNCATEGORIZED,
    TaskCounts,
    TaskFilter,
    TaskOrder,
    TaskPage,
    TaskPageRequest,
    TaskPosition,
    Uncategorized,
)

__all__ = [
    "NEVER",
    "UNCATEGORIZED",
    "AccessTokenRepository",
    "Alert",
    "AlertChannel",
    "AlertKind",
    "AlertNotTold",
    "AlertRecord",
    "AlertRepository",
    "Alerts",
    "CategoryRepository",
    "Claim",
    "Clock",
    "DeliveryProblem",
    "Dialogue",
    "DialogueStore",
    "IdentityProofs",
    "JobQueue",
    "JobRepository",
    "KeyStore",
    "LimitReached",
    "NotSent",
    "Notice",
    "Notification",
    "Notifier",
    "NotifierRejected",
    "OutcomeUnknown",
    "PersonUnreachable",
    "Queries",
    "Receipt",
    "Refused",
    "ReminderQueue",
    "ReminderRepository",
    "SendLimiter",
    "SignedPerson",
    "StorageUnavailable",
    "TaskCounts",
    "TaskFilter",
    "TaskOrder",
    "TaskPage",
    "TaskPageRequest",
    "TaskPosition",
    "TaskRepository",
    "TelegramIdKnown",
    "Transactions",
    "Uncategorized",
    "UnitOfWork",
    "UpdateLog",
    "UserRepository",
]
