"""Tasks of all people."""

from typing import Any

from starlette.requests import Request
from starlette_admin.fields import EnumField, HasOne, IntegerField, StringField, TextAreaField

from taskbot.adapters.admin.fields import IdField, MomentField
from taskbot.adapters.admin.records import TaskRecord
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.words import mark
from taskbot.domain.task import TaskStatus


class TasksView(RecordView):
    record = TaskRecord
    key = "tasks"
    menu_label = mark("Tasks")
    display_name = mark("task")
    icon = "fa fa-list-check"
    fields = (
        StringField("title", label=mark("Title"), required=True, maxlength=200),
        HasOne("owner", label=mark("Owner"), key="people", read_only=True),
        EnumField("status", label=mark("Status"), enum=TaskStatus, read_only=True),
        IntegerField("priority", label=mark("Priority")),
        MomentField("due_at", label=mark("Due")),
        MomentField("created_at", label=mark("Created"), read_only=True),
        TextAreaField("description", label=mark("Description"), exclude_from_list=True),
        IdField("id", label=mark("Id")),
    )
    searchable_fields = ("title",)
    sortable_fields = ("created_at", "due_at")
    fields_default_sort = (("created_at", True),)

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.title)
