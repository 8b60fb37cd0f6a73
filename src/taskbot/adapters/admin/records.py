"""The tables as the library wants to see them: for reading alone.

Every change goes through the application's use cases; nothing here is ever added to a session or
flushed. There is one schema, that of `persistence.tables`: these classes only give it names.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, relationship
from sqlalchemy.orm.decl_api import DeclarativeAttributeIntercept

from taskbot.adapters.persistence import tables


class _Mapped(DeclarativeAttributeIntercept):
    if TYPE_CHECKING:

        def __getattr__(cls, name: str) -> Any:  # noqa: N805 - of a class of classes
            """The column *name*: its types are known to the tables, and not to checkers."""


class Record(DeclarativeBase, metaclass=_Mapped):
    """One row, as it was read."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """What the row has in the column *name*."""


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


def person_name(person: PersonRecord) -> str:
    """What a person is called here; who never wrote has no name yet."""
    return str(person.name or person.telegram_id)
