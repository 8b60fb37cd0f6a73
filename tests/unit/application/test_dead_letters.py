"""Dead letters: listed, looked at, tried anew, put away."""

from datetime import timedelta

import pytest
from attrs import evolve
from ulid import ULID

from support.builders import NOW
from support.core import Core, a_core
from taskbot.application.ports import Refused
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.errors import ReminderNotDead, ReminderNotFound
from taskbot.domain.ids import ReminderId
from taskbot.domain.reminder import Reminder, ReminderState
from taskbot.domain.task import Task

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
REFUSED = Refused("can't parse")


async def _dead(core: Core, number: int) -> list[Task]:
    """Give tasks of as many people, whose one reminder each was given up."""
    tasks = []
    for person in range(number):
        meeting = await core.users.meet(MeetUser(telegram_id=7 + person, name="Anna"))
        view = await core.tasks.create(CreateTask(actor=meeting.user.id, title="Buy milk"))
        until = NOW + HOUR + timedelta(seconds=person)
        await core.tasks.snooze(view.task.id, until=until, actor=meeting.user.id)
        tasks.append(view.task)
    core.notifier.problems.extend([REFUSED] * number)
    core.clock.advance(2 * HOUR)
    await core.deliver_due()
    return tasks


async def _reminder(core: Core, task: Task) -> Reminder:
    card = await core.tasks.card(task.id, actor=task.owner_id)
    (reminder,) = card.reminders
    return reminder


async def test_they_are_listed_page_by_page() -> None:
    core = a_core()
    tasks = await _dead(core, 5)

    first = await core.dead_letters.page(limit=3)
    second = await core.dead_letters.page(limit=3, after=first.following)

    listed = [letter.task.id for page in (first, second) for letter in page.items]
    assert listed == [task.id for task in tasks]
    assert (len(first.items), second.following) == (3, None)
    assert first.items[0].reminder.last_error == "can't parse"


async def test_one_can_be_looked_at() -> None:
    core = a_core()
    (task,) = await _dead(core, 1)
    reminder = await _reminder(core, task)

    letter = await core.dead_letters.get(reminder.id)

    assert (letter.reminder, letter.task.id) == (reminder, task.id)


async def test_one_that_is_tried_anew_arrives_and_says_that_it_is_late() -> None:
    core = a_core()
    (task,) = await _dead(core, 1)
    dead = await _reminder(core, task)

    revived = await core.dead_letters.retry(dead.id)
    await core.deliver_due()

    assert (revived.state, revived.failures) == (ReminderState.PLANNED, 0)
    (notification,) = core.notifier.notifications
    assert notification.notices[0].late_by == core.clock.now() - dead.fire_at
    assert (await _reminder(core, task)).state is ReminderState.SENT


async def test_one_that_fails_again_is_a_dead_letter_again() -> None:
    core = a_core()
    (task,) = await _dead(core, 1)
    core.notifier.problems.append(REFUSED)

    await core.dead_letters.retry((await _reminder(core, task)).id)
    await core.deliver_due()

    assert (await _reminder(core, task)).state is ReminderState.FAILED


async def test_nobody_is_reminded_of_what_is_done_meanwhile() -> None:
    core = a_core()
    (task,) = await _dead(core, 1)
    await core.tasks.complete(task.id, actor=task.owner_id)

    await core.dead_letters.retry((await _reminder(core, task)).id)
    await core.deliver_due()

    assert core.notifier.notifications == []
    assert (await _reminder(core, task)).state is ReminderState.CANCELLED


async def test_what_is_done_meanwhile_is_cancelled_when_it_is_tried_anew() -> None:
    core = a_core()
    (task,) = await _dead(core, 1)
    await core.tasks.complete(task.id, actor=task.owner_id)

    revived = await core.dead_letters.retry((await _reminder(core, task)).id)

    assert revived.state is ReminderState.CANCELLED
    assert await core.claim_due() == []


async def test_one_that_is_put_away_is_gone_from_the_list() -> None:
    core = a_core()
    (task,) = await _dead(core, 1)

    await core.dead_letters.discard((await _reminder(core, task)).id)

    assert (await core.dead_letters.page(limit=9)).items == ()
    assert (await _reminder(core, task)).state is ReminderState.CANCELLED


async def test_all_can_be_tried_anew_or_put_away_at_once() -> None:
    core = a_core()
    await _dead(core, 4)

    assert await core.dead_letters.retry_all() == 4
    await core.deliver_due()
    assert len(core.notifier.notifications) == 4
    assert await core.dead_letters.discard_all() == 0


async def test_all_can_be_put_away() -> None:
    core = a_core()
    await _dead(core, 4)

    assert await core.dead_letters.discard_all() == 4
    assert (await core.dead_letters.page(limit=9)).items == ()


@pytest.mark.parametrize("way", ["get", "retry", "discard"])
async def test_only_dead_letters_are_dealt_with(way: str) -> None:
    core = a_core()
    (task,) = await _dead(core, 1)
    reminder = await _reminder(core, task)
    await core.dead_letters.discard(reminder.id)
    deal = getattr(core.dead_letters, way)

    with pytest.raises(ReminderNotDead):
        await deal(reminder.id)
    with pytest.raises(ReminderNotFound):
        await deal(evolve(reminder, id=ReminderId(ULID())).id)
