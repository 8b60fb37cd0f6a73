"""Changing what is stored: a repository for each kind of thing."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from taskbot.application.ports.alerts import Alert, AlertRecord
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.ids import AccessTokenId, CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.reminder import Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.undo import Undo, UndoableVerb
from taskbot.domain.user import User


class StorageUnavailable(Exception):
    """The storage does not answer, or not in time. Nothing is known to have been stored."""


class TelegramIdKnown(Exception):
    """Somebody with this Telegram id was added meanwhile."""


class TaskRepository(Protocol):
    """All tasks of all people."""

    async def get(self, task_id: TaskId) -> Task:
        """Raise `TaskNotFound` if there is none."""

    async def add(self, task: Task) -> None:
        """Store a task seen for the first time."""

    async def update(self, task: Task) -> Task:
        """Store *task* and return it with its next version.

        Raise `StaleTask` if the stored version is not the one that *task* was read at, or the
        task is gone.
        """

    async def delete(self, task_id: TaskId) -> None:
        """Remove the task and its reminders. Raise `TaskNotFound` if there is none."""

    async def get_all(self, task_ids: Collection[TaskId], *, owner_id: UserId) -> list[Task]:
        """The owner's among these tasks, the oldest first."""

    async def complete_all(self, task_ids: Collection[TaskId], *, now: datetime) -> None:
        """Store these open tasks as `Task.complete` makes them, each with its next version."""

    async def file_all(
        self, task_ids: Collection[TaskId], *, under: CategoryId | None, now: datetime
    ) -> None:
        """Store these tasks as `Task.file_under` makes them, each with its next version."""

    async def delete_all(self, task_ids: Collection[TaskId]) -> None:
        """Remove those of the tasks that there are, with their reminders."""

    async def filed_under(self, category_id: CategoryId, *, limit: int) -> list[TaskId]:
        """The ids of up to *limit* tasks of a category, the oldest first."""

    async def refile(
        self, category_id: CategoryId, *, under: CategoryId | None, now: datetime
    ) -> int:
        """File all tasks of a category *under* another, or none; return how many they were."""

    async def open_with_deadline(self, owner_id: UserId) -> list[Task]:
        """The owner's open tasks that have a deadline, oldest first."""


class UserRepository(Protocol):
    async def get(self, user_id: UserId) -> User:
        """Raise `UserNotFound` if there is none."""

    async def find_by_telegram_id(self, telegram_id: int) -> User | None: ...

    async def add(self, user: User) -> None:
        """Raise `TelegramIdKnown` if another person has this Telegram id."""

    async def update(self, user: User) -> User:
        """Store *user* and return them with their next version.

        Raise `StaleUser` if the stored version is not the one that *user* was read at.
        """

    async def erase(self, user_id: UserId, *, limit: int) -> int:
        """Delete up to *limit* things of the person's, the person themselves after all others.

        Of entries in the audit log about them the diffs are taken away, each as one thing. Return
        how many it were: with fewer than *limit* nothing is left.
        """


class CategoryRepository(Protocol):
    async def get(self, category_id: CategoryId) -> Category:
        """Raise `CategoryNotFound` if there is none."""

    async def add(self, category: Category) -> None:
        """Raise `CategoryNameTaken` if the owner has one of the same `key`."""

    async def update(self, category: Category) -> Category:
        """Store *category* and return it with its next version.

        Raise `StaleCategory` if the stored version is not the one that *category* was read at,
        `CategoryNameTaken` as `add` does.
        """

    async def delete(self, category_id: CategoryId) -> None:
        """Raise `CategoryNotFound` if there is none. Its tasks stay, without a category."""


class ReminderRepository(Protocol):
    async def get(self, reminder_id: ReminderId) -> Reminder:
        """Raise `ReminderNotFound` if there is none."""

    async def of_task(self, task_id: TaskId) -> list[Reminder]:
        """All reminders of the task, the earliest promise first."""

    async def find_unsettled(self, task_id: TaskId) -> list[Reminder]:
        """The task's reminders that are pending or dead, the earliest promise first."""

    async def add(self, reminders: Iterable[Reminder]) -> None: ...

    async def save(self, reminder: Reminder, *, was: ReminderState) -> bool:
        """Store the next state of a reminder, unless it has been overtaken.

        Change nothing and return False unless the stored one is in state *was* and at the
        attempt that *reminder* is at.
        """

    async def claim_due(self, *, now: datetime, until: datetime, limit: int) -> list[Reminder]:
        """Claim up to *limit* pending reminders available at *now*: those available longest.

        Each is returned as `Reminder.claim(until=until)` makes it, the earliest promise first. No
        two callers get the same one as long as a lease lasts, however many call at once.
        """

    async def begin(
        self, claimed: Reminder, *, now: datetime, until: datetime, others: int
    ) -> list[Reminder]:
        """Begin *claimed*, unless it has been overtaken, and what can go into one message with it.

        Change nothing and return nothing unless the stored one is in state `claimed` and at the
        attempt that *claimed* is at. It comes first, as `Reminder.begin(until=until)` makes it.

        After it come up to *others* pending reminders of the same person, the earliest promise
        first, each as `Reminder.join(until=until)` makes it: those that are due, claimed or not,
        and are neither withdrawn, nor to go alone, nor on hold, nor waiting after a try that
        failed. What somebody else is changing at this moment is left out.
        """

    async def cancel_pending(
        self, *task_ids: TaskId, kinds: Collection[ReminderKind] | None = None
    ) -> None:
        """Take back the tasks' reminders that are pending or dead: see `Reminder.take_back`.

        Those of *kinds*, or all.
        """

    async def purge_cancelled(self, *, before: datetime, limit: int) -> int:
        """Delete up to *limit* cancelled reminders promised for before *before*; say how many."""

    async def hold(self, owner_id: UserId) -> None:
        """Put the owner's planned and claimed reminders on hold; a claim of them is lost."""

    async def resume(self, owner_id: UserId) -> None:
        """Make the owner's reminders on hold available again, from their `fire_at` on."""


class UndoRepository(Protocol):
    """What can be undone: one thing for each task, the last."""

    async def keep(self, *task_ids: TaskId, verb: UndoableVerb, now: datetime) -> None:
        """Keep what the tasks and their reminders are at this moment, before *verb* changes them.

        It takes the place of what was kept of them before. A task that is gone has nothing to keep.
        """

    async def find(self, task_id: TaskId) -> Undo | None:
        """What was kept of the task; it is not changed by anybody else meanwhile."""

    async def forget(self, task_id: TaskId) -> None:
        """What was kept of the task is of no more use."""

    async def purge(self, *, before: datetime, limit: int) -> int:
        """Forget up to *limit* things kept before *before*; say how many."""


class AccessTokenRepository(Protocol):
    async def get(self, token_id: AccessTokenId) -> AccessToken:
        """Raise `AccessTokenNotFound` if there is none."""

    async def add(self, token: AccessToken) -> None: ...

    async def update(self, token: AccessToken) -> None:
        """Store what has become of *token*; one that is gone stays gone."""

    async def note_use(self, token_id: AccessTokenId, *, at: datetime) -> None:
        """Store when the token was used last, and nothing else of it."""

    async def delete(self, token_id: AccessTokenId) -> None:
        """Raise `AccessTokenNotFound` if there is none."""


class AlertRepository(Protocol):
    async def add(self, alert: Alert, *, now: datetime) -> None:
        """Count the alert as one more of its kind and subject, untold."""

    async def mark_told(self, record: AlertRecord, *, now: datetime) -> None:
        """The operator was told of *record*; what was raised after it was read stays untold."""

    async def forget_before(self, moment: datetime) -> None:
        """Forget what was raised before *moment* and is told."""


class JobRepository(Protocol):
    async def take(self, name: str, *, now: datetime, next_at: datetime) -> bool:
        """Whether the caller is the one to do the job now; then it is due again at *next_at*.

        A job is due at first, and no two callers get it, however many ask at once.
        """
