"""Delivery that only takes notes."""

from collections import deque
from collections.abc import Sequence

from attrs import Factory, define

from taskbot.application.ports import Alert, DeliveryProblem, Notification, Receipt
from taskbot.domain.reminder import Reminder


@define
class RecordingNotifier:
    """Takes every message, except as *problems* say: one is raised per call while they last."""

    notifications: list[Notification] = Factory(list)
    problems: deque[DeliveryProblem | None] = Factory(deque)

    async def send(self, notification: Notification) -> Receipt:
        problem = self.problems.popleft() if self.problems else None
        if problem is not None:
            raise problem
        self.notifications.append(notification)
        return Receipt(message_id=len(self.notifications))


@define
class RecordingReminderQueue:
    claims: list[Reminder] = Factory(list)

    async def enqueue(self, claims: Sequence[Reminder]) -> None:
        self.claims.extend(claims)


@define
class RecordingAlerts:
    alerts: list[Alert] = Factory(list)

    async def send(self, alert: Alert) -> None:
        self.alerts.append(alert)
