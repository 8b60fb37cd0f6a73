"""Beginning and ending sessions of operators, inside of one transaction."""

from datetime import datetime

from attrs import field, frozen

from taskbot.application.ports import UnitOfWork
from taskbot.domain.admin_account import AdminAccount
from taskbot.domain.admin_session import AdminSession, new_admin_secret
from taskbot.domain.ids import AdminAccountId


@frozen
class NewAdminSession:
    """The one time that the secret is seen: it is the value of the cookie."""

    account: AdminAccount
    session: AdminSession
    secret: str = field(repr=False)


async def begin_session(
    uow: UnitOfWork, account: AdminAccount, *, client: str, now: datetime
) -> NewAdminSession:
    """Store *account* as that of somebody who signs in from *client*, and a session of theirs."""
    stored = await uow.admin_accounts.update(account.sign_in(now=now, address=client))
    return await new_session(uow, stored, now=now)


async def new_session(uow: UnitOfWork, account: AdminAccount, *, now: datetime) -> NewAdminSession:
    secret = new_admin_secret()
    session = AdminSession.for_secret(secret, account_id=account.id, now=now)
    await uow.admin_sessions.add(session)
    return NewAdminSession(account, session, secret)


async def end_ways_in(uow: UnitOfWork, account_id: AdminAccountId) -> None:
    """End all sessions of the account, and make its one-time link void."""
    await uow.admin_sessions.end_all(account_id)
    await uow.invitations.withdraw(account_id)
