"""Admin account: an operator's way into the panel."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.errors import AdminAccountInactive, AdminNameUnusable, LastEditor
from taskbot.domain.ids import AdminAccountId
from taskbot.domain.operator import Operator, Role
from taskbot.domain.timezone import aware_utc, aware_utc_or_none

NAME_LIMIT: Final = 64
_LONGEST_ADDRESS: Final = 64
_NAME: Final = re.compile(rf"[a-z0-9._@-]{{1,{NAME_LIMIT}}}")


def admin_name(given: str) -> str:
    """*given* in small letters, as names are kept. Raise `AdminNameUnusable`."""
    name = given.strip().lower()
    if not _NAME.fullmatch(name):
        raise AdminNameUnusable(NAME_LIMIT)
    return name


def _address(raw: str | None) -> str | None:
    return None if raw is None else raw[:_LONGEST_ADDRESS]


@frozen(kw_only=True)
class AdminAccount:
    """*password_hash*: None as long as nobody has chosen a password by the one-time link.

    *signed_in_at*, *signed_in_from*: the last time, and the address that it came from.
    """

    id: AdminAccountId
    name: str = field(converter=admin_name)
    role: Role = field(converter=Role)
    password_hash: str | None = field(default=None, repr=False)
    active: bool = True
    created_at: datetime = field(converter=aware_utc)
    signed_in_at: datetime | None = field(default=None, converter=aware_utc_or_none)
    signed_in_from: str | None = field(default=None, converter=_address)
    version: int = 1

    @property
    def operator(self) -> Operator:
        """Who acts where this account is signed in."""
        return Operator(self.name, self.role)

    @property
    def may_sign_in(self) -> bool:
        return self.active and self.password_hash is not None

    @property
    def is_acting_editor(self) -> bool:
        """Whether somebody can sign in by it and mend things."""
        return self.may_sign_in and self.role is Role.EDITOR

    def require_active(self) -> None:
        """Raise `AdminAccountInactive` if it has been deactivated."""
        if not self.active:
            raise AdminAccountInactive(self.name)

    def change_role(self, role: Role, *, editors: Collection[Self]) -> Self:
        """Give it another role. *editors*: as for `deactivate`."""
        if role is not Role.EDITOR:
            self._require_another(editors)
        return evolve(self, role=role)

    def deactivate(self, *, editors: Collection[Self]) -> Self:
        """Let nobody sign in by it any more. *editors*: all accounts that are acting editors.

        Raise `LastEditor` if none of them would remain.
        """
        self._require_another(editors)
        return evolve(self, active=False)

    def _require_another(self, editors: Collection[Self]) -> None:
        counts = self.active and self.role is Role.EDITOR
        if counts and not any(one.is_acting_editor and one.id != self.id for one in editors):
            raise LastEditor(self.name)

    def reactivate(self) -> Self:
        return evolve(self, active=True)

    def with_password(self, password_hash: str) -> Self:
        """Sign in by this password from now on."""
        return evolve(self, password_hash=password_hash)

    def sign_in(self, *, now: datetime, address: str) -> Self:
        """Note that somebody signed in. *address*: the client's, as far as it is known."""
        return evolve(self, signed_in_at=now, signed_in_from=address)
