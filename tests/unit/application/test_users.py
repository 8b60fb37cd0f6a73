"""People: met, moved, lost and found again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import frozen

from support.builders import NOW, a_user
from support.core import Core, a_core
from taskbot.adapters.memory import (
    MemoryDatabase,
    MemoryQueries,
    MemoryTransactions,
    MemoryUnitOfWork,
)
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import EditUser, MeetUser
from taskbot.application.views import TaskView
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.errors import UnknownTimezone, UserNotFound
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.reminder import PENDING, ReminderKind
from taskbot.domain.user import Language, User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
ANNA = MeetUser(telegram_id=7, name="Анна", language_tag="ru-RU")


@pytest.fixture
def core() -> Core:
    return a_core()


async def test_who_comes_first_is_registered_as_their_client_says(core: Core) -> None:
    meeting = await core.users.meet(ANNA)

    user = meeting.user
    assert meeting.is_new
    assert (user.telegram_id, user.name, user.language) == (7, "Анна", Language.RUSSIAN)
    assert (user.timezone, user.created_at, user.reachable) == ("Europe/Moscow", NOW, True)
    assert await core.users.get(user.id) == user


async def test_who_comes_again_is_the_same_person(core: Core) -> None:
    first = await core.users.meet(ANNA)

    second = await core.users.meet(ANNA)

    assert second.user == first.user
    assert not second.is_new


async def test_a_new_name_is_learnt_and_a_chosen_language_stays(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    await core.users.speak(Language.ENGLISH, actor=anna.id)

    meeting = await core.users.meet(MeetUser(telegram_id=7, name="Аня", language_tag="ru"))

    assert (meeting.user.name, meeting.user.language) == ("Аня", Language.ENGLISH)
    assert not meeting.is_new
    assert await core.users.get(anna.id) == meeting.user


async def test_whom_the_operator_registered_is_new_when_they_first_write(core: Core) -> None:
    registered = await core.users.find_or_register(7)

    meeting = await core.users.meet(ANNA)

    assert meeting.is_new
    assert meeting.user.id == registered.id
    assert (meeting.user.name, meeting.user.language) == ("Анна", Language.RUSSIAN)


async def test_nobody_is_registered_twice(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user

    assert await core.users.find_or_register(7) == anna
    assert await core.users.find_or_register(8) == await core.users.find_or_register(8)
    assert len(core.database.tables.users) == 2


@frozen
class _Behind(MemoryQueries):
    """Its first answer comes from before somebody else registered the person."""

    _winners: list[User]

    async def user_by_telegram_id(self, telegram_id: int) -> User | None:
        known = await super().user_by_telegram_id(telegram_id)
        while self._winners:
            winner = self._winners.pop()
            async with MemoryUnitOfWork(self._database) as uow:
                await uow.users.add(winner)
                await uow.commit()
        return known


async def test_two_first_messages_at_once_make_one_person() -> None:
    database, winner = MemoryDatabase(), a_user(telegram_id=7, name="Анна")
    core = a_core(transactions=MemoryTransactions(database), queries=_Behind(database, [winner]))

    meeting = await core.users.meet(ANNA)

    assert meeting.user == winner
    assert list(database.tables.users) == [winner.id]


async def test_an_unknown_person_is_not_found(core: Core) -> None:
    with pytest.raises(UserNotFound):
        await core.users.get(a_user().id)


async def test_who_is_lost_is_unreachable_until_they_write(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user

    lost = await core.users.lose(anna.telegram_id)
    assert not lost.reachable
    assert await core.users.lose(anna.telegram_id) == lost

    back = (await core.users.meet(ANNA)).user
    assert back.reachable
    assert await core.users.get(anna.id) == back


async def _task(core: Core, owner: User, deadline: Deadline) -> TaskView:
    return await core.tasks.create(CreateTask(actor=owner.id, title="Buy milk", deadline=deadline))


async def _pending(core: Core, view: TaskView) -> list[tuple[datetime, ReminderKind]]:
    card = await core.tasks.card(view.task.id, actor=view.task.owner_id)
    return [(one.fire_at, one.kind) for one in card.reminders if one.state in PENDING]


async def test_whole_days_move_with_the_person_and_their_reminders_too(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    view = await _task(core, anna, DayDeadline(date(2100, 3, 20), "Europe/Moscow"))

    moved = await core.users.move_to("Asia/Tokyo", actor=anna.id)

    assert moved.timezone == "Asia/Tokyo"
    assert (await core.users.get(anna.id)) == moved
    task = (await core.tasks.get(view.task.id, actor=anna.id)).task
    assert task.deadline == DayDeadline(date(2100, 3, 20), "Asia/Tokyo")
    nine_in_tokyo = datetime(2100, 3, 20, tzinfo=UTC)
    assert await _pending(core, view) == [(nine_in_tokyo, ReminderKind.DAY)]


async def test_a_moment_stays_the_same_moment_and_keeps_its_reminders(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    view = await _task(core, anna, TimedDeadline(NOW + 24 * HOUR, "Europe/Moscow"))
    before = await core.tasks.card(view.task.id, actor=anna.id)

    await core.users.move_to("Asia/Tokyo", actor=anna.id)

    after = await core.tasks.card(view.task.id, actor=anna.id)
    assert after.task.deadline == TimedDeadline(NOW + 24 * HOUR, "Asia/Tokyo")
    assert after.reminders == before.reminders


async def test_a_snooze_outlives_a_move(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    view = await _task(core, anna, DayDeadline(date(2100, 3, 20), "Europe/Moscow"))
    await core.tasks.snooze(view.task.id, until=NOW + HOUR, actor=anna.id)

    await core.users.move_to("Asia/Tokyo", actor=anna.id)

    assert (NOW + HOUR, ReminderKind.SNOOZE) in await _pending(core, view)


async def test_completed_tasks_stay_where_they_were_completed(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    view = await _task(core, anna, DayDeadline(date(2100, 3, 20), "Europe/Moscow"))
    completed = await core.tasks.complete(view.task.id, actor=anna.id)

    await core.users.move_to("Asia/Tokyo", actor=anna.id)

    assert await core.tasks.get(view.task.id, actor=anna.id) == completed


async def test_a_place_that_does_not_exist_changes_nothing(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user

    with pytest.raises(UnknownTimezone):
        await core.users.move_to("Europe/Atlantis", actor=anna.id)

    assert await core.users.get(anna.id) == anna


async def test_a_moment_that_keeps_its_clock_takes_its_reminders_along(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    view = await _task(core, anna, TimedDeadline(NOW + 24 * HOUR, "Europe/Moscow"))

    await core.users.move_to("Asia/Tokyo", timed=TimedDeadlines.KEEP_CLOCK, actor=anna.id)

    task = (await core.tasks.get(view.task.id, actor=anna.id)).task
    assert task.deadline == TimedDeadline(NOW + 18 * HOUR, "Asia/Tokyo")
    assert await _pending(core, view) == [
        (NOW + 17 * HOUR, ReminderKind.LEAD),
        (NOW + 18 * HOUR, ReminderKind.DUE),
    ]


async def test_who_chooses_a_zone_has_chosen_even_if_it_is_the_same(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user

    moved = await core.users.move_to(anna.timezone, actor=anna.id)

    assert (anna.timezone_chosen, moved.timezone_chosen) == (False, True)


async def test_while_reminders_are_paused_they_are_held_and_then_sent(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    await _task(core, anna, TimedDeadline(NOW + HOUR, "Europe/Moscow"))

    paused = await core.users.edit(EditUser(actor=anna.id, notifications=False))
    await _task(core, anna, TimedDeadline(NOW + HOUR, "Europe/Moscow"))
    core.clock.advance(2 * HOUR)
    await core.deliver_due()
    assert not paused.may_be_reminded
    assert not core.notifier.notifications
    assert await core.queries.next_available_at() is None
    await core.users.edit(EditUser(actor=anna.id, notifications=True))
    await core.deliver_due()

    assert [len(one.notices) for one in core.notifier.notifications] == [2]


async def test_a_pause_outlives_being_lost_and_leaving(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    await _task(core, anna, TimedDeadline(NOW + HOUR, "Europe/Moscow"))
    await core.users.edit(EditUser(actor=anna.id, notifications=False))

    await core.users.lose(anna.telegram_id)
    await core.users.meet(ANNA)
    await core.accounts.leave(actor=anna.id)
    await core.accounts.stay(actor=anna.id)
    core.clock.advance(2 * HOUR)
    await core.deliver_due()

    assert not core.notifier.notifications


async def test_who_is_lost_gets_nothing_by_ending_a_pause(core: Core) -> None:
    anna = (await core.users.meet(ANNA)).user
    await _task(core, anna, TimedDeadline(NOW + HOUR, "Europe/Moscow"))
    await core.users.edit(EditUser(actor=anna.id, notifications=False))
    await core.users.lose(anna.telegram_id)

    await core.users.edit(EditUser(actor=anna.id, notifications=True))
    core.clock.advance(2 * HOUR)
    await core.deliver_due()

    assert not core.notifier.notifications
