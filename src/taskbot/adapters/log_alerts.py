"""Alerts for an operator who reads the log."""

import logging

from taskbot.application.ports import Alert

_log = logging.getLogger(__name__)


class LogAlerts:
    async def send(self, alert: Alert) -> None:
        _log.error("alert %s: %s (%s)", alert.kind, alert.subject, alert.text)
