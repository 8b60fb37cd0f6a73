"""Access tokens of anybody, revoked by operators."""

from collections.abc import Sequence

from attrs import evolve, frozen

from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.back_office.deeds import (
    Deed,
    Deeds,
    Done,
    JoinedTransactions,
    Outcome,
    Work,
)
from taskbot.application.back_office.states import state_of_token
from taskbot.application.ports import UnitOfWork
from taskbot.domain.audit import AuditedKind, AuditVerb
from taskbot.domain.ids import AccessTokenId, UserId
from taskbot.domain.operator import Operator


@frozen
class AccessTokenBackOffice:
    """*by*: an editor, else `RoleInsufficient`. *client*: the operator's address, if known."""

    _deeds: Deeds
    _access_tokens: AccessTokenService

    async def revoke(self, token_id: AccessTokenId, *, by: Operator, client: str | None) -> None:
        """From now on it is good for nothing. Raise `AccessTokenNotFound`."""
        await self._deeds.do(_deed(token_id, by, client), self._revoking(token_id))

    async def revoke_many(
        self, token_ids: Sequence[AccessTokenId], *, by: Operator, client: str | None
    ) -> list[Outcome]:
        """What became of each, in order; each once, up to 500: `TooManyAtOnce` for more."""
        deeds = [_deed(one, by, client) for one in token_ids]
        return await self._deeds.do_each(deeds, lambda deed: self._revoking(AccessTokenId(deed.id)))

    def _revoking(self, token_id: AccessTokenId) -> Work[None]:
        async def work(uow: UnitOfWork, owner_id: UserId) -> Done[None]:
            access_tokens = evolve(self._access_tokens, transactions=JoinedTransactions(uow))
            before = await uow.access_tokens.get(token_id)
            await access_tokens.revoke(token_id, actor=owner_id)
            return Done(None, state_of_token(before))

        return work


def _deed(token_id: AccessTokenId, by: Operator, client: str | None) -> Deed:
    verb, kind = AuditVerb.TOKEN_REVOKE, AuditedKind.ACCESS_TOKEN
    return Deed(verb=verb, kind=kind, id=token_id, by=by, client=client)
