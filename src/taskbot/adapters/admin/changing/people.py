"""Changing how people are spoken to and reminded, and letting them go."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action, row_action
from ulid import ULID

from taskbot.adapters.admin.changing.changing_view import ChangingView
from taskbot.adapters.admin.changing.form_fields import (
    TypedChoice,
    TypedClockTime,
    TypedDurations,
    TypedText,
    Version,
)
from taskbot.adapters.admin.views.people import PeopleView
from taskbot.adapters.admin.vocabulary import LANGUAGES, MOVES
from taskbot.adapters.admin.words import mark, say
from taskbot.application.back_office import PersonChanges
from taskbot.application.keep import KEEP
from taskbot.domain.ids import UserId
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.user import GRACE, Language

_MOVES_BY_DEFAULT: Final = TimedDeadlines.KEEP_MOMENT


class ChangingPeople(ChangingView, PeopleView):
    form = (
        TypedChoice(
            "new_language",
            label=mark("Language"),
            required=True,
            coerce=Language,
            choices=[(language.value, words) for language, words in LANGUAGES.items()],
        ),
        TypedText(
            "new_timezone",
            label=mark("Time zone"),
            required=True,
            maxlength=64,
            help_text=mark("A name of the IANA database, such as Europe/Berlin."),
        ),
        TypedChoice(
            "new_timed_deadlines",
            label=mark("Where the time zone changes, deadlines with a time"),
            required=True,
            coerce=TimedDeadlines,
            choices=[(kept.value, words) for kept, words in MOVES.items()],
            getter=lambda *_: _MOVES_BY_DEFAULT,
        ),
        TypedDurations("new_lead_times", label=mark("Reminded before"), required=True),
        TypedClockTime("new_day_start", label=mark("Day starts at"), required=True),
        Version("new_version", label=""),
    )
    actions = ("pause", "resume", "export")
    row_actions = ("edit", "pause", "resume", "leave", "stay")

    async def change(self, request: Request, id: ULID, new: Mapping[str, Any]) -> None:
        timed = new["timed_deadlines"]
        changes = PersonChanges(
            version=new["version"],
            language=new["language"],
            timezone=new["timezone"],
            timed_deadlines=_MOVES_BY_DEFAULT if timed is KEEP else timed,
            lead_times=new["lead_times"],
            day_start=new["day_start"],
        )
        await self.parts.back_office.people.edit(UserId(id), changes, **self.who(request))

    @action(
        name="pause",
        text=mark("Pause reminders"),
        confirmation=mark("Send the selected people no reminders until they, or you, resume them?"),
        submit_btn_text=mark("Pause"),
        icon_class="fa fa-pause",
    )
    async def pause_all(self, request: Request, selection: ActionSelection) -> None:
        deed = self.parts.back_office.people.pause_many
        await self.do_to_all(request, selection, UserId, deed)

    @action(
        name="resume",
        text=mark("Resume reminders"),
        confirmation=mark("Send the selected people reminders again, and those that were held?"),
        submit_btn_text=mark("Resume"),
        icon_class="fa fa-play",
    )
    async def resume_all(self, request: Request, selection: ActionSelection) -> None:
        deed = self.parts.back_office.people.resume_many
        await self.do_to_all(request, selection, UserId, deed)

    @row_action(
        name="pause",
        text=mark("Pause reminders"),
        confirmation=mark("Send this person no reminders until they, or you, resume them?"),
        submit_btn_text=mark("Pause"),
        icon_class="fa fa-pause",
    )
    async def pause_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.people.pause
        await self.do(request, pk, UserId, deed, say("The reminders are paused."))

    @row_action(
        name="resume",
        text=mark("Resume reminders"),
        confirmation=mark("Send this person reminders again, and those that were held?"),
        submit_btn_text=mark("Resume"),
        icon_class="fa fa-play",
    )
    async def resume_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.people.resume
        await self.do(request, pk, UserId, deed, say("The reminders are resumed."))

    @row_action(
        name="leave",
        text=mark("Delete the account"),
        confirmation=mark(
            "Delete this person and everything of theirs? They have 14 days to change their mind."
        ),
        submit_btn_text=mark("Delete"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-user-slash",
        exclude_from_list=True,
    )
    async def leave(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.people.start_leaving
        told = say("The account is deleted in %(days)s days.", days=GRACE.days)
        await self.do(request, pk, UserId, deed, told)

    @row_action(
        name="stay",
        text=mark("Keep the account"),
        confirmation=mark("Keep this person and everything of theirs?"),
        submit_btn_text=mark("Keep"),
        icon_class="fa fa-user-check",
        exclude_from_list=True,
    )
    async def stay(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.people.stop_leaving
        await self.do(request, pk, UserId, deed, say("The account stays."))

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        is_leaving = obj.deletion_at is not None
        allowed = {
            "pause": not obj.paused,
            "resume": obj.paused,
            "leave": not is_leaving,
            "stay": is_leaving,
        }
        return request.method == "POST" or allowed.get(name, True)
