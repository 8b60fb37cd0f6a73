"""What all views have in common by which something is changed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette_admin.actions import ActionSelection
from starlette_admin.exceptions import FormValidationError
from starlette_admin.fields import BaseField
from starlette_admin.flash import flash
from starlette_admin.types import RequestAction
from ulid import ULID

from taskbot.adapters.admin.changing.form_fields import TypedField, Version, names_of, read_form
from taskbot.adapters.admin.deeds import refused_at_fields, refused_at_once, tell
from taskbot.adapters.admin.fields import id_from
from taskbot.adapters.admin.links import page_link
from taskbot.adapters.admin.parts import PanelParts
from taskbot.adapters.admin.refusals import in_words
from taskbot.adapters.admin.sessions import client_of, operator_of
from taskbot.adapters.admin.views.record_view import RecordView
from taskbot.adapters.admin.words import say
from taskbot.application.back_office import MANY_LIMIT, Outcome
from taskbot.domain.errors import DomainError, StaleCategory, StaleTask, StaleUser
from taskbot.domain.operator import Operator, Role
from taskbot.domain.text import shortened

_STALE: Final = (StaleCategory, StaleTask, StaleUser)
_LONGEST_TOLD: Final = 300
"""Characters of what somebody else has written into a field."""
_LONGEST_NAMED: Final = 80

_Id = TypeVar("_Id")
_Id_contra = TypeVar("_Id_contra", contravariant=True)


class _Deed(Protocol[_Id_contra]):
    def __call__(
        self, id: _Id_contra, /, *, by: Operator, client: str | None
    ) -> Awaitable[object]: ...


class _DeedOnMany(Protocol[_Id_contra]):
    def __call__(
        self, ids: Sequence[_Id_contra], /, *, by: Operator, client: str | None
    ) -> Awaitable[Sequence[Outcome]]: ...


class ChangingView(RecordView):
    """A view with a *form* for each thing, and with actions.

    Viewers see neither. Who sends one nevertheless is refused by the use case, which writes that
    down; so nothing is turned away before it.

    Deleting is called as the library calls it, `row_action_3_delete` and `delete_action`: it finds
    actions by what they are called, and its own would stand in the place of ours.
    """

    form: ClassVar[Sequence[BaseField]] = ()
    action_select_all_limit = MANY_LIMIT

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

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        found = await super().find_by_pk(request, pk)
        if request.state.action is RequestAction.EDIT:
            request.state.edited = found
        return found

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        before = request.state.edited
        read = await read_form(request, self.form, data)
        try:
            with refused_at_fields(request, self.fields_about(read), but_for=_STALE):
                await self.change(request, id_from(pk), read)
        except _STALE as refusal:
            raise await self._overtaken(request, pk, data, refusal) from refusal
        return await self._anew(request, pk) or before

    async def change(self, request: Request, id: ULID, new: Mapping[str, Any]) -> None:
        """Have the back office change the thing to what is *new*, as `read_form` has it."""
        raise NotImplementedError("there is no form for it")

    def fields_about(self, new: Mapping[str, Any]) -> Mapping[str, str]:
        """At which field of the form a refusal is shown, by what it is about."""
        return names_of(self.form)

    async def _overtaken(
        self, request: Request, pk: Any, typed: dict[str, Any], refusal: DomainError
    ) -> FormValidationError:
        """Show the form again, as it was filled in, with what is there by now beside it.

        It is good for that: who saves it once more knows what it is that they change.
        """
        errors: dict[str | int, Any] = {}
        if await self._anew(request, pk) is not None:
            for one in self.form:
                if isinstance(one, Version):
                    typed[one.name] = await one.shown(request)
                elif isinstance(one, TypedField) and one.is_told:
                    shown = await one.shown(request)
                    if not one.is_same(typed[one.name].strip(), shown):
                        told = shortened(one.in_words(request, shown), _LONGEST_TOLD) or "—"
                        errors[one.name] = say("It is this now: %(value)s", value=told)
        flash(request, in_words(refusal), "error")
        if errors:
            flash(request, say("Once you save it again, it is as you have it here."), "warning")
        return FormValidationError(errors)

    async def _anew(self, request: Request, pk: Any) -> Any:
        """The thing as it is by now: a transaction sees what there was when it began."""
        session = request.state.session
        session.expunge_all()
        await session.rollback()
        return await self.find_by_pk(request, pk)

    async def handle_row_action(self, request: Request, pk: Any, name: str) -> Response | None:
        """Lead away from the page of what is no longer in this list."""
        answer: Response | None = await super().handle_row_action(request, pk, name)
        origin = urlsplit(request.query_params.get("_origin") or "")
        is_from_its_page = (
            origin.path == urlsplit(page_link(request, str(self.key), id_from(pk))).path
        )
        if answer is None and is_from_its_page and await self._anew(request, pk) is None:
            route = f"{request.app.state.ROUTE_NAME}:list"
            answer = JSONResponse({"redirect": str(request.url_for(route, key=self.key))})
        return answer

    async def repr(self, obj: Any, request: Request) -> str:
        """As short as is told on the next page: that is carried there in a cookie."""
        told = str(await super().repr(obj, request))
        return shortened(told, _LONGEST_NAMED) if request.state.action.is_form() else told

    def page(self, request: Request, template: str, values: dict[str, Any]) -> Response:
        """A page by itself, as the answer to an action."""
        if self._admin is None:
            raise TypeError("a view without a panel has no pages")
        return self._admin.templates.TemplateResponse(request, template, values)

    def who(self, request: Request) -> dict[str, Any]:
        """Who acts, and from where, as the back office asks for it."""
        return {"by": operator_of(request), "client": client_of(request)}

    async def do(
        self,
        request: Request,
        pk: Any,
        kind: Callable[[ULID], _Id],
        deed: _Deed[_Id],
        done: str,
    ) -> None:
        """Do it to one thing, whose id is one of this *kind*, and say that it is *done*."""
        with refused_at_once():
            await deed(kind(id_from(pk)), **self.who(request))
        flash(request, done, "success")

    async def do_to_all(
        self,
        request: Request,
        selection: ActionSelection,
        kind: Callable[[ULID], _Id],
        deed: _DeedOnMany[_Id],
    ) -> None:
        """Do it to whatever is selected, and say what became of each."""
        ids = [kind(id_from(pk)) for pk in await selection.pks()]
        with refused_at_once():
            outcomes = await deed(ids, **self.who(request))
        tell(request, outcomes)
