"""What is stored, in dictionaries. Everything in them is frozen, so a copy is a snapshot."""

import asyncio
from datetime import datetime

from attrs import Factory, define

from taskbot.application.ports import AlertKind, AlertRecord
from taskbot.domain.access_token import AccessToken
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, Invitation
from taskbot.domain.audit import AuditEntry
from taskbot.domain.category import Category
from taskbot.domain.ids import (
    AccessTokenId,
    AdminAccountId,
    AuditEntryId,
    CategoryId,
    ReminderId,
    TaskId,
    UserId,
)
from taskbot.domain.reminder import Reminder
from taskbot.domain.task import Task
from taskbot.domain.undo import Undo
from taskbot.domain.user import User


@define
class Tables:
    users: dict[UserId, User] = Factory(dict)
    tasks: dict[TaskId, Task] = Factory(dict)
    categories: dict[CategoryId, Category] = Factory(dict)
    reminders: dict[ReminderId, Reminder] = Factory(dict)
    undos: dict[TaskId, Undo] = Factory(dict)
    access_tokens: dict[AccessTokenId, AccessToken] = Factory(dict)
    admin_accounts: dict[AdminAccountId, AdminAccount] = Factory(dict)
    admin_sessions: dict[bytes, AdminSession] = Factory(dict)
    invitations: dict[AdminAccountId | None, Invitation] = Factory(dict)
    alerts: dict[tuple[AlertKind, str], AlertRecord] = Factory(dict)
    jobs: dict[str, datetime] = Factory(dict)
    audit: dict[AuditEntryId, AuditEntry] = Factory(dict)

    def copy(self) -> "Tables":
        return Tables(
            users=dict(self.users),
            tasks=dict(self.tasks),
            categories=dict(self.categories),
            reminders=dict(self.reminders),
            undos=dict(self.undos),
            access_tokens=dict(self.access_tokens),
            admin_accounts=dict(self.admin_accounts),
            admin_sessions=dict(self.admin_sessions),
            invitations=dict(self.invitations),
            alerts=dict(self.alerts),
            jobs=dict(self.jobs),
            audit=dict(self.audit),
        )


@define
class MemoryDatabase:
    """*tables* is what was committed; units of work take turns by *turn*."""

    tables: Tables = Factory(Tables)
    turn: asyncio.Lock = Factory(asyncio.Lock)
