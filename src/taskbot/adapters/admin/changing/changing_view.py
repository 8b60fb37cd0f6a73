"""What all views have in common by which something is changed."""

from collections.abc import Sequence
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.actions import ActionSelection
from starlette_admin.fields import BaseField
from starlette_admin.types import RequestAction
from ulid import ULID

from taskbot.adapters.admin.changing.form_fields import TypedField, names_of, read_form
from taskbot.adapters.admin.deeds import refused_at_fields
from taskbot.adapters.admin.fields import id_from
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.sessions import client_of, operator_of
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.domain.operator import Role


class ChangingView(RecordView):
    """A view with a *form* for each thing, and with actions.

    Viewers see neither. Who sends one nevertheless is refused by the use case, which writes that
    down; so nothing is turned away before it.
    """

    form: ClassVar[Sequence[BaseField]] = ()

    def __init__(self, parts: PanelParts) -> None:
        self.fields = (*self.fields, *self.form)
        super().__init__(parts)

    def may_change(self, request: Request) -> bool:
        return request.method == "POST" or operator_of(request).role is Role.EDITOR

    def can_edit(self, request: Request) -> bool:
        return bool(self.form) and self.may_change(request)

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        return name == "export" or self.may_change(request)

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        return name == "view" or self.may_change(request)

    def can_access_field(
        self, request: Request, field: BaseField, action: RequestAction | None = None
    ) -> bool:
        """Forms have the fields of forms, and everything else has the others."""
        action = request.state.action if action is None else action
        if action.is_form():
            return isinstance(field, TypedField)
        return bool(super().can_access_field(request, field, action))

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        read = read_form(self.form, data)
        with refused_at_fields(request, names_of(self.form)):
            await self.change(request, id_from(pk), read)
        request.state.session.expire_all()
        return await self.find_by_pk(request, pk)

    async def change(self, request: Request, id: ULID, new: dict[str, Any]) -> None:
        """Have the back office change the thing to what is *new*: everything that the form has."""
        raise NotImplementedError("there is no form for it")

    def page(self, request: Request, template: str, values: dict[str, Any]) -> Response:
        """A page by itself, as the answer to an action."""
        if self._admin is None:
            raise TypeError("a view without a panel has no pages")
        return self._admin.templates.TemplateResponse(request, template, values)

    def who(self, request: Request) -> dict[str, Any]:
        """Who acts, and from where, as the back office asks for it."""
        return {"by": operator_of(request), "client": client_of(request)}


async def chosen(selection: ActionSelection) -> list[ULID]:
    """What an action is to be done to."""
    return [id_from(pk) for pk in await selection.pks()]
