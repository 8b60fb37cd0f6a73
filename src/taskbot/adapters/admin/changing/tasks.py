"""Changing tasks."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import select
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action, row_action
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.types import RequestAction
from ulid import ULID

from taskbot.adapters.admin.changing.action_forms import action_form
from taskbot.adapters.admin.changing.changing_view import ChangingView
from taskbot.adapters.admin.changing.form_fields import (
    TypedChoice,
    TypedDay,
    TypedDurations,
    TypedMoment,
    TypedText,
    TypedTextArea,
    Version,
)
from taskbot.adapters.admin.records import CATEGORY
from taskbot.adapters.admin.surroundings import by_the_clocks_of
from taskbot.adapters.admin.views.tasks import TasksView
from taskbot.adapters.admin.vocabulary import PRIORITIES
from taskbot.adapters.admin.words import mark, say
from taskbot.application.back_office import TaskChanges, When
from taskbot.application.duration_text import understand_duration
from taskbot.application.keep import KEEP, Keep
from taskbot.domain.ids import CategoryId, TaskId
from taskbot.domain.task import TaskStatus

_MOMENT: Final = TypedMoment("moment")
_DAY: Final = TypedDay("day")
_MINUS: Final = ("-", "−", "–")


def _categories(request: Request) -> list[tuple[str, str]]:
    """What the owner of the task on this page can file it under."""
    return getattr(request.state, "categories", [])


class ChangingTasks(ChangingView, TasksView):
    form = (
        TypedText("new_title", label=mark("Title"), required=True, maxlength=200),
        TypedTextArea("new_description", label=mark("Description"), maxlength=4000),
        TypedChoice(
            "new_category_id",
            label=mark("Category"),
            choices_loader=_categories,
            coerce=lambda typed: CategoryId(ULID.from_str(typed)),
        ),
        TypedChoice(
            "new_priority",
            label=mark("Priority"),
            required=True,
            coerce=int,
            choices=[(int(priority), words) for priority, words in PRIORITIES.items()],
        ),
        TypedMoment(
            "new_due_at",
            label=mark("Due at a moment"),
            help_text=mark("Either a moment or a day, or neither."),
        ),
        TypedDay(
            "new_due_on",
            label=mark("Due on a day"),
            help_text=mark("A whole day on the owner's calendar."),
        ),
        TypedDurations(
            "new_lead_times",
            label=mark("Reminded before"),
            help_text=mark(
                "With commas, such as: 1 d, 2 h, 0. None at all: -. As the owner prefers: empty."
            ),
        ),
        Version("new_version", label=""),
    )
    actions = ("complete", "reschedule", "delete", "export")
    row_actions = ("edit", "complete", "reopen", "remind", "delete")

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        found = await super().find_by_pk(request, pk)
        if found is not None and request.state.action is RequestAction.EDIT:
            request.state.categories = await self._categories_of(request, found.owner_id)
        return found

    async def _categories_of(self, request: Request, owner_id: ULID) -> list[tuple[str, str]]:
        theirs = select(CATEGORY.id, CATEGORY.name).where(CATEGORY.owner_id == owner_id)
        found = await request.state.session.execute(theirs.order_by(CATEGORY.key))
        return [(str(category_id), name) for category_id, name in found]

    async def change(self, request: Request, id: ULID, new: Mapping[str, Any]) -> None:
        changes = TaskChanges(
            version=new["version"],
            title=new["title"],
            description="" if new["description"] is None else new["description"],
            category_id=new["category_id"],
            priority=new["priority"],
            deadline=_deadline(new, request.state.edited),
            lead_times=new["lead_times"],
        )
        await self.parts.back_office.tasks.edit(TaskId(id), changes, **self.who(request))

    def fields_about(self, new: Mapping[str, Any]) -> Mapping[str, str]:
        is_day = isinstance(new["due_on"], date)
        at = "new_due_on" if is_day else "new_due_at"
        return {**super().fields_about(new), "deadline": at}

    @action(
        name="complete",
        text=mark("Complete"),
        confirmation=mark("Complete the selected tasks? Nobody is reminded of them any more."),
        submit_btn_text=mark("Complete"),
        icon_class="fa fa-check",
    )
    async def complete_all(self, request: Request, selection: ActionSelection) -> None:
        deed = self.parts.back_office.tasks.complete_many
        await self.do_to_all(request, selection, TaskId, deed)

    @action(
        name="delete",
        text=mark("Delete"),
        confirmation=mark("Delete the selected tasks? Their owners can undo it for a week."),
        submit_btn_text=mark("Delete"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-trash",
    )
    async def delete_action(self, request: Request, selection: ActionSelection) -> None:
        deed = self.parts.back_office.tasks.delete_many
        await self.do_to_all(request, selection, TaskId, deed)

    @action(
        name="reschedule",
        text=mark("Reschedule"),
        confirmation=mark("Move the deadlines of the selected tasks."),
        submit_btn_text=mark("Reschedule"),
        icon_class="fa fa-calendar",
        form=action_form("actions/reschedule.html"),
        modal_size="md",
    )
    async def reschedule_all(self, request: Request, selection: ActionSelection) -> None:
        to = _wanted(await request.form())
        deed = partial(self.parts.back_office.tasks.reschedule_many, to=to)
        await self.do_to_all(request, selection, TaskId, deed)

    @row_action(
        name="complete",
        text=mark("Complete"),
        confirmation=mark("Complete this task? Its owner gets no more reminders of it."),
        submit_btn_text=mark("Complete"),
        icon_class="fa fa-check",
    )
    async def complete_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.tasks.complete
        await self.do(request, pk, TaskId, deed, say("The task is completed."))

    @row_action(
        name="reopen",
        text=mark("Reopen"),
        confirmation=mark("Reopen this task? Reminders that lie ahead come again."),
        submit_btn_text=mark("Reopen"),
        icon_class="fa fa-rotate-left",
    )
    async def reopen_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.tasks.reopen
        await self.do(request, pk, TaskId, deed, say("The task is open again."))

    @row_action(
        name="remind",
        text=mark("Remind at a moment"),
        confirmation=mark("Remind the owner of this task at this moment, too:"),
        submit_btn_text=mark("Remind"),
        icon_class="fa fa-bell",
        form=action_form("actions/moment.html"),
        exclude_from_list=True,
    )
    async def remind_of_one(self, request: Request, pk: Any) -> None:
        form = await request.form()
        by_the_clocks_of(form)
        try:
            at = _MOMENT.read(str(form.get("moment") or "").strip())
        except ValueError as error:
            raise ActionFailed(str(error)) from error
        deed = partial(self.parts.back_office.reminders.add, at=at)
        await self.do(request, pk, TaskId, deed, say("The reminder is planned."))

    @row_action(
        name="delete",
        text=mark("Delete"),
        confirmation=mark("Delete this task? Its owner can undo it for a week."),
        submit_btn_text=mark("Delete"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-trash",
    )
    async def row_action_3_delete(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.tasks.delete
        await self.do(request, pk, TaskId, deed, say("The task is deleted."))

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        is_open = obj.status == TaskStatus.OPEN
        allowed = {"complete": is_open, "remind": is_open, "reopen": not is_open}
        return request.method == "POST" or allowed.get(name, True)


def _deadline(new: Mapping[str, Any], task: Any) -> When | Keep | None:
    """The deadline that a form has for *task*."""
    at: datetime | Keep | None = new["due_at"]
    on: date | Keep | None = new["due_on"]
    if at is KEEP and on is KEEP:
        return KEEP
    moment: datetime | None = task.due_at if at is KEEP else at
    day: date | None = task.due_on if on is KEEP else on
    if moment is not None and day is not None:
        raise FormValidationError({"new_due_on": say("Either a moment or a day, not both.")})
    return day if moment is None else moment


def _wanted(form: FormData) -> When | timedelta:
    """To what, or by how much, deadlines are to be moved."""
    by_the_clocks_of(form)
    typed = {name: str(form.get(name) or "").strip() for name in ("by", "moment", "day")}
    given = [name for name, text in typed.items() if text]
    if len(given) != 1:
        raise ActionFailed(say("Fill in one of the three."))
    (name,) = given
    try:
        match name:
            case "by":
                return _duration(typed["by"])
            case "moment":
                return _MOMENT.read(typed["moment"])
            case _:
                return _DAY.read(typed["day"])
    except ValueError as error:
        raise ActionFailed(str(error)) from error


def _duration(typed: str) -> timedelta:
    """With a minus before it where deadlines are to come sooner."""
    sign = -1 if typed.startswith(_MINUS) else 1
    found = understand_duration(typed.lstrip("".join(_MINUS)).strip())
    if not found:
        raise ValueError(say("This is not a duration."))
    return sign * found
