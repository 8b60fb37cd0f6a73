"""The repositories, on dictionaries."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from taskbot.adapters.memory.audit import take_diffs_away
from taskbot.adapters.memory.database import Tables
from taskbot.application.ports import TelegramIdKnown
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.errors import (
    AccessTokenNotFound,
    CategoryNameTaken,
    CategoryNotFound,
    ReminderNotFound,
    StaleCategory,
    StaleTask,
    StaleUser,
    TaskNotFound,
    UserNotFound,
)
from taskbot.domain.ids import AccessTokenId, CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.reminder import PENDING, Reminder, ReminderKind, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User


@frozen
class MemoryUsers:
    _tables: Tables

    async def get(self, user_id: UserId) -> User:
        try:
            return self._tables.users[user_id]
        except KeyError:
            raise UserNotFound(user_id) from None

    async def find_by_telegram_id(self, telegram_id: int) -> User | None:
        for user in self._tables.users.values():
            if user.telegram_id == telegram_id:
                return user
        return None

    async def add(self, user: User) -> None:
        if await self.find_by_telegram_id(user.telegram_id) is not None:
            raise TelegramIdKnown
        self._tables.users[user.id] = user

    async def update(self, user: User) -> User:
        stored = self._tables.users.get(user.id)
        if stored is None or stored.version != user.version:
            raise StaleUser(user.id)
        updated = evolve(user, version=user.version + 1)
        self._tables.users[user.id] = updated
        return updated

    async def erase(self, user_id: UserId, *, limit: int) -> int:
        tables = self._tables
        left = limit
        kinds: list[dict[Any, Any]] = [
            tables.reminders,
            tables.tasks,
            tables.access_tokens,
            tables.categories,
        ]
        for kind in kinds:
            own = [key for key, thing in kind.items() if thing.owner_id == user_id][:left]
            for key in own:
                del kind[key]
            left -= len(own)
        left -= take_diffs_away(tables, user_id, limit=left)
        if left and tables.users.pop(user_id, None) is not None:
            left -= 1
            for task_id, undo in list(tables.undos.items()):
                if undo.task.owner_id == user_id:
                    del tables.undos[task_id]
        return limit - left


@frozen
class MemoryTasks:
    _tables: Tables

    async def get(self, task_id: TaskId) -> Task:
        try:
            return self._tables.tasks[task_id]
        except KeyError:
            raise TaskNotFound(task_id) from None

    async def add(self, task: Task) -> None:
        self._tables.tasks[task.id] = task

    async def update(self, task: Task) -> Task:
        stored = self._tables.tasks.get(task.id)
        if stored is None or stored.version != task.version:
            raise StaleTask(task.id)
        updated = evolve(task, version=task.version + 1)
        self._tables.tasks[task.id] = updated
        return updated

    async def delete(self, task_id: TaskId) -> None:
        if self._tables.tasks.pop(task_id, None) is None:
            raise TaskNotFound(task_id)
        for reminder in list(self._tables.reminders.values()):
            if reminder.task_id == task_id:
                del self._tables.reminders[reminder.id]

    async def get_all(self, task_ids: Collection[TaskId], *, owner_id: UserId) -> list[Task]:
        return [
            task
            for task_id in sorted(task_ids)
            if (task := self._tables.tasks.get(task_id)) is not None and task.owner_id == owner_id
        ]

    async def complete_all(self, task_ids: Collection[TaskId], *, now: datetime) -> None:
        for task_id in task_ids:
            await self.update(self._tables.tasks[task_id].complete(now=now))

    async def file_all(
        self, task_ids: Collection[TaskId], *, under: CategoryId | None, now: datetime
    ) -> None:
        for task_id in task_ids:
            await self.update(self._tables.tasks[task_id].file_under(under, now=now))

    async def delete_all(self, task_ids: Collection[TaskId]) -> None:
        for task_id in self._tables.tasks.keys() & task_ids:
            await self.delete(task_id)

    async def filed_under(self, category_id: CategoryId, *, limit: int) -> list[TaskId]:
        filed = [one.id for one in self._tables.tasks.values() if one.category_id == category_id]
        return sorted(filed)[:limit]

    async def refile(
        self, category_id: CategoryId, *, under: CategoryId | None, now: datetime
    ) -> int:
        filed = [one for one in self._tables.tasks.values() if one.category_id == category_id]
        for task in filed:
            self._tables.tasks[task.id] = evolve(
                task.file_under(under, now=now), version=task.version + 1
            )
        return len(filed)

    async def open_with_deadline(self, owner_id: UserId) -> list[Task]:
        return sorted(
            (
                task
                for task in self._tables.tasks.values()
                if task.owner_id == owner_id and task.is_open and task.deadline is not None
            ),
            key=lambda task: task.id,
        )


@frozen
class MemoryCategories:
    _tables: Tables

    async def get(self, category_id: CategoryId) -> Category:
        try:
            return self._tables.categories[category_id]
        except KeyError:
            raise CategoryNotFound(category_id) from None

    async def add(self, category: Category) -> None:
        self._require_free_name(category)
        self._tables.categories[category.id] = category

    async def update(self, category: Category) -> Category:
        stored = self._tables.categories.get(category.id)
        if stored is None or stored.version != category.version:
            raise StaleCategory(category.id)
        self._require_free_name(category)
        updated = evolve(category, version=category.version + 1)
        self._tables.categories[category.id] = updated
        return updated

    async def delete(self, category_id: CategoryId) -> None:
        if self._tables.categories.pop(category_id, None) is None:
            raise CategoryNotFound(category_id)
        for task in list(self._tables.tasks.values()):
            if task.category_id == category_id:
                self._tables.tasks[task.id] = evolve(task, category_id=None)

    def _require_free_name(self, category: Category) -> None:
        for known in self._tables.categories.values():
            if known.id != category.id and (known.owner_id, known.key) == (
                category.owner_id,
                category.key,
            ):
                raise CategoryNameTaken(category.name)


def _may_join(reminder: Reminder, now: datetime) -> bool:
    if reminder.alone or reminder.withdrawn or reminder.fire_at > now:
        return False
    if reminder.available_at is None:
        return False
    is_waiting_after_trouble = (
        reminder.failures + reminder.uncertain > 0 and reminder.available_at > now
    )
    return reminder.state is ReminderState.CLAIMED or (
        reminder.state is ReminderState.PLANNED and not is_waiting_after_trouble
    )


def _is_unsettled(reminder: Reminder, task_id: TaskId) -> bool:
    is_dead = reminder.state is ReminderState.FAILED
    return reminder.task_id == task_id and (reminder.state in PENDING or is_dead)


@frozen
class MemoryReminders:
    _tables: Tables

    async def get(self, reminder_id: ReminderId) -> Reminder:
        try:
            return self._tables.reminders[reminder_id]
        except KeyError:
            raise ReminderNotFound(reminder_id) from None

    async def of_task(self, task_id: TaskId) -> list[Reminder]:
        found = [one for one in self._tables.reminders.values() if one.task_id == task_id]
        return sorted(found, key=lambda reminder: (reminder.fire_at, reminder.id))

    async def find_unsettled(self, task_id: TaskId) -> list[Reminder]:
        return sorted(
            (one for one in self._tables.reminders.values() if _is_unsettled(one, task_id)),
            key=lambda one: (one.fire_at, one.id),
        )

    async def add(self, reminders: Iterable[Reminder]) -> None:
        self._tables.reminders.update((reminder.id, reminder) for reminder in reminders)

    async def save(self, reminder: Reminder, *, was: ReminderState) -> bool:
        stored = self._tables.reminders.get(reminder.id)
        if stored is None or (stored.state, stored.attempt) != (was, reminder.attempt):
            return False
        self._tables.reminders[reminder.id] = reminder
        return True

    async def claim_due(self, *, now: datetime, until: datetime, limit: int) -> list[Reminder]:
        due = [
            (reminder.available_at, reminder.id, reminder)
            for reminder in self._tables.reminders.values()
            if reminder.state in PENDING
            and reminder.available_at is not None
            and reminder.available_at <= now
        ]
        claimed = [reminder.claim(until=until) for _, _, reminder in sorted(due)[:limit]]
        self._tables.reminders.update((reminder.id, reminder) for reminder in claimed)
        return sorted(claimed, key=lambda reminder: (reminder.fire_at, reminder.id))

    async def begin(
        self, claimed: Reminder, *, now: datetime, until: datetime, others: int
    ) -> list[Reminder]:
        ours = self._tables.reminders.get(claimed.id)
        claim = (ReminderState.CLAIMED, claimed.attempt)
        if ours is None or (ours.state, ours.attempt) != claim:
            return []
        due = sorted(
            (other.fire_at, other.id, other)
            for other in self._tables.reminders.values()
            if other.owner_id == ours.owner_id and other.id != ours.id and _may_join(other, now)
        )
        begun = [ours.begin(until=until)]
        begun += [other.join(until=until) for _, _, other in due[:others]]
        self._tables.reminders.update((one.id, one) for one in begun)
        return begun

    async def cancel_pending(
        self, *task_ids: TaskId, kinds: Collection[ReminderKind] | None = None
    ) -> None:
        for reminder in list(self._tables.reminders.values()):
            if (
                reminder.task_id in task_ids
                and (reminder.state in PENDING or reminder.state is ReminderState.FAILED)
                and (kinds is None or reminder.kind in kinds)
            ):
                self._tables.reminders[reminder.id] = reminder.take_back()

    async def purge_cancelled(self, *, before: datetime, limit: int) -> int:
        old = [
            reminder.id
            for reminder in self._tables.reminders.values()
            if reminder.state is ReminderState.CANCELLED and reminder.fire_at < before
        ][:limit]
        for reminder_id in old:
            del self._tables.reminders[reminder_id]
        return len(old)

    async def hold(self, owner_id: UserId) -> None:
        held = {ReminderState.PLANNED, ReminderState.CLAIMED}
        for reminder in list(self._tables.reminders.values()):
            if reminder.owner_id == owner_id and reminder.state in held:
                self._tables.reminders[reminder.id] = reminder.put_off(until=None)

    async def resume(self, owner_id: UserId) -> None:
        for reminder in list(self._tables.reminders.values()):
            if (
                reminder.owner_id == owner_id
                and reminder.state is ReminderState.PLANNED
                and reminder.available_at is None
            ):
                resumed = reminder.put_off(until=reminder.fire_at)
                self._tables.reminders[reminder.id] = resumed


@frozen
class MemoryAccessTokens:
    _tables: Tables

    async def get(self, token_id: AccessTokenId) -> AccessToken:
        try:
            return self._tables.access_tokens[token_id]
        except KeyError:
            raise AccessTokenNotFound(token_id) from None

    async def add(self, token: AccessToken) -> None:
        self._tables.access_tokens[token.id] = token

    async def update(self, token: AccessToken) -> None:
        if token.id in self._tables.access_tokens:
            self._tables.access_tokens[token.id] = token

    async def note_use(self, token_id: AccessTokenId, *, at: datetime) -> None:
        known = self._tables.access_tokens.get(token_id)
        if known is not None:
            self._tables.access_tokens[token_id] = evolve(known, last_used_at=at)

    async def delete(self, token_id: AccessTokenId) -> None:
        if self._tables.access_tokens.pop(token_id, None) is None:
            raise AccessTokenNotFound(token_id)
