"""What the application does for whoever talks to people, said once.

Two things keep these promises: the services of this layer, and a client of the REST API for those
who run without the database. `tests/contract/test_interface_*.py` holds both to them. Every
method raises `StorageUnavailable` where the storage, or the way to it, fails.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from taskbot.application.ports import TaskCounts, TaskPage
from taskbot.application.tasks import CreateTask, EditTask, ListTasks
from taskbot.application.users import EditUser, Meeting, MeetUser
from taskbot.application.views import TaskCard, TaskView
from taskbot.domain.category import Category
from taskbot.domain.deadline import Deadline
from taskbot.domain.ids import TaskId, UserId
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.user import Language, User


class Tasks(Protocol):
    """What a person does with tasks. Somebody else's task is `TaskNotFound` everywhere."""

    async def create(self, command: CreateTask) -> TaskView:
        """Write a task down and plan its reminders.

        Raise `InvalidValue` for what no task can be, `CategoryNotFound` for a category that the
        person does not have.
        """

    async def get(self, task_id: TaskId, *, actor: UserId) -> TaskView: ...

    async def card(self, task_id: TaskId, *, actor: UserId) -> TaskCard:
        """The task with its reminders, earliest first.

        What they say to a person is to be relied on: kind, state, moments, tries, and what went
        wrong. What only delivery knows is not: leases, counted failures, numbers of messages.
        """

    async def cards(self, task_ids: Collection[TaskId], *, actor: UserId) -> list[TaskCard]:
        """The cards of those of the tasks (100 at most) that there (still) are, in no order."""

    async def page(self, command: ListTasks) -> TaskPage:
        """One page of the tasks to which all of it applies; `TaskPosition`s lead to the others.

        Descriptions may be left out of it.
        """

    async def counts(self, *, actor: UserId, timezone: str) -> TaskCounts:
        """How many open tasks there are of each kind; *timezone*: by whose clocks it is today."""

    async def edit(self, command: EditTask) -> TaskView:
        """Change what is given, all of it or nothing; reminders follow a new deadline.

        Raise `StaleTask` if the task is no longer at the version that was named, and what
        `create` and `reschedule` raise.
        """

    async def complete(self, task_id: TaskId, *, actor: UserId) -> TaskView:
        """Cancel the reminders, too. Raise `TaskAlreadyCompleted`."""

    async def reopen(self, task_id: TaskId, *, actor: UserId) -> TaskView:
        """Plan the reminders that still lie ahead. Raise `TaskNotCompleted`."""

    async def reschedule(
        self, task_id: TaskId, deadline: Deadline | None, *, actor: UserId
    ) -> TaskView:
        """Move the deadline, or take it away: the reminders follow.

        Raise `TaskAlreadyCompleted`, or `DeadlineInPast`.
        """

    async def snooze(self, task_id: TaskId, *, until: datetime, actor: UserId) -> TaskView:
        """Remind once more at *until* (aware); the deadline stays where it is.

        Raise `TaskAlreadyCompleted`, or `SnoozeOutOfRange`.
        """

    async def delete(self, task_id: TaskId, *, actor: UserId) -> None:
        """Delete the task with its reminders, for good."""


class Categories(Protocol):
    """A person's own labels."""

    async def create(self, name: str, *, emoji: str | None = None, actor: UserId) -> Category:
        """Raise `CategoryNameTaken` if the person has one of that name, in whatever case."""

    async def list(self, *, actor: UserId) -> list[Category]:
        """The person's categories in the order of their keys."""


class People(Protocol):
    """Meeting people, losing and finding them again, and how they are spoken to."""

    async def meet(self, command: MeetUser) -> Meeting:
        """Find the person who wrote to us, or register them.

        From now on they are called what they are called now, and are reachable: who was not gets
        what was held back. Raise `AccountBeingDeleted` for who has left, until nothing of theirs
        is left.
        """

    async def lose(self, telegram_id: int) -> User:
        """The person blocked us: send nothing more until they return. Raise as `meet`."""

    async def speak(self, language: Language, *, actor: UserId) -> User: ...

    async def move_to(
        self,
        timezone: str,
        *,
        timed: TimedDeadlines = TimedDeadlines.KEEP_MOMENT,
        actor: UserId,
    ) -> User:
        """Live by the clocks of *timezone* (IANA name; else `UnknownTimezone`): they chose it.

        Whole days move with the person; of moments stays what *timed* says (see `Move`). The
        reminders follow.
        """

    async def edit(self, command: EditUser) -> User:
        """Change what is given, in one go: the reminders follow.

        Paused ones are held, and sent late when they are wanted again. Raise `StaleUser` for
        another version than the one that was named, `InvalidValue` for what cannot be.
        """
