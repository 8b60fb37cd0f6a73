"""Leaving: nothing is sent, everything can be taken back, and in the end nothing is left."""

from datetime import timedelta

import pytest
from attrs import asdict

from support.builders import NOW
from support.core import Core, a_core
from support.operators import EDITOR, entries
from taskbot.adapters.memory import MemoryDialogueStore
from taskbot.application.maintenance import MaintenanceService
from taskbot.application.ports import Dialogue
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import AccountBeingDeleted, InvalidAccessToken, NotLeaving
from taskbot.domain.reminder import ReminderState
from taskbot.domain.user import GRACE, User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
ANNA = MeetUser(telegram_id=1, name="Anna")


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
def dialogues(core: Core) -> MemoryDialogueStore:
    return MemoryDialogueStore(core.clock)


@pytest.fixture
async def anna(core: Core) -> User:
    return (await core.users.meet(ANNA)).user


async def _remind(core: Core, owner: User, *, after: timedelta) -> None:
    deadline = TimedDeadline(core.clock.now() + after, "Europe/Moscow")
    await core.tasks.create(CreateTask(actor=owner.id, title="Milk", deadline=deadline))


async def _purge(core: Core, dialogues: MemoryDialogueStore) -> None:
    maintenance = MaintenanceService(
        core.transactions, core.queries, core.alerts, core.clock, HOUR, [dialogues]
    )
    await maintenance.purge()


async def test_nothing_is_sent_to_who_is_leaving(core: Core, anna: User) -> None:
    await _remind(core, anna, after=2 * HOUR)
    await core.accounts.leave(actor=anna.id)
    await _remind(core, anna, after=3 * HOUR)

    core.clock.advance(4 * HOUR)
    await core.deliver_due()

    assert core.notifier.notifications == []
    reminders = core.database.tables.reminders.values()
    assert {(one.state, one.available_at) for one in reminders} == {(ReminderState.PLANNED, None)}


async def test_nothing_is_sent_that_was_claimed_before(core: Core, anna: User) -> None:
    await _remind(core, anna, after=HOUR)
    core.clock.advance(HOUR)
    claims = await core.claim_due()

    await core.accounts.leave(actor=anna.id)
    await core.deliver(*claims)

    assert len(claims) == 1
    assert core.notifier.notifications == []


async def test_who_stays_gets_what_was_held(core: Core, anna: User) -> None:
    await _remind(core, anna, after=2 * HOUR)
    await core.accounts.leave(actor=anna.id)
    await _remind(core, anna, after=3 * HOUR)
    core.clock.advance(4 * HOUR)
    await core.deliver_due()

    stayed = await core.accounts.stay(actor=anna.id)
    await core.deliver_due()

    assert stayed.deletion_at is None
    (notification,) = core.notifier.notifications
    assert len(notification.notices) == 2


async def test_who_stays_but_has_blocked_the_bot_is_not_written_to(core: Core, anna: User) -> None:
    await _remind(core, anna, after=2 * HOUR)
    await core.accounts.leave(actor=anna.id)
    await core.users.lose(anna.telegram_id)
    core.clock.advance(4 * HOUR)

    await core.accounts.stay(actor=anna.id)
    await core.deliver_due()
    assert core.notifier.notifications == []

    await core.users.meet(ANNA)
    await core.deliver_due()
    assert len(core.notifier.notifications) == 1


async def test_writing_to_the_bot_takes_nothing_back(core: Core, anna: User) -> None:
    await _remind(core, anna, after=2 * HOUR)
    await core.accounts.leave(actor=anna.id)
    await core.users.lose(anna.telegram_id)
    core.clock.advance(4 * HOUR)

    user = (await core.users.meet(ANNA)).user
    await core.deliver_due()

    assert user.deletion_at == NOW + GRACE
    assert core.notifier.notifications == []


async def test_asking_again_changes_nothing(core: Core, anna: User) -> None:
    first = await core.accounts.leave(actor=anna.id)
    core.clock.advance(HOUR)

    assert await core.accounts.leave(actor=anna.id) == first


async def test_who_does_not_leave_cannot_take_it_back(core: Core, anna: User) -> None:
    with pytest.raises(NotLeaving):
        await core.accounts.stay(actor=anna.id)


async def test_access_tokens_are_good_until_the_grace_period_is_over(
    core: Core, anna: User
) -> None:
    secret = (await core.access_tokens.create("laptop", actor=anna.id)).secret
    await core.accounts.leave(actor=anna.id)

    core.clock.advance(GRACE - HOUR)
    assert (await core.access_tokens.authenticate(secret)).user.id == anna.id
    core.clock.advance(HOUR)
    with pytest.raises(InvalidAccessToken):
        await core.access_tokens.authenticate(secret)


async def test_nobody_comes_back_while_they_are_being_deleted(core: Core, anna: User) -> None:
    await core.accounts.leave(actor=anna.id)
    core.clock.advance(GRACE)

    for too_late in (
        core.accounts.stay(actor=anna.id),
        core.accounts.leave(actor=anna.id),
        core.users.meet(ANNA),
        core.users.recognize(1, "en"),
        core.users.find_or_register(1),
    ):
        with pytest.raises(AccountBeingDeleted):
            await too_late


# Of the audit log more is said below.
_NOBODYS = {"alerts", "jobs", "audit", "admin_accounts", "admin_sessions", "invitations"}


async def test_after_the_grace_period_nothing_is_left(
    core: Core, anna: User, dialogues: MemoryDialogueStore
) -> None:
    ben = await core.users.find_or_register(2)
    for owner in (anna, ben):
        home = await core.categories.create("Home", actor=owner.id)
        await core.tasks.create(CreateTask(actor=owner.id, title="x", category_id=home.id))
        await _remind(core, owner, after=2 * HOUR)
        await core.access_tokens.create("laptop", actor=owner.id)
        await core.back_office.people.pause(owner.id, by=EDITOR, client=None)
    await core.accounts.leave(actor=anna.id)

    core.clock.advance(GRACE - HOUR)
    for owner in (anna, ben):
        key = f"7:{owner.telegram_id}:{owner.telegram_id}"
        await dialogues.write(key, Dialogue("title", {}))
        done = await core.tasks.create(CreateTask(actor=owner.id, title="y"))
        await core.tasks.complete(done.task.id, actor=owner.id)  # which can be undone
    await _purge(core, dialogues)
    assert anna.id in core.database.tables.users
    core.clock.advance(HOUR)
    await _purge(core, dialogues)

    tables = asdict(core.database.tables, recurse=False)
    left = {name: repr(things) for name, things in tables.items() if name not in _NOBODYS}
    assert all(repr(anna.id) not in things for things in left.values())
    assert all(repr(ben.id) in things for things in left.values())
    audited = {entry.owner_id: entry.diff for entry in await entries(core.queries)}
    assert audited == {anna.id: None, ben.id: {"paused": (False, True)}}
    assert await dialogues.read("7:1:1") == Dialogue(None, {})
    assert await dialogues.read("7:2:2") == Dialogue("title", {})
    again = await core.users.meet(ANNA)
    assert again.is_new
    assert again.user.id != anna.id


async def test_many_things_are_deleted_in_small_transactions(
    core: Core, anna: User, dialogues: MemoryDialogueStore
) -> None:
    for _ in range(700):
        await _remind(core, anna, after=2 * HOUR)
    await core.accounts.leave(actor=anna.id)
    core.clock.advance(GRACE)

    await _purge(core, dialogues)

    tables = core.database.tables
    assert (tables.users, tables.tasks, tables.reminders) == ({}, {}, {})


async def test_who_stays_while_purging_has_begun_is_left_alone(
    core: Core, anna: User, dialogues: MemoryDialogueStore
) -> None:
    leaving = await core.accounts.leave(actor=anna.id)
    stayed = await core.accounts.stay(actor=anna.id)
    core.clock.advance(GRACE)
    maintenance = MaintenanceService(
        core.transactions, core.queries, core.alerts, core.clock, HOUR, [dialogues]
    )

    await maintenance._erase(leaving)

    assert core.database.tables.users == {anna.id: stayed}
