"""Nights in which clocks are changed, and clocks that jump: none early, none lost."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from support.core import Core, a_core
from support.reliability import IS_WHOLE, note
from taskbot.adapters.memory import ManualClock
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)

# The day whose night brings another offset: an hour more, an hour less, half an hour, midnight.
NIGHTS: Final = {
    "Europe/Berlin": [date(2027, 3, 28), date(2027, 10, 31)],
    "America/New_York": [date(2027, 3, 14), date(2027, 11, 7)],
    "Australia/Lord_Howe": [date(2027, 4, 4), date(2027, 10, 3)],
    "America/Santiago": [date(2027, 4, 4), date(2027, 9, 5)],
}


async def _person(core: Core, zone: str) -> User:
    user = (await core.users.meet(MeetUser(telegram_id=7, name="Anna"))).user
    return await core.users.move_to(zone, actor=user.id)


async def _promised(core: Core, person: User, task_ids: list[object]) -> list[Reminder]:
    cards = await core.tasks.cards(task_ids, actor=person.id)  # type: ignore[arg-type] # ids they are
    return [reminder for card in cards for reminder in card.reminders]


@pytest.mark.parametrize("zone", NIGHTS)
async def test_a_night_in_which_clocks_change_costs_no_reminder(zone: str) -> None:
    number = 0
    for day in NIGHTS[zone]:
        noon = datetime.combine(day - timedelta(days=1), time(12), ZoneInfo(zone)).astimezone(UTC)
        core = a_core(clock=ManualClock(noon, skips_sleep=True))
        person = await _person(core, zone)
        task_ids: list[object] = []
        for quarter in range(1, 4 * 36):
            wall = datetime.combine(day - timedelta(days=1), time(12)) + quarter * MINUTE * 15
            for fold in (0, 1):
                due_at = wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
                if due_at > noon:
                    deadline = TimedDeadline(due_at, zone)
                    view = await core.tasks.create(
                        CreateTask(actor=person.id, title="Call", deadline=deadline)
                    )
                    task_ids.append(view.task.id)
        view = await core.tasks.create(
            CreateTask(actor=person.id, title="Pay", deadline=DayDeadline(day, zone))
        )
        task_ids.append(view.task.id)

        while core.clock.now() < noon + 40 * HOUR:
            await core.deliver_due()
            core.clock.advance(MINUTE)

        promised = await _promised(core, person, task_ids)
        for reminder in promised:
            assert reminder.state is ReminderState.SENT
            assert reminder.sent_at is not None
            # Many are due at once, and one chat gets a message a second.
            assert timedelta(0) <= reminder.sent_at - reminder.fire_at <= 2 * MINUTE
        (of_the_day,) = [one for one in promised if one.kind == "day"]
        assert of_the_day.fire_at.astimezone(ZoneInfo(zone)).time() == time(9)
        number += len(promised)
    note(
        f"nights in which clocks change, {zone}",
        "none early; none lost",
        f"{number:,} reminders through {len(NIGHTS[zone])} nights: lost 0, early 0",
    )


jumps = st.sampled_from([-2 * HOUR, 2 * HOUR, -HOUR, HOUR])


@settings(max_examples=200 if IS_WHOLE else 40)
@given(
    leads=st.lists(st.timedeltas(MINUTE, 5 * HOUR), min_size=1, max_size=6),
    jumped=st.lists(st.tuples(st.timedeltas(timedelta(0), HOUR), jumps), max_size=6),
)
async def test_a_clock_that_jumps_costs_no_reminder(
    leads: list[timedelta], jumped: list[tuple[timedelta, timedelta]]
) -> None:
    clock = ManualClock(datetime(2027, 5, 5, 12, tzinfo=UTC), skips_sleep=True)
    core = a_core(clock=clock)
    person = await _person(core, "Europe/Berlin")
    task_ids: list[object] = []
    for lead in leads:
        view = await core.tasks.create(CreateTask(actor=person.id, title="Call"))
        await core.tasks.snooze(view.task.id, until=clock.now() + lead, actor=person.id)
        task_ids.append(view.task.id)

    for waited, jump in jumped:
        clock.advance(waited)
        await core.dispatch.dispatch_due(limit=2)  # whose claims are lost: their leases end
        core.queue.claims.clear()
        clock.advance(jump)
        await core.deliver_due()
    for _ in range(60 * 20):
        await core.deliver_due()
        clock.advance(MINUTE)

    promised = await _promised(core, person, task_ids)
    assert {one.state for one in promised} == {ReminderState.SENT}
    assert all(one.sent_at is not None and one.sent_at >= one.fire_at for one in promised)
    told = [one for message in core.notifier.notifications for one in message.notices]
    assert len(told) == len(leads)
