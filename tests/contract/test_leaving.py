"""What every storage promises about people who leave."""

from datetime import timedelta

import pytest
from attrs import evolve

from support.backends import Storage, Thing
from support.builders import (
    NOW,
    a_category,
    a_reminder_of,
    a_task,
    a_user,
    an_access_token,
)
from taskbot.application.ports import TaskPageRequest
from taskbot.domain.access_token import digest_of, new_secret
from taskbot.domain.errors import UserNotFound
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.time_span import TimeSpan
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
UNTIL = NOW + timedelta(seconds=30)


async def test_who_has_left_is_found_the_longest_ago_first(storage: Storage) -> None:
    left = [a_user(deletion_at=NOW - hours * HOUR) for hours in (0, 2, 1)]
    await storage.keep(*left, a_user(), a_user(deletion_at=NOW + HOUR))

    found = await storage.queries.leavers(now=NOW, limit=10)
    one = await storage.queries.leavers(now=NOW, limit=1)

    assert found == [left[1], left[2], left[0]]
    assert one == [left[1]]


def _belongings(owner: User, secret: str) -> list[Thing]:
    categories = [a_category(owner_id=owner.id, name=name) for name in ("Home", "Work")]
    tasks = [a_task(owner_id=owner.id, category_id=categories[0].id) for _ in range(3)]
    reminders = [a_reminder_of(task) for task in tasks for _ in range(2)]
    done = a_task(owner_id=owner.id).complete(now=NOW)
    sent = a_reminder_of(done).sent(now=NOW, message_id=1)
    token = an_access_token(secret, owner_id=owner.id)
    return [owner, *categories, *tasks, done, *reminders, sent, token]


@pytest.mark.parametrize("limit", [1, 2, 7, 14, 15, 16, 100])
async def test_everything_of_a_person_is_erased_a_few_things_at_a_time(
    storage: Storage, limit: int
) -> None:
    secret, others_secret = new_secret(), new_secret()
    leaver, other = a_user(), a_user()
    belongings, kept = _belongings(leaver, secret), _belongings(other, others_secret)
    await storage.keep(*belongings, *kept)

    erased = [await _erase(storage, leaver, limit)]
    while erased[-1] == limit:
        assert await storage.queries.user_by_telegram_id(other.telegram_id) == other
        erased.append(await _erase(storage, leaver, limit))

    assert sum(erased) == len(belongings)
    assert max(erased) <= limit
    queries = storage.queries
    assert await queries.user_by_telegram_id(leaver.telegram_id) is None
    assert (await queries.tasks(TaskPageRequest(owner_id=leaver.id))).items == ()
    assert await queries.completions(leaver.id, TimeSpan()) == []
    assert await queries.categories(leaver.id) == []
    assert await queries.access_tokens(leaver.id) == []
    assert await queries.holder(digest_of(secret)) is None
    reminders = [thing.id for thing in belongings if isinstance(thing, Reminder)]
    assert await queries.letters(reminders) == []
    with pytest.raises(UserNotFound):
        await queries.user(leaver.id)
    assert await _erase(storage, leaver, limit) == 0
    await _require_whole(storage, kept)


async def _erase(storage: Storage, user: User, limit: int) -> int:
    return await storage.transactions.run(lambda uow: uow.users.erase(user.id, limit=limit))


async def _require_whole(storage: Storage, belongings: list[Thing]) -> None:
    """Erasing everything counts everything: so it is all still there."""
    owner = belongings[0]
    assert isinstance(owner, User)
    assert await _erase(storage, owner, 100) == len(belongings)


async def test_what_is_pending_is_held_and_a_claim_of_it_is_lost(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    task, foreign_task = a_task(owner_id=owner.id), a_task(owner_id=stranger.id)
    planned, claimed = a_reminder_of(task), a_reminder_of(task).claim(until=UNTIL)
    taken_back = a_reminder_of(task, withdrawn=True).claim(until=UNTIL)
    sending = a_reminder_of(task).claim(until=UNTIL).begin(until=UNTIL)
    dead = a_reminder_of(task).give_up(error="no route")
    sent = a_reminder_of(task).sent(now=NOW, message_id=1)
    foreign = a_reminder_of(foreign_task)
    untouched = [sending, dead, sent, foreign]
    await storage.keep(owner, stranger, task, foreign_task, planned, claimed, taken_back)
    await storage.keep(*untouched)

    await storage.transactions.run(lambda uow: uow.reminders.hold(owner.id))

    for reminder in (planned, claimed, taken_back):
        assert await storage.reminder(reminder.id) == reminder.put_off(until=None)
    for reminder in untouched:
        assert await storage.reminder(reminder.id) == reminder
    begun = claimed.begin(until=UNTIL)
    assert not await storage.transactions.run(
        lambda uow: uow.reminders.save(begun, was=ReminderState.CLAIMED)
    )
    now = NOW + 24 * HOUR
    due = await storage.transactions.run(
        lambda uow: uow.reminders.claim_due(now=now, until=now + HOUR, limit=10)
    )
    assert {reminder.id for reminder in due} == {sending.id, foreign.id}


async def test_what_was_held_is_resumed(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    planned = a_reminder_of(task)
    await storage.keep(owner, task, planned)

    await storage.transactions.run(lambda uow: uow.reminders.hold(owner.id))
    await storage.transactions.run(lambda uow: uow.reminders.resume(owner.id))

    assert await storage.reminder(planned.id) == planned


async def test_that_somebody_leaves_is_stored(storage: Storage) -> None:
    user = a_user()
    await storage.keep(user)

    await storage.transactions.run(lambda uow: uow.users.update(user.leave(now=NOW)))

    assert await storage.queries.user(user.id) == evolve(user.leave(now=NOW), version=2)
