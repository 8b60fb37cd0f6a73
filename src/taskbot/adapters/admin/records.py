"""The tables as the library wants to see them: for reading alone.

Every change goes through the application's use cases; nothing here is ever added to a session or
flushed. There is one schema, that of `persistence.tables`: these classes only give it names.
"""

from typing import Any, Final

from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, relationship

from taskbot.adapters.persistence import tables

# Columns by the names of what has them: for conditions and orders.
PERSON: Final = tables.users.c
CATEGORY: Final = tables.categories.c
TASK: Final = tables.tasks.c
REMINDER: Final = tables.reminders.c
TOKEN: Final = tables.access_tokens.c
ACCOUNT: Final = tables.admin_accounts.c
ENTRY: Final = tables.audit_entries.c


class Record(DeclarativeBase):
    """One row, as it was read."""


class PersonRecord(Record):
    __table__ = tables.users


class CategoryRecord(Record):
    __table__ = tables.categories

    owner: Mapped[PersonRecord] = relationship(viewonly=True)


class TaskRecord(Record):
    __table__ = tables.tasks
    # Words for searching, as many again as the task has: never shown.
    __mapper_args__ = {"exclude_properties": ["search_words"]}  # noqa: RUF012 - as SQLAlchemy has it

    owner: Mapped[PersonRecord] = relationship(viewonly=True)
    category: Mapped[CategoryRecord | None] = relationship(viewonly=True)


class ReminderRecord(Record):
    __table__ = tables.reminders

    task: Mapped[TaskRecord] = relationship(viewonly=True)
    owner: Mapped[PersonRecord] = relationship(viewonly=True)


class AccessTokenRecord(Record):
    __table__ = tables.access_tokens
    __mapper_args__ = {"exclude_properties": ["digest"]}  # noqa: RUF012 - as SQLAlchemy has it

    owner: Mapped[PersonRecord] = relationship(viewonly=True)


class AdminAccountRecord(Record):
    __table__ = tables.admin_accounts
    __mapper_args__ = {"exclude_properties": ["password_hash"]}  # noqa: RUF012 - as SQLAlchemy has it

    has_password = column_property(tables.admin_accounts.c.password_hash.is_not(None))


class AuditRecord(Record):
    __table__ = tables.audit_entries


def person_name(person: Any) -> str:
    """What the record of a person is called here; who never wrote has no name yet."""
    return str(person.name or person.telegram_id)
