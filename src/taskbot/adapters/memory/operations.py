"""What the operator's side of the work keeps: alerts and periodic jobs."""

from datetime import datetime

from attrs import evolve, frozen

from taskbot.adapters.memory.database import Tables
from taskbot.application.ports import Alert, AlertRecord


@frozen
class MemoryAlerts:
    _tables: Tables

    async def add(self, alert: Alert, *, now: datetime) -> None:
        key = alert.kind, alert.subject
        known = self._tables.alerts.get(key)
        self._tables.alerts[key] = (
            AlertRecord(alert, untold=1, raised_at=now)
            if known is None
            else evolve(known, alert=alert, untold=known.untold + 1, raised_at=now)
        )

    async def mark_told(self, record: AlertRecord, *, now: datetime) -> None:
        key = record.alert.kind, record.alert.subject
        known = self._tables.alerts[key]
        untold = known.untold - record.untold
        self._tables.alerts[key] = evolve(known, untold=untold, told_at=now)

    async def forget_before(self, moment: datetime) -> None:
        for key, record in list(self._tables.alerts.items()):
            if record.untold == 0 and record.raised_at < moment:
                del self._tables.alerts[key]


@frozen
class MemoryJobs:
    _tables: Tables

    async def take(self, name: str, *, now: datetime, next_at: datetime) -> bool:
        if self._tables.jobs.get(name, now) > now:
            return False
        self._tables.jobs[name] = next_at
        return True
