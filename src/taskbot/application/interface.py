"""What the application does for whoever talks to people, said once.

Two things keep these promises: the services of this layer, and a client of the REST API for those
who run without the database. `tests/contract/test_interface_*.py` holds both to them. Every
method raises `StorageUnavailable` where the storage, or the way to it, fails.
"""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from taskbot.application.access_tokens import NewAccessToken
from taskbot.application.categories import EditCategory, TasksLeft
from taskbot.application.ports import TaskCounts, TaskPage
from taskbot.application.statistics import Statistics
from taskbot.application.task_commands import CreateTask, EditTask, ListTasks
from taskbot.application.users import EditUser, Meeting, MeetUser
from taskbot.application.views import CountedCategory, TaskCard, TaskView, Undoable
from taskbot.domain.access_token import AccessToken, Scope
from taskbot.domain.category import Category
from taskbot.domain.deadline import Deadline
from taskbot.domain.ids import AccessTokenId, CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.reminder import Reminder
from taskbot.domain.user import Language, User


class Tasks(Protocol):
    """What a person does with tasks. Somebody else's task is `TaskNotFound` everywhere.

    *version* is the one that a change is meant for, None: whatever the task has become meanwhile.
    Raise `StaleTask` if it is another by now; what is done already is told before that.
    """

    async def create(self, command: CreateTask) -> TaskView:
        """Write a task down and plan its reminders.

        With a *key* that the person has used before it is the task from then, as it is by now,
        whatever else the command says; unless it was deleted. Raise `InvalidValue` for what no
        task can be, `CategoryNotFound` for a category that the person does not have.
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

        Lead times are whole minutes; None: as the person prefers. Raise `StaleTask` if the task is
        no longer at the version that was named, what `create` and `reschedule` raise, and
        `LeadTimeOutOfRange` or `TooManyLeadTimes`.
        """

    async def complete(
        self, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> TaskView:
        """Cancel the reminders, too. Raise `TaskAlreadyCompleted`."""

    async def reopen(
        self, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> TaskView:
        """Plan the reminders that still lie ahead. Raise `TaskNotCompleted`."""

    async def reschedule(
        self,
        task_id: TaskId,
        deadline: Deadline | None,
        *,
        version: int | None = None,
        actor: UserId,
    ) -> TaskView:
        """Move the deadline, or take it away: the reminders follow.

        Raise `TaskAlreadyCompleted`, or `DeadlineInPast`.
        """

    async def snooze(self, task_id: TaskId, *, until: datetime, actor: UserId) -> TaskView:
        """Remind once more at *until* (aware); the deadline stays where it is.

        Raise `TaskAlreadyCompleted`, or `SnoozeOutOfRange`.
        """

    async def split(
        self, task_id: TaskId, *, version: int | None = None, actor: UserId
    ) -> list[TaskView]:
        """Make a task of each line of the description; the task itself keeps the first line.

        All of it or nothing. They are like it, and come in the order of the lines; split again
        at the same version it gives the tasks from then. Raise `NoSeveralLines`, `StaleTask` if
        the task is no longer at *version*, or `TaskAlreadyCompleted`.
        """

    async def join(
        self,
        task_id: TaskId,
        others: Sequence[TaskId],
        *,
        version: int | None = None,
        actor: UserId,
    ) -> TaskView:
        """Make the titles of *others*, which are deleted, lines of the task's description.

        All of it or nothing. Raise `StaleTask` if the task is no longer at *version*, or one of
        the others has been changed since it was made; else what is raised for any of them.
        """

    async def delete(self, task_id: TaskId, *, version: int | None = None, actor: UserId) -> None:
        """Delete the task with its reminders: it is nowhere to be seen; see `undo`."""

    async def undo(self, task_id: TaskId, *, actor: UserId) -> TaskView:
        """Take the last completion or deletion back, up to a week later.

        The task and its reminders are exactly what they were before, but for the version, which
        is a new one, the category, if that is gone, and what was delivered in the meantime.
        Raise `NothingToUndo` if it is too late, or the task was changed since.
        """

    async def undoable(self, task_id: TaskId, *, actor: UserId) -> Undoable:
        """What `undo` would take back; raise what it would raise."""

    async def add_reminder(self, task_id: TaskId, *, at: datetime, actor: UserId) -> Reminder:
        """Remind at *at* (aware), too; that stays wherever the deadline goes.

        Another wish for the same moment changes nothing. Raise `TaskAlreadyCompleted`,
        `ReminderInPast`, `ReminderOutOfRange` or `TooManyReminders`.
        """

    async def remove_reminder(
        self, task_id: TaskId, reminder_id: ReminderId, *, actor: UserId
    ) -> None:
        """Do not remind then. One that follows the deadline gives the task lead times of its own.

        What is being sent at this moment may still arrive. Raise `ReminderNotFound` for what is
        taken back already, `ReminderOver` for what was sent or given up.
        """


class Categories(Protocol):
    """A person's own labels. Somebody else's category is `CategoryNotFound` everywhere."""

    async def create(self, name: str, *, emoji: str | None = None, actor: UserId) -> Category:
        """Raise `CategoryNameTaken` if the person has one of that name, in whatever case."""

    async def edit(self, command: EditCategory) -> Category:
        """Change what is given, all of it or nothing.

        Raise what `create` raises, and `StaleCategory` if the category is no longer at the version
        that was named.
        """

    async def delete(
        self,
        category_id: CategoryId,
        *,
        tasks: CategoryId | TasksLeft = TasksLeft.UNCATEGORIZED,
        version: int | None = None,
        actor: UserId,
    ) -> None:
        """Delete the category, and do with its *tasks* as is said: the id names another category.

        A category that is to be deleted can take no tasks: `CategoryNotFound`. `StaleCategory` as
        `edit`.
        """

    async def counts(self, *, actor: UserId) -> list[CountedCategory]:
        """The categories as in `list`, each with the numbers of its tasks."""

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

    async def find(self, telegram_id: int) -> User | None:
        """The person if they are known: nobody is registered, and nothing changed, by asking.

        None for who has left, too; and over the API for who has not written for a month.
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


class Progress(Protocol):
    """What a person has to do, and what they got done."""

    async def statistics(
        self, *, actor: UserId, timezone: str, days: int = 30, weeks: int = 12
    ) -> Statistics:
        """What is so now. *timezone*: by whose clocks it is today; up to 366 days, 104 weeks.

        Of categories the id and the name are to be relied on, and nothing else.
        """


class AccessTokens(Protocol):
    """The credentials by which programs act for a person.

    Digests are not to be relied on: they are nobody's business.
    """

    async def create(
        self,
        name: str,
        *,
        scopes: Iterable[Scope],
        expires_at: datetime | None = None,
        actor: UserId,
    ) -> NewAccessToken:
        """Make a token that is good for *scopes* until *expires_at* (aware; None: for ever).

        A name that is too long is cut. Raise `NoScope`, or `ExpiryInPast`.
        """

    async def list(self, *, actor: UserId) -> list[AccessToken]:
        """All of the person's tokens, the newest first; none of the secrets."""

    async def revoke(self, token_id: AccessTokenId, *, actor: UserId) -> None:
        """From now on the token is good for nothing. Raise `AccessTokenNotFound`."""


class Accounts(Protocol):
    """Leaving, and staying after all: see `AccountService`."""

    async def leave(self, *, actor: UserId) -> User:
        """Ask for everything to be deleted; `deletion_at` says when. Again postpones nothing."""

    async def stay(self, *, actor: UserId) -> User:
        """Take the leaving back. Raise `NotLeaving`, or `AccountBeingDeleted` if it is too late."""


class Exports(Protocol):
    async def document(self, *, actor: UserId) -> AsyncGenerator[bytes, None]:
        """Everything of the person's as one JSON document, in pieces, written while it is read.

        What can be refused is refused before the first piece. Whoever stops early closes it.
        """
