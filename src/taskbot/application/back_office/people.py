"""People's settings and accounts, mended by operators."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import time, timedelta

from attrs import evolve, frozen

from taskbot.application.accounts import AccountService
from taskbot.application.back_office.deeds import (
    Deed,
    Deeds,
    Done,
    JoinedTransactions,
    Outcome,
    Work,
)
from taskbot.application.back_office.states import state_of_person
from taskbot.application.keep import KEEP, Keep
from taskbot.application.ports import Clock, UnitOfWork
from taskbot.application.users import EditUser, UserService
from taskbot.domain.audit import AuditedKind, AuditVerb
from taskbot.domain.ids import UserId
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.operator import Operator
from taskbot.domain.user import Language, User


@frozen(kw_only=True)
class PersonChanges:
    """Change what is given, in one go; the rest stays. See `EditUser`.

    Naming the time zone that the person has already does not make it one that they chose.
    """

    version: int | None = None
    language: Language | Keep = KEEP
    timezone: str | Keep = KEEP
    timed_deadlines: TimedDeadlines = TimedDeadlines.KEEP_MOMENT
    lead_times: Sequence[timedelta] | Keep = KEEP
    day_start: time | Keep = KEEP
    notifications: bool | Keep = KEEP


@frozen
class PersonBackOffice:
    """What people do for themselves: see `UserService` and `AccountService`.

    *by*: an editor, else `RoleInsufficient`. *client*: the operator's address, if it is known. Of
    who has left nothing is changed: `AccountBeingDeleted`.
    """

    _deeds: Deeds
    _users: UserService
    _accounts: AccountService
    _clock: Clock

    async def edit(
        self, user_id: UserId, changes: PersonChanges, *, by: Operator, client: str | None
    ) -> User:
        deed = _deed(AuditVerb.PERSON_EDIT, user_id, by, client)
        return await self._deeds.do(deed, self._editing(user_id, changes))

    async def pause(self, user_id: UserId, *, by: Operator, client: str | None) -> User:
        """No reminders until they, or an operator, say so."""
        deed = _deed(AuditVerb.PERSON_PAUSE, user_id, by, client)
        return await self._deeds.do(deed, self._editing(user_id, _PAUSE))

    async def resume(self, user_id: UserId, *, by: Operator, client: str | None) -> User:
        """Send what was held."""
        deed = _deed(AuditVerb.PERSON_RESUME, user_id, by, client)
        return await self._deeds.do(deed, self._editing(user_id, _RESUME))

    async def pause_many(
        self, user_ids: Sequence[UserId], *, by: Operator, client: str | None
    ) -> list[Outcome]:
        """What became of each, in order; each once, up to 500: `TooManyAtOnce` for more."""
        deeds = [_deed(AuditVerb.PERSON_PAUSE, one, by, client) for one in user_ids]
        return await self._deeds.do_each(deeds, lambda deed: self._editing(UserId(deed.id), _PAUSE))

    async def resume_many(
        self, user_ids: Sequence[UserId], *, by: Operator, client: str | None
    ) -> list[Outcome]:
        """As `pause_many`."""
        deeds = [_deed(AuditVerb.PERSON_RESUME, one, by, client) for one in user_ids]
        return await self._deeds.do_each(
            deeds, lambda deed: self._editing(UserId(deed.id), _RESUME)
        )

    async def start_leaving(self, user_id: UserId, *, by: Operator, client: str | None) -> User:
        """Everything of theirs is deleted after the grace period, in which they may still stay."""
        deed = _deed(AuditVerb.PERSON_LEAVE, user_id, by, client)
        return await self._deeds.do(
            deed, self._changing(lambda uow: self._joined_accounts(uow).leave(actor=user_id))
        )

    async def stop_leaving(self, user_id: UserId, *, by: Operator, client: str | None) -> User:
        """Raise `NotLeaving`, or `AccountBeingDeleted` where it is too late."""
        deed = _deed(AuditVerb.PERSON_STAY, user_id, by, client)
        return await self._deeds.do(
            deed, self._changing(lambda uow: self._joined_accounts(uow).stay(actor=user_id))
        )

    def _editing(self, user_id: UserId, changes: PersonChanges) -> Work[User]:
        async def edit(uow: UnitOfWork) -> User:
            person = await uow.users.get(user_id)
            users = evolve(self._users, transactions=JoinedTransactions(uow))
            return await users.edit(_command(person, changes))

        return self._changing(edit)

    def _changing(self, change: Callable[[UnitOfWork], Awaitable[User]]) -> Work[User]:
        async def work(uow: UnitOfWork, user_id: UserId) -> Done[User]:
            before = await uow.users.get(user_id)
            before.require_here(now=self._clock.now())
            after = await change(uow)
            return Done(after, state_of_person(before), state_of_person(after))

        return work

    def _joined_accounts(self, uow: UnitOfWork) -> AccountService:
        return evolve(self._accounts, transactions=JoinedTransactions(uow))


_PAUSE = PersonChanges(notifications=False)
_RESUME = PersonChanges(notifications=True)


def _deed(verb: AuditVerb, user_id: UserId, by: Operator, client: str | None) -> Deed:
    return Deed(verb=verb, kind=AuditedKind.PERSON, id=user_id, by=by, client=client)


def _command(person: User, changes: PersonChanges) -> EditUser:
    return EditUser(
        actor=person.id,
        version=changes.version,
        language=changes.language,
        timezone=KEEP if changes.timezone == person.timezone else changes.timezone,
        timed_deadlines=changes.timed_deadlines,
        lead_times=changes.lead_times,
        day_start=changes.day_start,
        notifications=changes.notifications,
    )
