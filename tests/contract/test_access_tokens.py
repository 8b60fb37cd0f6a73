"""What every `AccessTokenRepository` promises, and `Queries.holder`."""

from datetime import timedelta

import pytest
from attrs import evolve

from support.backends import Storage
from support.builders import NOW, a_category, a_task, a_user, an_access_token
from taskbot.application.ports import TaskPage, TaskPageRequest
from taskbot.application.views import TaskView
from taskbot.domain.access_token import Scope, digest_of, new_secret
from taskbot.domain.errors import AccessTokenNotFound
from taskbot.domain.task import Task

pytestmark = pytest.mark.anyio


async def test_a_token_is_found_by_its_digest_with_its_holder(storage: Storage) -> None:
    secret = new_secret()
    owner = a_user(name="Борис 🐻")
    token = an_access_token(
        secret, owner_id=owner.id, name="ноутбук 💻", expires_at=NOW + timedelta(days=30)
    )
    await storage.keep(a_user(), owner, an_access_token(owner_id=owner.id, expires_at=None), token)

    assert await storage.queries.holder(digest_of(secret)) == (token, owner)


async def test_a_task_is_found_together_with_the_holder_if_it_is_theirs(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    token, category = an_access_token(owner_id=owner.id), a_category(owner_id=owner.id)
    filed = a_task(owner_id=owner.id, category_id=category.id)
    plain, foreign = a_task(owner_id=owner.id), a_task(owner_id=stranger.id)
    await storage.keep(owner, stranger, token, category, filed, plain, foreign)

    async def held(task: Task) -> object:
        return await storage.queries.held_task(token.digest, task.id)

    assert await held(filed) == (token, owner, TaskView(filed, category))
    assert await held(plain) == (token, owner, TaskView(plain, None))
    assert await held(foreign) == (token, owner, None)
    assert await held(a_task()) == (token, owner, None)
    assert await storage.queries.held_task(digest_of(new_secret()), plain.id) is None


async def test_a_holder_without_tasks_has_an_empty_page_and_nobody_has_none(
    storage: Storage,
) -> None:
    owner = a_user()
    token = an_access_token(owner_id=owner.id)
    await storage.keep(owner, token)
    request = TaskPageRequest(owner_id=None)

    assert await storage.queries.held_tasks(token.digest, request) == (
        token,
        owner,
        TaskPage((), None, None),
    )
    assert await storage.queries.held_tasks(digest_of(new_secret()), request) is None


async def test_a_digest_that_was_never_given_out_has_no_holder(storage: Storage) -> None:
    owner = a_user()
    await storage.keep(owner, an_access_token(owner_id=owner.id))

    assert await storage.queries.holder(digest_of(new_secret())) is None


async def test_tokens_are_listed_newest_first_and_only_the_owners(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    tokens = [an_access_token(owner_id=owner.id, scopes=[scope]) for scope in Scope]
    await storage.keep(owner, stranger, *tokens, an_access_token(owner_id=stranger.id))

    listed = await storage.queries.access_tokens(owner.id)

    assert listed == sorted(tokens, key=lambda token: token.id, reverse=True)


async def test_what_becomes_of_a_token_is_stored(storage: Storage) -> None:
    owner = a_user()
    token = an_access_token(owner_id=owner.id)
    await storage.keep(owner, token)
    ended, gone = token.end(at=NOW + timedelta(hours=1)), an_access_token(owner_id=owner.id)

    async with storage.unit_of_work() as uow:
        await uow.access_tokens.update(ended)
        await uow.access_tokens.update(gone)
        await uow.access_tokens.note_use(token.id, at=NOW)
        await uow.access_tokens.note_use(gone.id, at=NOW)
        await uow.commit()

    async with storage.unit_of_work() as uow:
        assert await uow.access_tokens.get(token.id) == evolve(ended, last_used_at=NOW)
        with pytest.raises(AccessTokenNotFound):
            await uow.access_tokens.get(gone.id)


async def test_a_token_that_is_revoked_is_gone(storage: Storage) -> None:
    owner, secret = a_user(), new_secret()
    token = an_access_token(secret, owner_id=owner.id)
    await storage.keep(owner, token)

    await storage.transactions.run(lambda uow: uow.access_tokens.delete(token.id))

    assert await storage.queries.holder(digest_of(secret)) is None
    with pytest.raises(AccessTokenNotFound):
        await storage.transactions.run(lambda uow: uow.access_tokens.delete(token.id))


async def test_a_token_that_one_process_revokes_no_other_believes_any_more(
    storage: Storage, rival: Storage
) -> None:
    owner, secret = a_user(), new_secret()
    token = an_access_token(secret, owner_id=owner.id)
    await storage.keep(owner, token)
    assert await rival.queries.holder(digest_of(secret)) == (token, owner)

    await storage.transactions.run(lambda uow: uow.access_tokens.delete(token.id))

    assert await rival.queries.holder(digest_of(secret)) is None


async def test_whose_it_is_is_known_as_another_process_has_left_them(
    storage: Storage, rival: Storage
) -> None:
    owner, secret = a_user(), new_secret()
    await storage.keep(owner, an_access_token(secret, owner_id=owner.id))
    await rival.queries.holder(digest_of(secret))

    moved = await storage.transactions.run(
        lambda uow: uow.users.update(owner.move_to("Asia/Novosibirsk"))
    )

    held = await rival.queries.holder(digest_of(secret))
    assert held is not None
    assert held[1] == moved
