"""Taking reminders back, and deciding on those that were given up."""

from typing import Any

from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action, row_action

from taskbot.adapters.admin.changing.changing_view import ChangingView
from taskbot.adapters.admin.views.dead_letters import DeadLettersView
from taskbot.adapters.admin.views.reminders import RemindersView
from taskbot.adapters.admin.words import mark, say
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import PENDING


class ChangingReminders(ChangingView, RemindersView):
    actions = ("export",)
    row_actions = ("remove",)

    @row_action(
        name="remove",
        text=mark("Take back"),
        confirmation=mark("Do not send this reminder?"),
        submit_btn_text=mark("Take back"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-bell-slash",
    )
    async def remove_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.reminders.remove
        await self.do(request, pk, ReminderId, deed, say("The reminder is taken back."))

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        return request.method == "POST" or obj.state in {state.value for state in PENDING}


class ChangingDeadLetters(ChangingView, DeadLettersView):
    actions = ("retry", "discard", "export")
    row_actions = ("retry", "discard")

    @action(
        name="retry",
        text=mark("Retry"),
        confirmation=mark("Try to send the selected reminders anew? People are told how late."),
        submit_btn_text=mark("Retry"),
        icon_class="fa fa-rotate-right",
    )
    async def retry_all(self, request: Request, selection: ActionSelection) -> None:
        deed = self.parts.back_office.reminders.retry_many
        await self.do_to_all(request, selection, ReminderId, deed)

    @action(
        name="discard",
        text=mark("Discard"),
        confirmation=mark("Put the selected reminders away? Nobody is reminded by them."),
        submit_btn_text=mark("Discard"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-trash",
    )
    async def discard_all(self, request: Request, selection: ActionSelection) -> None:
        deed = self.parts.back_office.reminders.discard_many
        await self.do_to_all(request, selection, ReminderId, deed)

    @row_action(
        name="retry",
        text=mark("Retry"),
        confirmation=mark("Try to send this reminder anew? Who gets it is told how late."),
        submit_btn_text=mark("Retry"),
        icon_class="fa fa-rotate-right",
    )
    async def retry_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.reminders.retry
        await self.do(request, pk, ReminderId, deed, say("It is tried anew."))

    @row_action(
        name="discard",
        text=mark("Discard"),
        confirmation=mark("Put this reminder away? Nobody is reminded by it."),
        submit_btn_text=mark("Discard"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-trash",
    )
    async def discard_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.reminders.discard
        await self.do(request, pk, ReminderId, deed, say("It is put away."))
