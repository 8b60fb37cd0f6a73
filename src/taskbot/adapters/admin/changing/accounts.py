"""Deciding who may sign in to the panel, and as what."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.actions import row_action
from starlette_admin.fields import BaseField
from starlette_admin.flash import flash
from starlette_admin.types import RequestAction
from ulid import ULID

from taskbot.adapters.admin.changing.changing_view import ChangingView
from taskbot.adapters.admin.changing.form_fields import TypedChoice, TypedText, names_of, read_form
from taskbot.adapters.admin.deeds import refused_at_fields
from taskbot.adapters.admin.fields import id_from
from taskbot.adapters.admin.links import page_link
from taskbot.adapters.admin.refusals import in_words
from taskbot.adapters.admin.views.accounts import AccountsView
from taskbot.adapters.admin.vocabulary import ROLES
from taskbot.adapters.admin.words import mark, say
from taskbot.application.keep import KEEP
from taskbot.domain.admin_account import NAME_LIMIT
from taskbot.domain.errors import DomainError
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import Role


class ChangingAccounts(ChangingView, AccountsView):
    form = (
        TypedText("new_name", label=mark("Name"), required=True, maxlength=NAME_LIMIT),
        TypedChoice(
            "new_role",
            label=mark("Role"),
            required=True,
            coerce=Role,
            choices=[(role.value, words) for role, words in ROLES.items()],
        ),
    )
    actions = ("export",)
    row_actions = ("edit", "link", "deactivate", "reactivate")

    def can_create(self, request: Request) -> bool:
        return self.may_change(request)

    def can_access_field(
        self, request: Request, field: BaseField, action: RequestAction | None = None
    ) -> bool:
        """A name is chosen once: it stands in the audit log."""
        action = request.state.action if action is None else action
        if action is RequestAction.EDIT and field.name == "new_name":
            return False
        return super().can_access_field(request, field, action)

    async def create(self, request: Request, data: dict[str, Any]) -> Any:
        new = await read_form(request, self.form, data)
        with refused_at_fields(request, names_of(self.form)):
            made = await self.parts.accounts.create(
                new["name"], new["role"], None, **self.who(request)
            )
        flash(request, say("Now make a one-time link, by which the password is chosen."), "info")
        return await self.find_by_pk(request, made.id)

    async def change(self, request: Request, id: ULID, new: Mapping[str, Any]) -> None:
        role = Role(request.state.edited.role) if new["role"] is KEEP else new["role"]
        await self.parts.accounts.change_role(AdminAccountId(id), role, **self.who(request))

    @row_action(
        name="link",
        text=mark("One-time link"),
        confirmation=mark(
            "Make a link by which the password is chosen anew? It is good once, for 24 hours."
        ),
        submit_btn_text=mark("Make the link"),
        icon_class="fa fa-link",
        custom_response=True,
    )
    async def link_for_one(self, request: Request, pk: Any) -> Response:
        account_id = AdminAccountId(id_from(pk))
        own_page = page_link(request, str(self.key), account_id)
        try:
            secret = await self.parts.accounts.invite(account_id, **self.who(request))
        except DomainError as refusal:
            # No script waits for this answer: browsers would show it as it comes.
            flash(request, in_words(refusal), "error")
            return RedirectResponse(own_page, HTTPStatus.SEE_OTHER)
        account = await self.parts.accounts.get(account_id)
        address = request.url_for(f"{request.app.state.ROUTE_NAME}:invitation")
        values = {"name": account.name, "link": f"{address}#{secret}", "back": own_page}
        return self.page(request, "link.html", values)

    @row_action(
        name="deactivate",
        text=mark("Deactivate"),
        confirmation=mark("Let nobody sign in by this account? Its sessions end at once."),
        submit_btn_text=mark("Deactivate"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-user-lock",
    )
    async def deactivate_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.accounts.deactivate
        await self.do(request, pk, AdminAccountId, deed, say("The account is deactivated."))

    @row_action(
        name="reactivate",
        text=mark("Reactivate"),
        confirmation=mark("Let this account sign in again, by its old password?"),
        submit_btn_text=mark("Reactivate"),
        icon_class="fa fa-unlock",
    )
    async def reactivate_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.accounts.reactivate
        await self.do(request, pk, AdminAccountId, deed, say("The account may sign in again."))

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        allowed = {"link": obj.active, "deactivate": obj.active, "reactivate": not obj.active}
        return request.method == "POST" or allowed.get(name, True)
