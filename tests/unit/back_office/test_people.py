"""Operators mend people's settings, and start and stop their leaving."""

from datetime import time, timedelta

import pytest
from ulid import ULID

from support.builders import NOW
from support.core import Core, a_core
from support.operators import ADDRESS, EDITOR, VIEWER, entries, last_entry
from taskbot.application.back_office import PersonChanges
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.errors import (
    AccountBeingDeleted,
    NotLeaving,
    RoleInsufficient,
    StaleUser,
    UnknownTimezone,
    UserNotFound,
)
from taskbot.domain.ids import UserId
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.user import GRACE, Language, User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def core() -> Core:
    return a_core()


@pytest.fixture
async def anna(core: Core) -> User:
    return await core.users.find_or_register(1)


def _is(core: Core, user: User) -> User:
    return core.database.tables.users[user.id]


def _is_promised(core: Core) -> list[timedelta]:
    """How long from now on something may be sent."""
    reminders = core.database.tables.reminders.values()
    return sorted(
        one.available_at - NOW for one in reminders if one.is_ahead and one.available_at is not None
    )


async def _a_task(core: Core, owner: User) -> None:
    deadline = TimedDeadline(NOW + DAY, "Europe/Moscow")
    await core.tasks.create(CreateTask(actor=owner.id, title="Milk", deadline=deadline))


async def test_settings_are_changed_and_the_reminders_follow(core: Core, anna: User) -> None:
    await _a_task(core, anna)
    changes = PersonChanges(
        version=anna.version,
        language=Language.RUSSIAN,
        timezone="Europe/Berlin",
        timed_deadlines=TimedDeadlines.KEEP_CLOCK,
        lead_times=[3 * HOUR],
        day_start=time(7, 30),
        notifications=True,
    )

    person = await core.back_office.people.edit(anna.id, changes, by=EDITOR, client=ADDRESS)

    assert person == _is(core, anna)
    assert _is_promised(core) == [DAY + 2 * HOUR - 3 * HOUR]
    entry = await last_entry(core.queries)
    assert (entry.verb, entry.object_kind, entry.object_id) == (
        "person.edit",
        "person",
        str(anna.id),
    )
    assert entry.owner_id == anna.id
    assert entry.diff == {
        "language": ("en", "ru"),
        "timezone": ("Europe/Moscow", "Europe/Berlin"),
        "timezone_chosen": (False, True),
        "lead_times": ((60, 0), (180,)),
        "day_start": ("09:00", "07:30"),
    }


async def test_a_time_zone_is_not_chosen_by_being_sent_along(core: Core, anna: User) -> None:
    changes = PersonChanges(timezone=anna.timezone, language=Language.RUSSIAN)

    person = await core.back_office.people.edit(anna.id, changes, by=EDITOR, client=None)

    assert not person.timezone_chosen
    assert (await last_entry(core.queries)).diff == {"language": ("en", "ru")}


async def test_who_is_paused_is_sent_nothing_until_they_are_resumed(core: Core, anna: User) -> None:
    await _a_task(core, anna)

    paused = await core.back_office.people.pause(anna.id, by=EDITOR, client=None)
    held = _is_promised(core)
    resumed = await core.back_office.people.resume(anna.id, by=EDITOR, client=None)

    assert (paused.paused, held) == (True, [])
    assert not resumed.paused
    assert _is_promised(core) == [23 * HOUR, DAY]
    found = {entry.verb: entry.diff for entry in await entries(core.queries)}
    assert found == {
        "person.pause": {"paused": (False, True)},
        "person.resume": {"paused": (True, False)},
    }


async def test_many_people_are_paused_and_resumed_each_by_themselves(
    core: Core, anna: User
) -> None:
    ben, missing = await core.users.find_or_register(2), UserId(ULID())
    ids = [anna.id, missing, ben.id]

    paused = await core.back_office.people.pause_many(ids, by=EDITOR, client=None)
    were_paused = [_is(core, one).paused for one in (anna, ben)]
    resumed = await core.back_office.people.resume_many(ids, by=EDITOR, client=None)

    for outcomes in (paused, resumed):
        assert [one.id for one in outcomes] == ids
        refusals = [one.refusal.code if one.refusal else None for one in outcomes]
        assert refusals == [None, UserNotFound.code, None]
    assert were_paused == [True, True]
    assert [_is(core, one).paused for one in (anna, ben)] == [False, False]
    assert len(await entries(core.queries)) == 6


async def test_leaving_is_started_and_stopped(core: Core, anna: User) -> None:
    leaving = await core.back_office.people.start_leaving(anna.id, by=EDITOR, client=None)
    staying = await core.back_office.people.stop_leaving(anna.id, by=EDITOR, client=None)

    assert leaving.deletion_at == NOW + GRACE
    assert staying.deletion_at is None
    found = {entry.verb: entry.diff for entry in await entries(core.queries)}
    assert found == {
        "person.leave": {"deletion_at": (None, "2100-03-29T12:00:00+00:00")},
        "person.stay": {"deletion_at": ("2100-03-29T12:00:00+00:00", None)},
    }


async def test_what_the_owners_rules_refuse_is_refused(core: Core, anna: User) -> None:
    office = core.back_office.people

    for refused, kind in (
        (office.edit(anna.id, PersonChanges(version=7), by=EDITOR, client=None), StaleUser),
        (
            office.edit(
                anna.id,
                PersonChanges(language=Language.RUSSIAN, timezone="Mars"),
                by=EDITOR,
                client=None,
            ),
            UnknownTimezone,
        ),
        (office.stop_leaving(anna.id, by=EDITOR, client=None), NotLeaving),
        (office.pause(UserId(ULID()), by=EDITOR, client=None), UserNotFound),
        (office.pause(anna.id, by=VIEWER, client=None), RoleInsufficient),
        (office.start_leaving(anna.id, by=VIEWER, client=None), RoleInsufficient),
    ):
        with pytest.raises(kind):
            await refused

    assert _is(core, anna) == anna
    found = await entries(core.queries)
    assert all(entry.refusal and entry.diff == {} for entry in found)
    assert len(found) == 6


async def test_of_who_has_left_nothing_is_changed(core: Core, anna: User) -> None:
    leaving = await core.accounts.leave(actor=anna.id)
    core.clock.advance(GRACE)
    office = core.back_office.people

    for refused in (
        office.edit(anna.id, PersonChanges(language=Language.RUSSIAN), by=EDITOR, client=None),
        office.resume(anna.id, by=EDITOR, client=None),
        office.start_leaving(anna.id, by=EDITOR, client=None),
        office.stop_leaving(anna.id, by=EDITOR, client=None),
    ):
        with pytest.raises(AccountBeingDeleted):
            await refused

    assert _is(core, anna) == leaving
