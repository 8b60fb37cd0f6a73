"""What every `UnitOfWork` promises."""

import asyncio
from datetime import timedelta

import anyio
import pytest
from attrs import evolve

from support.backends import Storage
from support.builders import NOW, a_category, a_reminder_of, a_task, a_user, an_access_token
from taskbot.application.ports import TelegramIdKnown, UnitOfWork
from taskbot.domain.errors import TaskNotFound, UserNotFound
from taskbot.domain.ids import UserId

pytestmark = pytest.mark.anyio


async def test_what_is_committed_stays(storage: Storage, rival: Storage) -> None:
    owner = a_user()
    category, task = a_category(owner_id=owner.id), a_task(owner_id=owner.id)
    token, reminder = an_access_token(owner_id=owner.id), a_reminder_of(task)

    async with storage.unit_of_work() as uow:
        await uow.users.add(owner)
        await uow.categories.add(category)
        await uow.tasks.add(task)
        await uow.reminders.add([reminder])
        await uow.access_tokens.add(token)
        await uow.commit()

    assert await rival.queries.categories(owner.id) == [category]
    assert await rival.queries.holder(token.digest) == (token, owner)
    (card,) = await rival.queries.task_cards([task.id], owner_id=owner.id)
    assert (card.task, card.reminders) == (task, (reminder,))


async def test_nothing_stays_without_commit(storage: Storage) -> None:
    owner = a_user()
    task, token = a_task(owner_id=owner.id), an_access_token(owner_id=owner.id)

    async with storage.unit_of_work() as uow:
        await uow.users.add(owner)
        await uow.categories.add(a_category(owner_id=owner.id))
        await uow.tasks.add(task)
        await uow.reminders.add([a_reminder_of(task)])
        await uow.access_tokens.add(token)

    assert await storage.queries.user_by_telegram_id(owner.telegram_id) is None
    assert await storage.queries.categories(owner.id) == []
    assert await storage.queries.next_available_at() is None
    assert await storage.queries.holder(token.digest) is None
    with pytest.raises(TaskNotFound):
        await storage.task(task.id)


async def test_a_failure_in_the_block_undoes_everything_and_is_not_hidden(storage: Storage) -> None:
    owner = a_user()

    async def stumble() -> None:
        async with storage.unit_of_work() as uow:
            await uow.users.add(owner)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()

    with pytest.raises(UserNotFound):
        await storage.queries.user(owner.id)


async def test_one_call_by_itself_stays(storage: Storage, rival: Storage) -> None:
    owner = a_user()

    await storage.transactions.once(lambda stored: stored.users.add(owner))

    assert await rival.queries.user(owner.id) == owner


async def test_one_call_by_itself_that_fails_changes_nothing(storage: Storage) -> None:
    owner = a_user()
    namesake = evolve(owner, id=a_user().id)
    await storage.keep(owner)

    with pytest.raises(TelegramIdKnown):
        await storage.transactions.once(lambda stored: stored.users.add(namesake))

    assert await storage.queries.user_by_telegram_id(owner.telegram_id) == owner


async def test_what_follows_a_commit_needs_another(storage: Storage) -> None:
    owner = a_user()

    async with storage.unit_of_work() as uow:
        await uow.users.add(owner)
        await uow.commit()
        await uow.users.update(owner.lose())

    assert await storage.queries.user(owner.id) == owner


async def test_the_block_sees_its_own_changes_and_nobody_else_does(
    storage: Storage, rival: Storage
) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)

    async with storage.unit_of_work() as uow:
        changed = await uow.tasks.update(task.retitle("Buy bread", now=NOW))

        assert await uow.tasks.get(task.id) == changed
        for reader in (storage, rival):
            assert (await reader.queries.task(task.id, owner_id=owner.id)).task == task


async def test_what_is_read_is_not_changed_by_others_before_the_block_ends(
    storage: Storage, rival: Storage
) -> None:
    user = a_user()
    await storage.keep(user)

    async def lengthen_name(process: Storage) -> None:
        async with process.unit_of_work() as uow:
            read = await uow.users.get(user.id)
            await asyncio.sleep(0)
            await uow.users.update(evolve(read, name=f"{read.name}!"))
            await uow.commit()

    await asyncio.gather(*(lengthen_name(process) for process in (storage, rival) * 10))

    changed = await storage.queries.user(user.id)
    assert (changed.name, changed.version) == (user.name + 20 * "!", user.version + 20)


async def _create_with_reminder(storage: Storage, owner_id: UserId) -> None:
    task = a_task(owner_id=owner_id)

    async def create(uow: UnitOfWork) -> None:
        await uow.users.get(owner_id)
        await uow.tasks.add(task)
        await uow.reminders.add([a_reminder_of(task)])

    await storage.transactions.run(create)


@pytest.mark.parametrize("cancel", ["task", "scope"])
async def test_whoever_is_cancelled_leaves_nothing_half_done_and_nobody_waiting(
    storage: Storage, cancel: str
) -> None:
    owner = a_user()
    await storage.keep(owner)

    for moment in range(60):
        # Every step of it is hit sooner or later: a step is some turns of the loop.
        if cancel == "task":
            work = asyncio.create_task(_create_with_reminder(storage, owner.id))
            for _ in range(moment):
                await asyncio.sleep(0)
            work.cancel()
            await asyncio.wait([work])
        else:
            with anyio.move_on_after(moment * 0.0002):
                await _create_with_reminder(storage, owner.id)

        with anyio.fail_after(5):
            await _create_with_reminder(storage, owner.id)

    async with storage.unit_of_work() as uow:
        claimed = await uow.reminders.claim_due(
            now=NOW, until=NOW + timedelta(minutes=1), limit=1000
        )
        assert len(claimed) >= 60
        for reminder in claimed:
            assert (await uow.tasks.get(reminder.task_id)).owner_id == owner.id
