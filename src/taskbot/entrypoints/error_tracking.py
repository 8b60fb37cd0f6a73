"""Error tracking: errors in the log are reported to a server that speaks Sentry's protocol.

What leaves this machine: which kind of error it was, where in the code, and the ids of the line in
the log. Nothing else is taken along, so that nothing has to be found and taken out (ADR 0024).
"""

import logging
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from taskbot.application.traces import ids_of_this
from taskbot.entrypoints.settings import BadSetting, Settings, variable_of

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

_OURS: Final = "taskbot"
_NOT_THESE: Final = "taskbot.application.alerts"  # they have ways of their own
_SHUTDOWN_SECONDS: Final = 2.0
_OF_AN_EVENT: Final = (
    "contexts",
    "environment",
    "event_id",
    "level",
    "logger",
    "platform",
    "release",
    "sdk",
    "server_name",
    "timestamp",
)
_CONTEXTS: Final = ("runtime", "trace")
_OF_A_FRAME: Final = (
    "abs_path",
    "context_line",
    "filename",
    "function",
    "in_app",
    "lineno",
    "module",
    "post_context",
    "pre_context",
)


def track_errors(settings: Settings, process: str) -> None:
    """Report errors of this process, of the kind *process*, if the operator says to whom.

    Raise `BadSetting` where the library for it is missing. To be called when logging is set up.
    """
    if settings.sentry_dsn is None:
        return
    try:
        import sentry_sdk  # noqa: PLC0415 - an extra, which few need
        from sentry_sdk.integrations.atexit import AtexitIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.logging import EventHandler  # noqa: PLC0415
    except ImportError:
        missing = "needs a library more: pip install 'taskbot[sentry]'"
        raise BadSetting(variable_of("sentry_dsn"), missing) from None

    def scrubbed(event: "Event", hint: "Hint") -> "Event":
        kept: Event = only_what_may_leave(event)
        kept["tags"] = {**ids_of_this(), "process": process}
        return kept

    sentry_sdk.init(
        dsn=settings.sentry_dsn.reveal(),
        release=f"taskbot@{version('taskbot')}",
        in_app_include=[_OURS],
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[AtexitIntegration(callback=_without_words)],
        before_send=scrubbed,
        # Of what it would collect besides, as a rule nothing personal; and none of it would leave.
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )
    handler = EventHandler(level=logging.ERROR)
    handler.addFilter(lambda record: record.name != _NOT_THESE)
    logging.getLogger().addHandler(handler)


def _without_words(pending: int, seconds: float) -> None:
    """At the end of the process what is left is sent; the library would announce that."""


def only_what_may_leave(event: Mapping[str, Any]) -> Any:
    """*event* without whatever might be people's words: all that is not known to be none."""
    kept = {name: event[name] for name in _OF_AN_EVENT if name in event}
    kept["contexts"] = _picked(event.get("contexts") or {}, _CONTEXTS)
    kept["logentry"] = {"message": _said(event)}
    errors = (event.get("exception") or {}).get("values") or ()
    if errors:
        kept["exception"] = {"values": [_error(one) for one in errors]}
    return kept


def _said(event: Mapping[str, Any]) -> str:
    """Our own words, but not what was filled into them; others fill in before they log."""
    logger = str(event.get("logger"))
    if logger.partition(".")[0] != _OURS:
        return f"an error of {logger}"
    return str((event.get("logentry") or {}).get("message", ""))


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames") or ()
    return {
        **_picked(error, ("module", "type")),
        "stacktrace": {"frames": [_picked(frame, _OF_A_FRAME) for frame in frames]},
    }


def _picked(given: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
