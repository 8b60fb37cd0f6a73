"""Signing in and out, one-time links, and passwords: the pages that lead into the panel."""

from http import HTTPStatus
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette_admin.auth import AdminUser, AuthMiddleware, BaseAuthProvider, login_not_required
from starlette_admin.flash import flash
from starlette_admin.helpers import index_url, safe_redirect_url

from taskbot.adapters.admin.refusals import in_words
from taskbot.adapters.admin.sessions import (
    SignedIn,
    client_of,
    is_renewal,
    keep_session,
    lose_session,
    refuse_plain_http,
    session_secret,
)
from taskbot.adapters.admin.words import say
from taskbot.application.admin_sessions import NewAdminSession
from taskbot.application.admin_sign_in import AdminSignInService
from taskbot.application.invitations import InvitationService
from taskbot.domain.errors import (
    DomainError,
    InvalidValue,
    InvitationUnusable,
    NotSignedIn,
    SignInRefused,
    TooManySignIns,
)

_FROM_SCRIPTS: Final = "x-csrftoken"
"""The header by which a script shows that a page of ours runs it; forms have a field for that."""
_ONLY_FOR_PAGES: Final = "/_api/"
"""Addresses that a page of ours asks, and that nobody can look at."""


class _Door(AuthMiddleware):
    """As the library's, but it says to the script that waits for an answer what is the matter.

    It would follow to the sign-in page, and take that for the answer.
    """

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        answer = await super().dispatch(request, call_next)
        if request.state.is_anonymous and _FROM_SCRIPTS in request.headers:
            told = say("The session is over: sign in again.")
            return JSONResponse({"msg": told}, HTTPStatus.BAD_REQUEST)
        return answer


class Entrance(BaseAuthProvider):
    """Lets those in who have a session, and shows all others the way to one."""

    def __init__(self, service: AdminSignInService, invitations: InvitationService) -> None:
        super().__init__()
        self._service, self._invitations = service, invitations

    def get_middleware(self) -> Middleware:
        return Middleware(_Door, provider=self)

    async def authenticate(self, request: Request) -> AdminUser | None:
        secret = session_secret(request)
        if secret is None:
            return None
        try:
            found = await self._service.authenticate(secret, is_use=not is_renewal(request))
        except NotSignedIn:
            return None
        return SignedIn(username=found.account.name, operator=found.account.operator)

    def get_routes(self, templates: Jinja2Templates) -> list[Route]:
        pages = _Pages(self._service, self._invitations, templates)
        both = ["GET", "POST"]
        return [
            Route(self.login_path, pages.sign_in, methods=both, name="login"),
            Route(self.logout_path, pages.sign_out, methods=["POST"], name="logout"),
            Route("/invitation", pages.invitation, methods=both, name="invitation"),
            Route("/password", pages.password, methods=both, name="password"),
        ]


class _Pages:
    def __init__(
        self,
        service: AdminSignInService,
        invitations: InvitationService,
        templates: Jinja2Templates,
    ) -> None:
        self._service, self._invitations, self._templates = service, invitations, templates

    async def sign_in(self, request: Request) -> Response:
        if getattr(request.state, "admin_user", None) is not None:
            return _onwards(request)
        if request.method == "GET":
            return self._page(request, "login.html")
        refuse_plain_http(request)
        form = await request.form()
        name = _text(form, "username")
        try:
            new = await self._service.sign_in(
                name, _text(form, "password"), client=client_of(request)
            )
        except (SignInRefused, TooManySignIns) as refusal:
            return self._page(request, "login.html", refusal, error=in_words(refusal), name=name)
        return _entered(request, new)

    async def sign_out(self, request: Request) -> Response:
        secret = session_secret(request)
        if secret is not None:
            await self._service.sign_out(secret, client=client_of(request))
        return lose_session(request, _to(request, "login"))

    @login_not_required
    async def invitation(self, request: Request) -> Response:
        """Open a one-time link.

        Its secret is behind the `#` of the address, which no browser sends to anybody: the page
        itself hands it over, in the form of a code that can be pasted as well.
        """
        if request.method == "GET":
            return self._page(request, "invitation.html")
        refuse_plain_http(request)
        form = await request.form()
        code = _text(form, "code").strip().rpartition("#")[2]
        try:
            invited = await self._invitations.look_at(code)
        except InvitationUnusable as refusal:
            return self._page(request, "invitation.html", refusal, error=in_words(refusal))
        given: dict[str, Any] = {"code": code, "invited": invited, "name": _text(form, "name")}
        if "password" not in form:
            return self._page(request, "invitation.html", **given)
        if _text(form, "password") != _text(form, "again"):
            errors = {"again": say("This is not what you typed above.")}
            return self._page(request, "invitation.html", errors=errors, **given)
        try:
            new = await self._invitations.accept(
                code,
                name=_text(form, "name"),
                password=_text(form, "password"),
                client=client_of(request),
            )
        except InvalidValue as refusal:
            errors = {refusal.field: in_words(refusal)}
            return self._page(request, "invitation.html", refusal, errors=errors, **given)
        except InvitationUnusable as refusal:
            return self._page(request, "invitation.html", refusal, error=in_words(refusal))
        return _entered(request, new)

    async def password(self, request: Request) -> Response:
        if request.method == "GET":
            return self._page(request, "password.html")
        form = await request.form()
        secret = session_secret(request)
        if secret is None:
            return _to(request, "login")
        if _text(form, "password") != _text(form, "again"):
            errors = {"again": say("This is not what you typed above.")}
            return self._page(request, "password.html", errors=errors)
        try:
            new = await self._service.change_password(
                secret,
                current=_text(form, "current_password"),
                new=_text(form, "password"),
                client=client_of(request),
            )
        except InvalidValue as refusal:
            errors = {refusal.field: in_words(refusal)}
            return self._page(request, "password.html", refusal, errors=errors)
        except TooManySignIns as refusal:
            return self._page(request, "password.html", refusal, error=in_words(refusal))
        except NotSignedIn:
            return _to(request, "login")
        flash(
            request, say("The password is changed, and all other sessions have ended."), "success"
        )
        return keep_session(request, _to(request, "index"), new.secret)

    def _page(
        self, request: Request, page: str, refusal: DomainError | None = None, /, **values: Any
    ) -> Response:
        status = HTTPStatus.OK
        headers: dict[str, str] = {}
        if refusal is not None or "errors" in values:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        if isinstance(refusal, TooManySignIns):
            status = HTTPStatus.TOO_MANY_REQUESTS
            headers = {"Retry-After": str(refusal.seconds)}
        return self._templates.TemplateResponse(
            request, page, {"errors": {}, **values}, status_code=status, headers=headers
        )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _entered(request: Request, new: NewAdminSession) -> Response:
    return keep_session(request, _onwards(request), new.secret)


def _onwards(request: Request) -> RedirectResponse:
    """Where they were going; never to another site."""
    index = index_url(request)
    wanted = request.query_params.get("next") or index
    if _ONLY_FOR_PAGES in wanted:
        wanted = index
    return RedirectResponse(safe_redirect_url(wanted, request, index), HTTPStatus.SEE_OTHER)


def _to(request: Request, page: str) -> RedirectResponse:
    name = f"{request.app.state.ROUTE_NAME}:{page}"
    return RedirectResponse(request.url_for(name), HTTPStatus.SEE_OTHER)
