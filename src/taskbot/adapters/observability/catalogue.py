"""Every metric of ours, in the order in which the reference shows them.

Their names are a promise: dashboards and alerts that we never see ask for them.
"""

from typing import Final

from taskbot.adapters.observability import (
    api_calls,
    canary,
    conversations,
    dependencies,
    dispatching,
    due,
    http_requests,
    metrics,
    reminders,
    sending,
    transactions,
)
from taskbot.adapters.observability.definitions import Definition, Label

SECTIONS: Final[dict[str, tuple[Definition, ...]]] = {
    "What runs": (metrics.BUILD, metrics.ROLE, metrics.SOURCE_UP),
    "Reminders": (
        reminders.PLANNED,
        reminders.CLAIMED,
        reminders.SENT,
        reminders.LATENESS,
        reminders.LATE,
        reminders.PUT_OFF,
        reminders.FAILED,
        reminders.UNCERTAIN,
        sending.NOTIFICATIONS,
        due.DUE,
        due.OLDEST_DUE,
        due.DEAD_LETTERS,
        canary.SECONDS,
        canary.WAITING,
        canary.LAST_ARRIVAL,
    ),
    "Dispatch and its queue": (
        dispatching.LOOKS,
        dispatching.LAST_SUCCESS,
        dispatching.LENGTH,
        dispatching.DEAD,
    ),
    "Telegram": (
        conversations.CALLS,
        conversations.CALL_SECONDS,
        sending.WAIT,
        sending.NO_TURN,
        sending.PAUSES,
        sending.PAUSE_SECONDS,
    ),
    "The bot": (
        conversations.UPDATES,
        conversations.UPDATE_SECONDS,
        api_calls.CALLS,
        api_calls.SECONDS,
    ),
    "HTTP": (
        http_requests.UNDER_WAY,
        http_requests.NUMBER,
        http_requests.SECONDS,
        http_requests.SHED,
    ),
    "What it stands on": (
        dependencies.UP,
        dependencies.LATENCY,
        dependencies.CONNECTIONS_IN_USE,
        dependencies.CONNECTIONS_MAX,
        transactions.TRANSACTIONS,
        transactions.SECONDS,
        transactions.REPETITIONS,
        dependencies.SCHEMA,
    ),
}
CATALOGUE: Final = tuple(definition for section in SECTIONS.values() for definition in section)
PROCESS: Final = Label("process", "the number of one of a worker's processes")
"""A label that anything may have besides its own: see `processes`."""
