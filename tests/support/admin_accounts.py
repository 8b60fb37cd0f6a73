"""Operators who sign in, for tests of what they may and of what is written down of it."""

from typing import Final

from support.core import Core
from taskbot.application.admin_sessions import NewAdminSession
from taskbot.application.ports import AuditQuery
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.audit import AuditEntry
from taskbot.domain.operator import COMMAND_LINE, Role

PASSWORD: Final = "tram 7 stops at noon"
OTHER_PASSWORD: Final = "no parking before 8 p.m."
HOME: Final = "192.0.2.7"


async def an_operator(
    core: Core, name: str = "ann", *, role: Role = Role.EDITOR, password: str | None = PASSWORD
) -> AdminAccount:
    return await core.admin_accounts.create(name, role, password, by=COMMAND_LINE)


async def signed_in(core: Core, name: str = "ann", *, client: str = HOME) -> NewAdminSession:
    return await core.admin_sign_in.sign_in(name, PASSWORD, client=client)


async def written_down(core: Core) -> list[AuditEntry]:
    """The audit log, the newest last."""
    return (await core.queries.audit_entries(AuditQuery(limit=1000)))[::-1]


async def in_short(core: Core) -> list[tuple[str, str, str | None]]:
    """Of each entry who, what, and whether it was refused."""
    return [(one.operator, one.verb, one.refusal) for one in await written_down(core)]
