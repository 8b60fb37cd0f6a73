"""The bot: updates that it handles, and its calls of the Bot API."""

from typing import Final

from prometheus_client import CollectorRegistry

from taskbot.adapters.observability.definitions import (
    OTHER,
    CounterDefinition,
    HistogramDefinition,
    Label,
)

_METHOD: Final = Label("method", "the Bot API's method")
_CALL_OUTCOME: Final = Label(
    "outcome",
    "`limit`: 429; `forbidden`: 403; `rejected`: 401 or 404, the bot's token; "
    "`conflict`: 409, another process asks for updates; `bad_request`: any other refusal; "
    "`server_error`: 5xx; `no_connection`: nothing was sent; `no_answer`: none that can be read; "
    "`cut_short`: given up here",
    (
        "ok",
        "limit",
        "forbidden",
        "rejected",
        "conflict",
        "bad_request",
        "server_error",
        "no_connection",
        "no_answer",
        "cut_short",
        OTHER,
    ),
)
CALLS: Final = CounterDefinition(
    "taskbot_telegram_calls_total", "Calls of the Bot API.", (_METHOD, _CALL_OUTCOME)
)
CALL_SECONDS: Final = HistogramDefinition(
    "taskbot_telegram_call_duration_seconds",
    "How long Telegram took, without the wait for its limits. "
    "`getUpdates` is left out: it waits for updates.",
    (_METHOD,),
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12),
)
_KIND: Final = Label(
    "kind",
    "what the person did",
    ("command", "text", "attachment", "press", "inline_query", "membership", OTHER),
)
_UPDATE_OUTCOME: Final = Label(
    "outcome",
    "`refused`: by a rule, and the person was told so; `failed`: nobody expected it; "
    "`storage_away`: the database, or the API; `too_fast`: a flood; `not_in_private`: in a group; "
    "`handled_before`, `in_other_hands`: a repetition; `cut_short`: it comes again; "
    "`ignored`: of a kind that is not known here",
    (
        "done",
        "refused",
        "failed",
        "storage_away",
        "too_fast",
        "not_in_private",
        "handled_before",
        "in_other_hands",
        "cut_short",
        "ignored",
        OTHER,
    ),
)
UPDATES: Final = CounterDefinition(
    "taskbot_bot_updates_total", "Updates handled.", (_KIND, _UPDATE_OUTCOME)
)
UPDATE_SECONDS: Final = HistogramDefinition(
    "taskbot_bot_update_duration_seconds",
    "From an update's arrival here to its end, with all that was asked of Telegram for it.",
    (_KIND,),
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class ConversationMeter:
    """Given to the bot's adapter: what it says in words of its own is counted under ours."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._calls = CALLS.on(registry)
        self._call_seconds = CALL_SECONDS.on(registry)
        self._updates = UPDATES.on(registry)
        self._update_seconds = UPDATE_SECONDS.on(registry)

    def call_ended(self, method: str, outcome: str, *, seconds: float) -> None:
        self._calls.labels(method, _CALL_OUTCOME.of(outcome)).inc()
        if method != "getUpdates":
            self._call_seconds.labels(method).observe(seconds)

    def update_ended(self, kind: str, outcome: str, *, seconds: float) -> None:
        kind = _KIND.of(kind)
        self._updates.labels(kind, _UPDATE_OUTCOME.of(outcome)).inc()
        self._update_seconds.labels(kind).observe(seconds)
