"""What the operator's side of the work keeps in the database: alerts and periodic jobs."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import delete, update

from taskbot.adapters.persistence import tables
from taskbot.adapters.persistence.transaction import Statements
from taskbot.application.ports import Alert, AlertRecord


@frozen
class SqlAlerts:
    _transaction: Statements

    async def add(self, alert: Alert, *, now: datetime) -> None:
        alerts = tables.alerts
        newest = {"text": alert.text, "raised_at": now}
        await self._transaction.execute(
            self._transaction.insert(alerts)
            .values(kind=alert.kind.value, subject=alert.subject, untold=1, **newest)
            .on_conflict_do_update(
                index_elements=[alerts.c.kind, alerts.c.subject],
                set_={"untold": alerts.c.untold + 1, **newest},
            )
        )

    async def mark_told(self, record: AlertRecord, *, now: datetime) -> None:
        alerts = tables.alerts
        await self._transaction.execute(
            update(alerts)
            .where(
                alerts.c.kind == record.alert.kind.value, alerts.c.subject == record.alert.subject
            )
            .values(untold=alerts.c.untold - record.untold, told_at=now)
        )

    async def forget_before(self, moment: datetime) -> None:
        alerts = tables.alerts
        await self._transaction.execute(
            delete(alerts).where(alerts.c.untold == 0, alerts.c.raised_at < moment)
        )


@frozen
class SqlJobs:
    _transaction: Statements

    async def take(self, name: str, *, now: datetime, next_at: datetime) -> bool:
        jobs = tables.jobs
        changed = await self._transaction.execute(
            self._transaction.insert(jobs)
            .values(name=name, next_at=next_at)
            .on_conflict_do_update(
                index_elements=[jobs.c.name],
                set_={"next_at": next_at},
                where=jobs.c.next_at <= now,
            )
            .execution_options(preserve_rowcount=True)
        )
        return changed.rowcount == 1
