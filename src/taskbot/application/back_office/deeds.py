"""Deeds: what operators do, each in one transaction with its entry in the audit log."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeAlias, TypeVar

from attrs import Factory, evolve, frozen
from ulid import ULID

from taskbot.application.ports import Clock, Queries, Repositories, Transactions, UnitOfWork
from taskbot.domain.audit import AuditedKind, AuditEntry, AuditVerb, State, difference
from taskbot.domain.errors import (
    AccessTokenNotFound,
    CategoryNotFound,
    DomainError,
    ReminderNotFound,
    TaskNotFound,
    TooManyAtOnce,
)
from taskbot.domain.ids import AccessTokenId, AuditEntryId, CategoryId, ReminderId, TaskId, UserId
from taskbot.domain.operator import Operator

_T = TypeVar("_T")

MANY_LIMIT: Final = 500
"""To how many things the same may be done at once."""

_TOGETHER: Final = 100
"""How many things of one person go into one transaction."""


@frozen(kw_only=True)
class Deed:
    """What is tried: *verb* on the thing *id*, by somebody at the address *client* (if known)."""

    verb: AuditVerb
    kind: AuditedKind
    id: ULID
    by: Operator
    client: str | None


@frozen
class Done(Generic[_T]):
    """A deed that was done: what came of it, and what the thing was *before* and is *after*."""

    result: _T
    before: State
    after: State = Factory(dict)


@frozen
class Outcome:
    """What became of one of several things: done, unless there is a *refusal*."""

    id: ULID
    refusal: DomainError | None = None


Work: TypeAlias = Callable[[UnitOfWork, UserId], Awaitable[Done[_T]]]
"""Does it to the thing of this owner, by the use case that the owner would use."""

WorkTogether: TypeAlias = Callable[
    [UnitOfWork, UserId, Sequence[ULID]], Awaitable[Mapping[ULID, Done[None] | DomainError]]
]
"""Does it to several things of one owner; a thing that refuses is as it was."""


@frozen
class JoinedTransactions:
    """Lets a service take part in a transaction that somebody else has begun and commits."""

    _uow: UnitOfWork

    async def run(self, work: Callable[[UnitOfWork], Awaitable[_T]]) -> _T:
        return await work(self._uow)

    async def once(self, work: Callable[[Repositories], Awaitable[_T]]) -> _T:
        return await work(self._uow)


@frozen
class Deeds:
    """Who may, does; and whatever comes of it is in the audit log.

    A deed and its entry are one transaction. A refusal undoes all of it; then it is written down
    in another, and raised. Where the storage fails, or we do, nothing is written and that is
    raised.
    """

    _transactions: Transactions
    _queries: Queries
    _clock: Clock

    async def do(self, deed: Deed, work: Work[_T]) -> _T:
        """Raise `RoleInsufficient` for a viewer, and what *work* raises."""
        owners = await self._owners([deed])
        return await self._do(deed, owners.get(deed.id), work)

    async def do_each(
        self, deeds: Sequence[Deed], work: Callable[[Deed], Work[_T]]
    ) -> list[Outcome]:
        """One after the other, each by itself: one that is refused does not stop the others."""
        owners = await self._allowed(deeds)
        outcomes = []
        for deed in _once(deeds):
            try:
                await self._do(deed, owners.get(deed.id), work(deed))
            except DomainError as refusal:
                outcomes.append(Outcome(deed.id, refusal))
            else:
                outcomes.append(Outcome(deed.id))
        return outcomes

    async def do_together(self, deeds: Sequence[Deed], work: WorkTogether) -> list[Outcome]:
        """As `do_each`, but those of one owner, up to a hundred, in one transaction."""
        owners = await self._allowed(deeds)
        outcomes: dict[ULID, Outcome] = {}
        missing = {deed.id: _missing(deed) for deed in deeds if deed.id not in owners}
        await self._note_refusals(missing, deeds, owners)
        for owner_id, group in _by_owner(deeds, owners):
            refusals = await self._do_some(group, owner_id, work)
            outcomes |= {deed.id: Outcome(deed.id, refusals.get(deed.id)) for deed in group}
        return [
            outcomes.get(deed.id) or Outcome(deed.id, missing[deed.id]) for deed in _once(deeds)
        ]

    async def _do(self, deed: Deed, owner_id: UserId | None, work: Work[_T]) -> _T:
        try:
            deed.by.require_editor()
            if owner_id is None:
                raise _missing(deed)
            return await self._transactions.run(lambda uow: self._do_in(uow, deed, owner_id, work))
        except DomainError as refusal:
            await self._note_refusals({deed.id: refusal}, [deed], {deed.id: owner_id})
            raise

    async def _do_in(self, uow: UnitOfWork, deed: Deed, owner_id: UserId, work: Work[_T]) -> _T:
        done = await work(uow, owner_id)
        await uow.audit.add(self._entry(deed, owner_id, done))
        return done.result

    async def _do_some(
        self, deeds: Sequence[Deed], owner_id: UserId, work: WorkTogether
    ) -> Mapping[ULID, DomainError]:
        """Return the refusals."""
        try:
            return await self._transactions.run(
                lambda uow: self._do_some_in(uow, deeds, owner_id, work)
            )
        except DomainError as refusal:  # to all of them, as when their owner has left
            refusals = {deed.id: refusal for deed in deeds}
            await self._note_refusals(refusals, deeds, dict.fromkeys(refusals, owner_id))
            return refusals

    async def _do_some_in(
        self, uow: UnitOfWork, deeds: Sequence[Deed], owner_id: UserId, work: WorkTogether
    ) -> Mapping[ULID, DomainError]:
        results = await work(uow, owner_id, [deed.id for deed in deeds])
        await uow.audit.add(*(self._entry(one, owner_id, results[one.id]) for one in deeds))
        return {one: found for one, found in results.items() if isinstance(found, DomainError)}

    async def _allowed(self, deeds: Sequence[Deed]) -> Mapping[ULID, UserId]:
        """Whose the things are. Raise `RoleInsufficient` or `TooManyAtOnce`, for all of them."""
        are_too_many = len(deeds) > MANY_LIMIT
        owners = {} if are_too_many else await self._owners(deeds)
        try:
            for deed in deeds:
                deed.by.require_editor()
            if are_too_many:
                raise TooManyAtOnce(MANY_LIMIT)
        except DomainError as refusal:
            if are_too_many:  # to be written down one by one
                entry = evolve(self._entry(deeds[0], None, refusal), object_id=None)
                await self._transactions.run(lambda uow: uow.audit.add(entry))
            else:
                await self._note_refusals({deed.id: refusal for deed in deeds}, deeds, owners)
            raise
        return owners

    async def _owners(self, deeds: Sequence[Deed]) -> Mapping[ULID, UserId]:
        ids = [deed.id for deed in deeds]
        if not deeds:
            return {}
        if deeds[0].kind is AuditedKind.PERSON:
            return {one: UserId(one) for one in ids}
        return await self._queries.owners(deeds[0].kind, ids)

    async def _note_refusals(
        self,
        refusals: Mapping[ULID, DomainError],
        deeds: Sequence[Deed],
        owners: Mapping[ULID, UserId | None],
    ) -> None:
        entries = [
            self._entry(deed, owners.get(deed.id), refusals[deed.id])
            for deed in _once(deeds)
            if deed.id in refusals
        ]
        if entries:
            await self._transactions.run(lambda uow: uow.audit.add(*entries))

    def _entry(
        self, deed: Deed, owner_id: UserId | None, result: Done[_T] | DomainError
    ) -> AuditEntry:
        entry = AuditEntry(
            id=AuditEntryId(ULID()),
            at=self._clock.now(),
            operator=deed.by.name,
            verb=deed.verb,
            object_kind=deed.kind,
            object_id=str(deed.id),
            owner_id=owner_id,
            client=deed.client,
        )
        if isinstance(result, DomainError):
            return entry.refused(result)
        return evolve(entry, diff=difference(result.before, result.after))


def _once(deeds: Iterable[Deed]) -> Iterable[Deed]:
    """In their order, each thing once."""
    return {deed.id: deed for deed in deeds}.values()


def _by_owner(
    deeds: Iterable[Deed], owners: Mapping[ULID, UserId]
) -> Iterable[tuple[UserId, Sequence[Deed]]]:
    groups: dict[UserId, list[Deed]] = {}
    for deed in _once(deeds):
        if deed.id in owners:
            groups.setdefault(owners[deed.id], []).append(deed)
    for owner_id, group in groups.items():
        for start in range(0, len(group), _TOGETHER):
            yield owner_id, group[start : start + _TOGETHER]


def _missing(deed: Deed) -> DomainError:
    match deed.kind:
        case AuditedKind.TASK:
            return TaskNotFound(TaskId(deed.id))
        case AuditedKind.CATEGORY:
            return CategoryNotFound(CategoryId(deed.id))
        case AuditedKind.ACCESS_TOKEN:
            return AccessTokenNotFound(AccessTokenId(deed.id))
        case _:
            return ReminderNotFound(ReminderId(deed.id))
