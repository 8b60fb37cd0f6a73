"""Operators revoke anybody's access tokens."""

import pytest
from ulid import ULID

from support.core import Core, a_core
from support.operators import ADDRESS, EDITOR, VIEWER, entries, last_entry
from taskbot.application.access_tokens import NewAccessToken
from taskbot.domain.errors import AccessTokenNotFound, InvalidAccessToken, RoleInsufficient
from taskbot.domain.ids import AccessTokenId

pytestmark = pytest.mark.anyio


@pytest.fixture
def core() -> Core:
    return a_core()


async def _new(core: Core, telegram_id: int) -> NewAccessToken:
    owner = await core.users.find_or_register(telegram_id)
    return await core.access_tokens.create("laptop", actor=owner.id)


async def test_a_revoked_token_is_good_for_nothing(core: Core) -> None:
    new = await _new(core, 1)

    await core.back_office.access_tokens.revoke(new.token.id, by=EDITOR, client=ADDRESS)

    with pytest.raises(InvalidAccessToken):
        await core.access_tokens.authenticate(new.secret)
    entry = await last_entry(core.queries)
    assert (entry.verb, entry.object_kind, entry.object_id, entry.owner_id) == (
        "token.revoke",
        "access-token",
        str(new.token.id),
        new.token.owner_id,
    )
    assert entry.diff == {
        "name": ("laptop", None),
        "scopes": (("account", "tasks:read", "tasks:write"), None),
    }
    assert new.token.prefix not in repr(entry)


async def test_many_tokens_are_revoked_each_by_itself(core: Core) -> None:
    hers, his = await _new(core, 1), await _new(core, 2)
    missing = AccessTokenId(ULID())

    outcomes = await core.back_office.access_tokens.revoke_many(
        [hers.token.id, missing, his.token.id], by=EDITOR, client=None
    )

    refusals = [one.refusal.code if one.refusal else None for one in outcomes]
    assert refusals == [None, AccessTokenNotFound.code, None]
    assert core.database.tables.access_tokens == {}
    assert len(await entries(core.queries)) == 3


async def test_a_viewer_revokes_nothing(core: Core) -> None:
    new = await _new(core, 1)
    office = core.back_office.access_tokens

    with pytest.raises(RoleInsufficient):
        await office.revoke(new.token.id, by=VIEWER, client=None)
    with pytest.raises(RoleInsufficient):
        await office.revoke_many([new.token.id], by=VIEWER, client=None)
    with pytest.raises(AccessTokenNotFound):
        await office.revoke(AccessTokenId(ULID()), by=EDITOR, client=None)

    assert list(core.database.tables.access_tokens.values()) == [new.token]
    assert len(await entries(core.queries)) == 3
