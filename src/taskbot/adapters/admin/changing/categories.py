"""Changing categories."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette_admin.actions import row_action
from ulid import ULID

from taskbot.adapters.admin.changing.action_forms import action_form
from taskbot.adapters.admin.changing.changing_view import ChangingView
from taskbot.adapters.admin.changing.form_fields import TypedText, Version
from taskbot.adapters.admin.views.categories import CategoriesView
from taskbot.adapters.admin.words import mark, say
from taskbot.application.back_office import CategoryChanges
from taskbot.application.categories import TasksLeft
from taskbot.domain.ids import CategoryId


class ChangingCategories(ChangingView, CategoriesView):
    form = (
        TypedText("new_name", label=mark("Name"), required=True, maxlength=50),
        TypedText("new_emoji", label=mark("Emoji"), maxlength=16),
        Version("new_version", label=""),
    )
    actions = ("export",)
    row_actions = ("edit", "delete")

    async def change(self, request: Request, id: ULID, new: Mapping[str, Any]) -> None:
        changes = CategoryChanges(version=new["version"], name=new["name"], emoji=new["emoji"])
        await self.parts.back_office.categories.edit(CategoryId(id), changes, **self.who(request))

    @row_action(
        name="delete",
        text=mark("Delete"),
        confirmation=mark("Delete this category?"),
        submit_btn_text=mark("Delete"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-trash",
        form=action_form("actions/category.html"),
    )
    async def row_action_3_delete(self, request: Request, pk: Any) -> None:
        with_tasks = (await request.form()).get("tasks") == TasksLeft.DELETED.value
        deed = partial(
            self.parts.back_office.categories.delete,
            tasks=TasksLeft.DELETED if with_tasks else TasksLeft.UNCATEGORIZED,
        )
        await self.do(request, pk, CategoryId, deed, say("The category is deleted."))
