"""Accounts: leaving, and staying after all."""

from attrs import frozen

from taskbot.application.ports import Clock, Transactions, UnitOfWork
from taskbot.application.transactions import transactional
from taskbot.domain.ids import UserId
from taskbot.domain.user import User


@frozen
class AccountService:
    """Who leaves can go on as before in all but one thing: no reminders are sent.

    They may look, export, tidy up and make tasks; their access tokens stay good, for it may be by
    one of these that they change their mind. Nothing but `stay` takes the leaving back, least of
    all a message to the bot. When the grace period is over, purging deletes everything of theirs
    (see `MaintenanceService`), and by then nobody is let in any more.
    """

    _transactions: Transactions
    _clock: Clock

    @transactional
    async def leave(self, uow: UnitOfWork, *, actor: UserId) -> User:
        """Ask for everything to be deleted, after a grace period; `deletion_at` says when.

        Asking again postpones nothing.
        """
        now = self._clock.now()
        user = await uow.users.get(actor)
        user.require_here(now=now)
        if user.is_leaving:
            return user
        leaving = await uow.users.update(user.leave(now=now))
        await uow.reminders.hold(actor)
        return leaving

    @transactional
    async def stay(self, uow: UnitOfWork, *, actor: UserId) -> User:
        """Take the leaving back: reminders that were held are on their way again.

        Raise `NotLeaving`, or `AccountBeingDeleted` where it is too late.
        """
        user = await uow.users.get(actor)
        staying = await uow.users.update(user.stay(now=self._clock.now()))
        if staying.may_be_reminded:
            await uow.reminders.resume(actor)
        return staying
