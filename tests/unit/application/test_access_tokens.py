"""Access tokens: made once, believed until they end."""

from datetime import timedelta

import pytest

from support.builders import NOW, an_access_token
from support.core import a_core
from taskbot.application.access_tokens import Bearer
from taskbot.domain.access_token import Scope, digest_of, new_secret
from taskbot.domain.errors import InsufficientScope, InvalidAccessToken

pytestmark = pytest.mark.anyio


async def test_a_secret_opens_the_door_to_its_person_alone() -> None:
    core = a_core()
    anna, boris = await core.users.find_or_register(7), await core.users.find_or_register(8)
    hers = await core.access_tokens.create("laptop", actor=anna.id)
    his = await core.access_tokens.create("laptop", actor=boris.id)

    assert await core.access_tokens.authenticate(hers.secret) == Bearer(anna, hers.token)
    assert await core.access_tokens.authenticate(his.secret) == Bearer(boris, his.token)


async def test_the_secret_itself_is_kept_nowhere() -> None:
    core = a_core()
    anna = await core.users.find_or_register(7)

    made = await core.access_tokens.create("laptop", actor=anna.id)

    assert made.token.digest == digest_of(made.secret)
    assert made.secret.startswith(made.token.prefix)
    assert made.secret not in repr(made.token)
    assert made.secret not in repr(core.database)


@pytest.mark.parametrize("secret", ["", "tb_", "hunter2", "tb_" + 36 * "0", "tb_" + 36 * "é"])
async def test_what_is_no_secret_of_ours_is_refused(secret: str) -> None:
    with pytest.raises(InvalidAccessToken):
        await a_core().access_tokens.authenticate(secret)


async def test_a_well_formed_secret_that_nobody_was_given_is_refused() -> None:
    with pytest.raises(InvalidAccessToken):
        await a_core().access_tokens.authenticate(new_secret())


async def test_no_token_is_good_for_what_operators_do_unless_that_is_said() -> None:
    core = a_core()
    anna = await core.users.find_or_register(7)

    made = await core.access_tokens.create("laptop", actor=anna.id)

    assert Scope.OPERATOR not in made.token.scopes
    assert Scope.OPERATOR not in an_access_token().scopes
    assert made.token.scopes | {Scope.OPERATOR} == set(Scope)


async def test_a_token_makes_none_that_is_good_for_more() -> None:
    core = a_core()
    anna = await core.users.find_or_register(7)
    strong = (await core.access_tokens.create("laptop", actor=anna.id)).token
    weak = an_access_token(owner_id=anna.id, scopes=[Scope.ACCOUNT])

    with pytest.raises(InsufficientScope):
        await core.access_tokens.create("more", scopes=strong.scopes, actor=anna.id, by=weak)
    with pytest.raises(InsufficientScope):
        await core.access_tokens.rotate(strong.id, actor=anna.id, by=weak)
    same = await core.access_tokens.rotate(strong.id, actor=anna.id, by=strong)

    assert same.token.scopes == strong.scopes
    assert len(await core.access_tokens.list(actor=anna.id)) == 2


async def test_a_token_ends_at_its_moment() -> None:
    core = a_core()
    anna = await core.users.find_or_register(7)
    secret, day = new_secret(), timedelta(days=1)
    token = an_access_token(secret, owner_id=anna.id, expires_at=NOW + day)
    await core.transactions.run(lambda uow: uow.access_tokens.add(token))
    core.clock.advance(day - timedelta(microseconds=1))
    assert (await core.access_tokens.authenticate(secret)).user == anna

    core.clock.advance(timedelta(microseconds=1))

    with pytest.raises(InvalidAccessToken):
        await core.access_tokens.authenticate(secret)
