"""What every `AccessTokenRepository` promises, and `Queries.holder`."""

from datetime import timedelta

import pytest

from support.backends import Storage
from support.builders import NOW, a_user, an_access_token
from taskbot.domain.access_token import digest_of, new_secret

pytestmark = pytest.mark.anyio


async def test_a_token_is_found_by_its_digest_with_its_holder(storage: Storage) -> None:
    secret = new_secret()
    owner = a_user(name="Борис 🐻")
    token = an_access_token(
        secret, owner_id=owner.id, name="ноутбук 💻", expires_at=NOW + timedelta(days=30)
    )
    await storage.keep(a_user(), owner, an_access_token(owner_id=owner.id, expires_at=None), token)

    assert await storage.queries.holder(digest_of(secret)) == (token, owner)


async def test_a_digest_that_was_never_given_out_has_no_holder(storage: Storage) -> None:
    owner = a_user()
    await storage.keep(owner, an_access_token(owner_id=owner.id))

    assert await storage.queries.holder(digest_of(new_secret())) is None
