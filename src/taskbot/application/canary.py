"""The canary: a reminder of our own, by which it is seen that reminders arrive at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from taskbot.application.ports import Clock, Queries
from taskbot.application.ports.task_lists import TaskPageRequest
from taskbot.application.task_commands import CreateTask
from taskbot.application.tasks import TaskService
from taskbot.application.users import MeetUser, UserService
from taskbot.application.views import TaskCard
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderState

NAME: Final = "taskbot canary"
_TITLE: Final = "Canary: reminders arrive"
_AHEAD: Final = timedelta(seconds=1)
_PATIENCE: Final = timedelta(hours=1)
"""After that another is sent, whatever became of the one before."""
_AT_MOST: Final = 50


@frozen(kw_only=True)
class CanaryReport:
    """*seconds*: how long after its moment the newest that arrived was sent; None if none has.

    *arrived_at*: when that was. *waiting*: for how long the oldest that has not arrived has been
    due; zero if there is none.
    """

    seconds: float | None
    arrived_at: datetime | None
    waiting: timedelta


@frozen
class CanaryService:
    """Plans a reminder for a chat of the operator's, as a person does, and sees when it arrives.

    It takes the way of all reminders: the same use cases, rows, claims, queue, worker and
    messenger. *chat_id*: a group, so that it is no person's; the group is a user like any other.
    """

    _users: UserService
    _tasks: TaskService
    _queries: Queries
    _clock: Clock
    _chat_id: int

    async def send(self) -> TaskId:
        """Have one more arrive in a second; or wait for the one that is on its way.

        What was sent before is thrown away, except for the newest that arrived.
        """
        meeting = await self._users.meet(MeetUser(telegram_id=self._chat_id, name=NAME))
        sent = await self._sent(meeting.user.id)
        now = self._clock.now()
        for card, reminder in sent:
            if reminder.is_ahead and now - reminder.fire_at < _PATIENCE:
                return card.task.id
        newest = _newest(sent)
        for card, reminder in sent:
            if reminder != newest:
                await self._tasks.delete(card.task.id, actor=card.task.owner_id)
        created = await self._tasks.create(CreateTask(actor=meeting.user.id, title=_TITLE))
        task = created.task
        await self._tasks.snooze(task.id, until=self._clock.now() + _AHEAD, actor=task.owner_id)
        return task.id

    async def has_arrived(self, task_id: TaskId) -> bool:
        """Whether what `send` gave was sent, as the messenger confirmed."""
        person = await self._queries.user_by_telegram_id(self._chat_id)
        if person is None:
            return False
        return any(
            card.task.id == task_id and reminder.sent_at is not None
            for card, reminder in await self._sent(person.id)
        )

    async def report(self) -> CanaryReport:
        """How it is doing, by what is stored: the same from whichever process."""
        person = await self._queries.user_by_telegram_id(self._chat_id)
        sent = [] if person is None else await self._sent(person.id)
        now, newest = self._clock.now(), _newest(sent)
        due = [one.fire_at for _, one in sent if one.sent_at is None and one.fire_at <= now]
        seconds = arrived_at = None
        if newest is not None and newest.sent_at is not None:
            seconds = newest.lateness(now=newest.sent_at).total_seconds()
            arrived_at = newest.sent_at
        return CanaryReport(
            seconds=seconds,
            arrived_at=arrived_at,
            waiting=now - min(due) if due else timedelta(0),
        )

    async def _sent(self, owner_id: UserId) -> list[tuple[TaskCard, Reminder]]:
        page = await self._queries.tasks(TaskPageRequest(owner_id=owner_id, limit=_AT_MOST))
        ids = [view.task.id for view in page.items]
        cards = await self._queries.task_cards(ids, owner_id=owner_id)
        return [
            (card, card.reminders[-1])
            for card in cards
            if card.reminders and card.reminders[-1].state is not ReminderState.CANCELLED
        ]


def _newest(sent: Sequence[tuple[TaskCard, Reminder]]) -> Reminder | None:
    """The newest that arrived."""
    arrived = [one for _, one in sent if one.sent_at is not None]
    return max(arrived, key=lambda one: one.fire_at, default=None)
