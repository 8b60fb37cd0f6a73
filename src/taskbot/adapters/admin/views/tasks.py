"""Tasks of all people."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload
from starlette.requests import Request
from starlette_admin.fields import IntegerField, StringField, TextAreaField
from starlette_admin.filters import FilterApplyContext
from starlette_admin.filters.base import BaseFilter
from ulid import ULID

from taskbot.adapters.admin.deadlines import DeadlineField
from taskbot.adapters.admin.fields import ChoiceField, DurationsField, IdField, MomentField
from taskbot.adapters.admin.filters import (
    Condition,
    Missing,
    MomentAfter,
    MomentBefore,
    MomentBetween,
    Present,
    SameId,
    walked,
)
from taskbot.adapters.admin.links import LinkField, ListsField
from taskbot.adapters.admin.listing import Order, Search
from taskbot.adapters.admin.records import TASK, CategoryRecord, TaskRecord
from taskbot.adapters.admin.searching import id_in
from taskbot.adapters.admin.views.owned import owner, owner_id, with_owner
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.vocabulary import PRIORITIES, STATUSES
from taskbot.adapters.admin.words import mark
from taskbot.adapters.persistence.tables import IS_OPEN
from taskbot.adapters.persistence.word_search import has_word_index, has_words, reads_words
from taskbot.application.ports import NEVER
from taskbot.application.search_words import search_terms

_CATEGORY: Final[Any] = CategoryRecord
_NEWEST: Final = 5_000
_OFTEN: Final = 8
"""A word that one task among so many has is found sooner by looking than by the index."""


class Overdue(Condition):
    name = "overdue"
    label = mark("is over, and not completed")

    def apply(self, ctx: FilterApplyContext) -> Any:
        now = ctx.view.parts.clock.now()  # type: ignore[union-attr] # a view of ours
        return and_(IS_OPEN, TASK.ends_at <= now)


class _Due(BaseFilter):
    """By when a task is over: a whole day with its end."""

    def column(self, ctx: FilterApplyContext) -> Any:
        return TASK.ends_at


class DueBetween(_Due, MomentBetween):
    pass


class DueBefore(_Due, MomentBefore):
    pass


class DueAfter(_Due, MomentAfter):
    def apply(self, ctx: FilterApplyContext) -> Any:
        return and_(super().apply(ctx), TASK.ends_at < NEVER)


class WithoutDeadline(Missing):
    label = mark("is not set")

    def apply(self, ctx: FilterApplyContext) -> Any:
        return TASK.ends_at == NEVER


class WithDeadline(Present):
    def apply(self, ctx: FilterApplyContext) -> Any:
        return TASK.ends_at < NEVER


class InCategory(SameId):
    column = "category_id"


class WithoutCategory(Missing):
    def apply(self, ctx: FilterApplyContext) -> Any:
        return walked(ctx, TASK.category_id).is_(None)


class TasksView(RecordView):
    record = TaskRecord
    key = "tasks"
    menu_label = mark("Tasks")
    display_name = mark("task")
    search_hint = mark("Words of the title or the description, id")
    icon = "fa fa-list-check"
    fields = (
        StringField("title", label=mark("Title"), required=True, maxlength=200),
        TextAreaField("description", label=mark("Description"), exclude_from_list=True),
        owner(),
        LinkField(
            "category",
            label=mark("Category"),
            key="categories",
            named=lambda category: str(category.name),
            filters=[InCategory, WithoutCategory],
        ),
        ChoiceField("status", label=mark("Status"), words=STATUSES, read_only=True),
        ChoiceField("priority", label=mark("Priority"), words=PRIORITIES),
        DeadlineField(
            "due",
            label=mark("Due"),
            filters=[Overdue, DueBetween, DueBefore, DueAfter, WithDeadline, WithoutDeadline],
        ),
        DurationsField("lead_times", label=mark("Reminded before"), exclude_from_list=True),
        ListsField(
            "lists",
            label=mark("Its"),
            lists=(
                ("reminders", mark("Reminders"), "task__eq={id}"),
                ("dead-letters", mark("Dead letters"), "task__eq={id}"),
                (
                    "audit",
                    mark("Audit log"),
                    "object_kind__eq=task AND object_id__eq={id}",
                ),
            ),
        ),
        MomentField("completed_at", label=mark("Completed"), read_only=True),
        MomentField("updated_at", label=mark("Changed"), read_only=True),
        MomentField("created_at", label=mark("Created"), read_only=True),
        IdField("id", label=mark("Id")),
        owner_id(),
        IntegerField("version", label=mark("Version"), read_only=True, exclude_from_list=True),
    )
    columns = ("title", "owner", "category", "status", "priority", "due", "created_at")
    narrow = ("title", "owner", "due")
    orders = {  # noqa: RUF012 - as the library has its class attributes
        # The order of ids is that of creation, and they have an index.
        "created_at": Order((TASK.id,)),
        "due": Order(
            (TASK.ends_at, TASK.id),
            kept_by=and_(IS_OPEN, TASK.ends_at < NEVER),
            note=mark("By deadline: only tasks that are open and have one."),
        ),
    }
    beside = (
        with_owner(TaskRecord),
        joinedload(TaskRecord.category).load_only(_CATEGORY.name),
    )

    def searches(self, text: str, order: Order, needed: int) -> Sequence[Search]:
        if (wanted := id_in(text)) is not None:
            return [Search(_of_id(wanted), gathers=True)]
        terms, dialect = search_terms(text), self.parts.database.dialect
        every = Search(has_words(dialect, terms), gathers=has_word_index(dialect))
        if not terms or not every.gathers or order.columns != (TASK.id,):
            return [every]
        # What many tasks have is found among the newest. By the index all of it would be gathered.
        return [Search(_among_the_newest(terms, needed), gathers=True, may_miss=True), every]

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.title)


def _of_id(wanted: ULID) -> ColumnElement[bool]:
    return or_(
        TASK.id == wanted,
        TASK.owner_id == wanted,
        TASK.category_id == wanted,
    )


def _among_the_newest(terms: Sequence[str], needed: int) -> ColumnElement[bool]:
    most = max(_NEWEST, _OFTEN * needed)
    newest = select(TASK.id, TASK.search_words).order_by(TASK.id.desc()).limit(most)
    looked_at = newest.subquery("newest")
    found = select(looked_at.c.id).where(reads_words(terms, looked_at.c.search_words))
    return TASK.id.in_(found)
