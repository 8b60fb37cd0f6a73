"""Revoking access tokens."""

from typing import Any

from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action, row_action
from starlette_admin.flash import flash

from taskbot.adapters.admin.changing.changing_view import ChangingView, chosen
from taskbot.adapters.admin.deeds import refused_at_once, tell
from taskbot.adapters.admin.fields import id_from
from taskbot.adapters.admin.views.tokens import TokensView
from taskbot.adapters.admin.words import mark, say
from taskbot.domain.ids import AccessTokenId


class ChangingTokens(ChangingView, TokensView):
    actions = ("revoke", "export")
    row_actions = ("revoke",)

    @action(
        name="revoke",
        text=mark("Revoke"),
        confirmation=mark("Revoke the selected tokens? Their programs are shut out at once."),
        submit_btn_text=mark("Revoke"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-ban",
    )
    async def revoke_all(self, request: Request, selection: ActionSelection) -> None:
        ids = [AccessTokenId(one) for one in await chosen(selection)]
        with refused_at_once():
            outcomes = await self.parts.back_office.access_tokens.revoke_many(
                ids, **self.who(request)
            )
        tell(request, outcomes)

    @row_action(
        name="revoke",
        text=mark("Revoke"),
        confirmation=mark("Revoke this token? Its programs are shut out at once."),
        submit_btn_text=mark("Revoke"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-ban",
    )
    async def revoke_one(self, request: Request, pk: Any) -> None:
        with refused_at_once():
            await self.parts.back_office.access_tokens.revoke(
                AccessTokenId(id_from(pk)), **self.who(request)
            )
        flash(request, say("The token is revoked."), "success")
