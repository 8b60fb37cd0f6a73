"""The back office: what operators do to what is other people's, by the owners' own use cases.

Whoever shows it to operators reads as it likes, and changes nothing but by these: so the rules of
the domain, versions, the reminder plan and undo hold, and all of it is in the audit log.
"""

from typing import Self

from attrs import frozen

from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.accounts import AccountService
from taskbot.application.back_office.access_tokens import AccessTokenBackOffice
from taskbot.application.back_office.categories import CategoryBackOffice, CategoryChanges
from taskbot.application.back_office.deeds import MANY_LIMIT, Deeds, Outcome
from taskbot.application.back_office.people import PersonBackOffice, PersonChanges
from taskbot.application.back_office.reminders import ReminderBackOffice
from taskbot.application.back_office.tasks import TaskBackOffice, TaskChanges, When
from taskbot.application.bulk_tasks import BulkTaskService
from taskbot.application.categories import CategoryService
from taskbot.application.dead_letters import DeadLetterService
from taskbot.application.ports import Clock, Queries, Transactions
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService

__all__ = [
    "MANY_LIMIT",
    "AccessTokenBackOffice",
    "BackOffice",
    "CategoryBackOffice",
    "CategoryChanges",
    "Outcome",
    "PersonBackOffice",
    "PersonChanges",
    "ReminderBackOffice",
    "TaskBackOffice",
    "TaskChanges",
    "When",
]


@frozen(kw_only=True)
class BackOffice:
    tasks: TaskBackOffice
    people: PersonBackOffice
    categories: CategoryBackOffice
    reminders: ReminderBackOffice
    access_tokens: AccessTokenBackOffice

    @classmethod
    def over(
        cls,
        transactions: Transactions,
        queries: Queries,
        clock: Clock,
        *,
        tasks: TaskService,
        bulk_tasks: BulkTaskService,
        users: UserService,
        accounts: AccountService,
        categories: CategoryService,
        dead_letters: DeadLetterService,
        access_tokens: AccessTokenService,
    ) -> Self:
        """By the services that people themselves are served by."""
        deeds = Deeds(transactions, queries, clock)
        return cls(
            tasks=TaskBackOffice(deeds, tasks, bulk_tasks, clock),
            people=PersonBackOffice(deeds, users, accounts, clock),
            categories=CategoryBackOffice(deeds, categories),
            reminders=ReminderBackOffice(deeds, queries, tasks, dead_letters, clock),
            access_tokens=AccessTokenBackOffice(deeds, access_tokens),
        )
