"""Revoking access tokens."""

from typing import Any

from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action, row_action

from taskbot.adapters.admin.changing.changing_view import ChangingView
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
        deed = self.parts.back_office.access_tokens.revoke_many
        await self.do_to_all(request, selection, AccessTokenId, deed)

    @row_action(
        name="revoke",
        text=mark("Revoke"),
        confirmation=mark("Revoke this token? Its programs are shut out at once."),
        submit_btn_text=mark("Revoke"),
        submit_btn_class="action.modal_confirm_button_delete",
        icon_class="fa fa-ban",
    )
    async def revoke_one(self, request: Request, pk: Any) -> None:
        deed = self.parts.back_office.access_tokens.revoke
        await self.do(request, pk, AccessTokenId, deed, say("The token is revoked."))
