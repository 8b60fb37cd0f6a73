"""Measuring what happens, for Prometheus. Loaded by processes that serve, not by commands."""

from taskbot.adapters.observability.api_calls import ApiCallMeter
from taskbot.adapters.observability.canary import CanarySource
from taskbot.adapters.observability.conversations import ConversationMeter
from taskbot.adapters.observability.dependencies import (
    CONNECTIONS_IN_USE,
    CONNECTIONS_MAX,
    DependencySource,
    SchemaSource,
)
from taskbot.adapters.observability.dispatching import DispatchMeter, QueueSource
from taskbot.adapters.observability.due import ReminderSource
from taskbot.adapters.observability.http_requests import MeasuredRequests, ShedMeter
from taskbot.adapters.observability.metrics import Metrics, Source
from taskbot.adapters.observability.page import MetricsPage
from taskbot.adapters.observability.sending import (
    LimitMeter,
    MeasuredLimiter,
    MeasuredNotifier,
    NotificationMeter,
)
from taskbot.adapters.observability.transactions import MeasuredTransactions, TransactionMeter

__all__ = [
    "CONNECTIONS_IN_USE",
    "CONNECTIONS_MAX",
    "ApiCallMeter",
    "CanarySource",
    "ConversationMeter",
    "DependencySource",
    "DispatchMeter",
    "LimitMeter",
    "MeasuredLimiter",
    "MeasuredNotifier",
    "MeasuredRequests",
    "MeasuredTransactions",
    "Metrics",
    "MetricsPage",
    "NotificationMeter",
    "QueueSource",
    "ReminderSource",
    "SchemaSource",
    "ShedMeter",
    "Source",
    "TransactionMeter",
]
