"""Somebody with one of each thing that the panel shows."""

from typing import Final

from attrs import frozen

from support.backends import Storage
from support.builders import a_category, a_reminder_of, a_task, a_user, an_access_token
from taskbot.domain.access_token import AccessToken
from taskbot.domain.category import Category
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Task
from taskbot.domain.user import User

KEYS: Final = ("tasks", "people", "categories", "reminders", "dead-letters", "tokens")
"""The panel's lists of what people have."""


@frozen
class Household:
    """Somebody with one of each."""

    user: User
    category: Category
    task: Task
    reminder: Reminder
    token: AccessToken

    @property
    def ids(self) -> dict[str, str]:
        return {
            "tasks": str(self.task.id),
            "people": str(self.user.id),
            "categories": str(self.category.id),
            "reminders": str(self.reminder.id),
            "dead-letters": str(self.reminder.id),
            "tokens": str(self.token.id),
        }


async def a_household(storage: Storage, **texts: str) -> Household:
    user = a_user(name=texts.get("name", "Anna"))
    category = a_category(owner_id=user.id, name=texts.get("category", "Home"))
    task = a_task(
        owner_id=user.id,
        category_id=category.id,
        title=texts.get("title", "Buy milk"),
        description=texts.get("description", "Two bottles"),
    )
    reminder = a_reminder_of(
        task,
        state=ReminderState.FAILED,
        available_at=None,
        last_error=texts.get("error", "chat not found"),
    )
    token = an_access_token(owner_id=user.id, name=texts.get("token", "laptop"))
    await storage.keep(user, category, task, reminder, token)
    return Household(user, category, task, reminder, token)
