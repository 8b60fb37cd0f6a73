"""Measuring what happens, for Prometheus. Loaded by processes that serve, not by commands."""

from taskbot.adapters.observability.http_requests import MeasuredRequests
from taskbot.adapters.observability.metrics import Metrics, Source
from taskbot.adapters.observability.page import MetricsPage
from taskbot.adapters.observability.reminders import ReminderSource

__all__ = ["MeasuredRequests", "Metrics", "MetricsPage", "ReminderSource", "Source"]
