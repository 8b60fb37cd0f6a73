"""Alerts: kept until the operator was told, told together, and not the same thing all day."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from taskbot.application.ports import (
    Alert,
    AlertChannel,
    AlertKind,
    AlertNotTold,
    AlertRecord,
    Clock,
    Queries,
    Transactions,
    UnitOfWork,
)
from taskbot.application.transactions import transactional

_log = logging.getLogger(__name__)

QUIET: Final = timedelta(minutes=30)
"""What was told is not told again before; how often it came meanwhile is told then."""
AT_ONCE: Final = 10
"""How many different alerts one message tells."""

_TITLES: Final = {
    AlertKind.DEAD_LETTER: "A reminder could not be delivered",
    AlertKind.OUTCOME_UNKNOWN: "A reminder may or may not have arrived",
    AlertKind.TOKEN_REJECTED: "Telegram does not accept the bot's token: nothing is sent",
    AlertKind.DELIVERY_STALLED: "Reminders are due and not delivered",
    AlertKind.CRITICAL_ERROR: "Something broke down",
    AlertKind.TEST: "This is a test",
}


@frozen
class AlertService:
    """Any process may raise alerts, and any may tell them: what is untold is in the storage."""

    _transactions: Transactions
    _queries: Queries
    _clock: Clock
    _channels: Sequence[AlertChannel]

    async def send(self, alert: Alert) -> None:
        """Write the alert into the log, and keep it for the operator. Never raises."""
        _log.error("alert %s: %s (%s)", alert.kind, alert.subject, alert.text)
        try:
            await self._keep(alert)
        except Exception:  # noqa: BLE001 - an alert must not break what it tells of
            _log.warning("the alert is in this log alone: it could not be stored", exc_info=True)

    @transactional
    async def _keep(self, uow: UnitOfWork, alert: Alert) -> None:
        await uow.alerts.add(alert, now=self._clock.now())

    async def tell(self, *, raised_before: datetime | None = None) -> int:
        """Tell the operator, in one message, what they were not told yet; return how much.

        *raised_before*: only what is that old. What no channel takes stays untold.
        """
        now = self._clock.now()
        untold = await self._queries.untold_alerts(quiet_since=now - QUIET, limit=AT_ONCE)
        if raised_before is not None:
            untold = [record for record in untold if record.raised_at < raised_before]
        if not untold:
            return 0
        lines = [_line(record) for record in untold]
        if self._channels and not await self._tell_by_any("taskbot: alert", lines):
            return 0
        await self._mark(untold, now)
        return len(untold)

    @transactional
    async def _mark(self, uow: UnitOfWork, told: list[AlertRecord], now: datetime) -> None:
        for record in told:
            await uow.alerts.mark_told(record, now=now)

    async def _tell_by_any(self, title: str, lines: list[str]) -> bool:
        problems = await self._tell_by_all(title, lines)
        for name, problem in problems.items():
            if problem is not None:
                _log.warning("the operator could not be told by %s: %s", name, problem)
        return None in problems.values()

    async def _tell_by_all(self, title: str, lines: list[str]) -> dict[str, str | None]:
        problems: dict[str, str | None] = {}
        for channel in self._channels:
            try:
                await channel.tell(title, lines)
            except AlertNotTold as problem:
                problems[channel.name] = str(problem)
            else:
                problems[channel.name] = None
        return problems

    async def test(self) -> dict[str, str | None]:
        """Send a test by every channel; say for each what went wrong, or None."""
        line = "Alerts reach you this way. Nothing is wrong."
        return await self._tell_by_all("taskbot: test", [line])


def _line(record: AlertRecord) -> str:
    alert = record.alert
    details = " · ".join(filter(None, [alert.subject, alert.text]))
    title = _TITLES[alert.kind]
    number = f" ({record.untold} times)" if record.untold > 1 else ""
    when = f"{record.raised_at:%Y-%m-%d %H:%M} UTC"
    return f"{title}{number}: {details} [{when}]"
