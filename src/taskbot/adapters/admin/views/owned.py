"""What is the same of everything that belongs to a person."""

from typing import Any

from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from taskbot.adapters.admin.fields import IdField
from taskbot.adapters.admin.filters import OfPerson
from taskbot.adapters.admin.links import LinkField
from taskbot.adapters.admin.records import PersonRecord, person_name
from taskbot.adapters.admin.words import mark


def owner() -> LinkField:
    """Whose it is, leading to them."""
    return LinkField(
        "owner", label=mark("Owner"), key="people", named=person_name, filters=[OfPerson]
    )


def owner_id() -> IdField:
    """By which files can be told whose: people may be called the same."""
    return IdField(
        "owner_id",
        label=mark("Owner's id"),
        exclude_from_list=True,
        exclude_from_detail=True,
        exclude_from_edit=True,
    )


def with_owner(record: Any) -> ExecutableOption:
    """Load the owner's name along."""
    person: Any = PersonRecord
    return joinedload(record.owner).load_only(person.name, person.telegram_id)
