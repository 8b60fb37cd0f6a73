"""What whoever talks to people is promised about them, in this process and over the API."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from attrs import evolve

from support.backend import KINDS, Backend, a_backend, told
from support.builders import NOW
from support.core import a_core
from taskbot.application.categories import EditCategory, TasksLeft
from taskbot.application.moving import MovePreview, preview_move
from taskbot.application.task_commands import CreateTask, ListTasks
from taskbot.application.users import EditUser, MeetUser
from taskbot.application.views import CountedCategory
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import (
    AccountBeingDeleted,
    BlankCategoryName,
    CategoryNameTaken,
    CategoryNameTooLong,
    CategoryNotFound,
    DomainError,
    StaleCategory,
    StaleUser,
    TaskNotFound,
    UnknownTimezone,
)
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.user import GRACE, Language, ReminderPreferences, User

pytestmark = pytest.mark.anyio

ANNA = MeetUser(telegram_id=7, name="Анна", language_tag="ru-RU")
HOUR = timedelta(hours=1)


@pytest.fixture(params=KINDS)
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    async with a_backend(request.param, a_core()) as backend:
        yield backend


async def _stored(backend: Backend, telegram_id: int = 7) -> User | None:
    return await backend.core.queries.user_by_telegram_id(telegram_id)


async def test_who_writes_for_the_first_time_is_registered(backend: Backend) -> None:
    meeting = await backend.people.meet(ANNA)

    user = meeting.user
    assert meeting.is_new
    assert (user.telegram_id, user.name, user.language) == (7, "Анна", Language.RUSSIAN)
    assert (user.timezone, user.reachable, user.created_at) == ("Europe/Moscow", True, NOW)
    assert user == await _stored(backend)


async def test_who_writes_again_is_known(backend: Backend) -> None:
    first = await backend.people.meet(ANNA)

    second = await backend.people.meet(ANNA)

    assert not second.is_new
    assert second.user == first.user


async def test_a_person_is_called_what_they_are_called_now(backend: Backend) -> None:
    await backend.people.meet(ANNA)

    renamed = (await backend.people.meet(MeetUser(telegram_id=7, name="Аня"))).user

    assert (renamed.name, renamed.language) == ("Аня", Language.RUSSIAN)
    assert renamed == await _stored(backend)


async def test_who_was_registered_unheard_gets_a_name_and_their_language(
    backend: Backend,
) -> None:
    await backend.core.users.find_or_register(7)

    met = (await backend.people.meet(ANNA)).user

    assert (met.name, met.language) == ("Анна", Language.RUSSIAN)


async def test_who_is_lost_gets_nothing_until_they_return(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    deadline = TimedDeadline(NOW + HOUR, "UTC")
    await backend.tasks.create(CreateTask(actor=anna.id, title="Call", deadline=deadline))

    lost = await backend.people.lose(7)
    backend.core.clock.advance(HOUR)
    await backend.core.deliver_due()
    assert not backend.core.notifier.notifications
    back = (await backend.people.meet(ANNA)).user
    await backend.core.deliver_due()

    assert (lost.id, lost.reachable) == (anna.id, False)
    assert back.reachable
    assert len(backend.core.notifier.notifications) == 1


async def test_who_is_lost_twice_or_was_never_met_is_lost_all_the_same(backend: Backend) -> None:
    first = await backend.people.lose(8)

    second = await backend.people.lose(8)

    assert first == second == await _stored(backend, 8)
    assert not first.reachable


async def test_who_is_known_is_found_and_stays_as_they_are(backend: Backend) -> None:
    await backend.people.meet(ANNA)
    lost = await backend.people.lose(7)

    found = await backend.people.find(7)

    assert found == lost == await _stored(backend)


async def test_a_stranger_is_not_found_and_not_registered(backend: Backend) -> None:
    assert await backend.people.find(7) is None
    assert await _stored(backend) is None


async def test_who_has_left_is_not_found(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    await backend.core.accounts.leave(actor=anna.id)
    backend.core.clock.advance(GRACE)

    assert await backend.people.find(7) is None


async def test_what_is_found_can_be_asked_for(backend: Backend) -> None:
    await backend.people.meet(ANNA)
    found = await backend.people.find(7)
    assert found is not None

    page = await backend.tasks.page(ListTasks(actor=found.id, timezone=found.timezone))

    assert page.items == ()


async def test_who_has_left_is_let_in_until_the_grace_period_is_over(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    leaving = await backend.core.accounts.leave(actor=anna.id)

    met = (await backend.people.meet(ANNA)).user
    backend.core.clock.advance(GRACE)

    assert met == leaving
    for asked in (backend.people.meet(ANNA), backend.people.lose(7)):
        with pytest.raises(AccountBeingDeleted) as refusal:
            await asked
        assert told(refusal.value) == told(AccountBeingDeleted(anna.id))


async def test_a_person_chooses_how_they_are_spoken_to(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user

    spoken = await backend.people.speak(Language.ENGLISH, actor=anna.id)

    assert spoken.language is Language.ENGLISH
    assert spoken == await _stored(backend) == (await backend.people.meet(ANNA)).user


async def test_whole_days_move_with_the_person(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    day = DayDeadline(date(2100, 3, 20), "Europe/Moscow")
    view = await backend.tasks.create(CreateTask(actor=anna.id, title="Rest", deadline=day))

    moved = await backend.people.move_to("Asia/Tokyo", actor=anna.id)

    assert moved.timezone == "Asia/Tokyo"
    task = (await backend.tasks.get(view.task.id, actor=anna.id)).task
    assert task.deadline == DayDeadline(date(2100, 3, 20), "Asia/Tokyo")


async def test_moments_keep_their_clock_if_that_is_wanted(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    deadline = TimedDeadline(NOW + 24 * HOUR, "Europe/Moscow")
    new = CreateTask(actor=anna.id, title="Pill", deadline=deadline)
    view = await backend.tasks.create(new)

    timed = TimedDeadlines.KEEP_CLOCK
    moved = await backend.people.move_to("Asia/Tokyo", timed=timed, actor=anna.id)

    assert moved == await _stored(backend)
    assert moved.timezone_chosen
    card = await backend.tasks.card(view.task.id, actor=anna.id)
    assert card.task.deadline == TimedDeadline(NOW + 18 * HOUR, "Asia/Tokyo")
    ahead = [one.fire_at for one in card.reminders if not one.state.is_final]
    assert ahead == [NOW + 17 * HOUR, NOW + 18 * HOUR]


async def test_before_a_move_it_is_shown_what_it_would_come_to(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    moments = [TimedDeadline(NOW + hours * HOUR, "Europe/Moscow") for hours in (1, 30, 29)]
    day = DayDeadline(date(2100, 3, 20), "Europe/Moscow")
    for number, deadline in enumerate([*moments, day, None]):
        new = CreateTask(actor=anna.id, title=f"Task {number}", deadline=deadline)
        await backend.tasks.create(new)

    async def previewed(target: str) -> MovePreview:
        return await preview_move(backend.tasks, anna, target, now=NOW, examples=1)

    preview = await previewed("Asia/Tokyo")

    assert preview.total == 2, "an hour before now nothing can be kept"
    (choice,) = preview.examples
    assert choice.task.title == "Task 2"
    assert choice.moment_kept == TimedDeadline(NOW + 29 * HOUR, "Asia/Tokyo")
    assert choice.clock_kept == TimedDeadline(NOW + 23 * HOUR, "Asia/Tokyo")
    assert await previewed("Europe/Minsk") == MovePreview((), 0)


async def test_a_person_changes_how_they_are_reminded_in_one_go(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    wanted = EditUser(
        actor=anna.id,
        language=Language.ENGLISH,
        timezone="Asia/Tokyo",
        lead_times=[HOUR / 2],
        day_start=time(7, 30),
        notifications=False,
    )

    changed = await backend.people.edit(wanted)

    assert changed == await _stored(backend) == (await backend.people.meet(ANNA)).user
    assert (changed.language, changed.timezone) == (Language.ENGLISH, "Asia/Tokyo")
    assert changed.preferences == ReminderPreferences(lead_times=[HOUR / 2], day_start=time(7, 30))
    assert (changed.paused, changed.timezone_chosen) == (True, True)


async def test_paused_reminders_are_held_until_they_are_wanted(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    deadline = TimedDeadline(NOW + HOUR, "UTC")
    await backend.tasks.create(CreateTask(actor=anna.id, title="Call", deadline=deadline))

    await backend.people.edit(EditUser(actor=anna.id, notifications=False))
    backend.core.clock.advance(2 * HOUR)
    await backend.core.deliver_due()
    assert not backend.core.notifier.notifications
    await backend.people.edit(EditUser(actor=anna.id, notifications=True))
    await backend.core.deliver_due()

    assert len(backend.core.notifier.notifications) == 1


async def test_settings_that_were_changed_meanwhile_are_not_overwritten(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    await backend.people.speak(Language.ENGLISH, actor=anna.id)

    stale = EditUser(actor=anna.id, version=anna.version, notifications=False)
    with pytest.raises(StaleUser) as refusal:
        await backend.people.edit(stale)

    assert told(refusal.value) == told(StaleUser(anna.id))


async def test_more_lead_times_than_anybody_needs_are_refused(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user

    for lead_times in ([HOUR * number for number in range(11)], [HOUR * 24 * 366]):
        with pytest.raises(DomainError):
            await backend.people.edit(EditUser(actor=anna.id, lead_times=lead_times))

    assert await _stored(backend) == anna


async def test_nobody_lives_by_clocks_that_there_are_not(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user

    with pytest.raises(UnknownTimezone) as refusal:
        await backend.people.move_to("Mars/Olympus", actor=anna.id)

    assert told(refusal.value) == told(UnknownTimezone("Mars/Olympus"))
    assert await _stored(backend) == anna


async def test_categories_are_ones_own_and_listed_by_name(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    boris = (await backend.people.meet(MeetUser(telegram_id=8, name="Борис"))).user

    work = await backend.categories.create("  Работа ", emoji="💼", actor=anna.id)
    home = await backend.categories.create("дом", actor=anna.id)
    his = await backend.categories.create("Дом", actor=boris.id)

    assert (work.name, work.emoji, work.owner_id, work.version) == ("Работа", "💼", anna.id, 1)
    assert home.emoji is None
    assert await backend.categories.list(actor=anna.id) == [home, work]
    assert await backend.categories.list(actor=boris.id) == [his]
    assert await backend.core.categories.list(actor=anna.id) == [home, work]


async def test_what_no_category_can_be_called_is_refused(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    await backend.categories.create("Дом", actor=anna.id)

    for name, promised in (
        ("ДОМ", CategoryNameTaken("ДОМ")),
        (" ", BlankCategoryName()),
        ("x" * 51, CategoryNameTooLong(51, 50)),
    ):
        with pytest.raises(type(promised)) as refusal:
            await backend.categories.create(name, actor=anna.id)
        assert told(refusal.value) == told(promised)


async def test_a_category_changes_by_what_is_given(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    home = await backend.categories.create("Дом", emoji="🏠", actor=anna.id)
    await backend.categories.create("Работа", actor=anna.id)

    def change(**what: Any) -> EditCategory:
        return EditCategory(actor=anna.id, category_id=home.id, **what)

    renamed = await backend.categories.edit(change(name="Дача", version=1))
    plain = await backend.categories.edit(change(emoji=None))

    assert (renamed.name, renamed.emoji, renamed.version) == ("Дача", "🏠", 2)
    assert (plain.name, plain.emoji, plain.version) == ("Дача", None, 3)
    for command, promised in (
        (change(name="Сад", version=2), StaleCategory(home.id)),
        (change(name="работа"), CategoryNameTaken("работа")),
    ):
        with pytest.raises(type(promised)) as refusal:
            await backend.categories.edit(command)
        assert told(refusal.value) == told(promised)


async def test_categories_are_counted_with_their_tasks(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    home = await backend.categories.create("Дом", emoji="🏠", actor=anna.id)
    work = await backend.categories.create("Работа", actor=anna.id)
    filed = CreateTask(actor=anna.id, title="x", category_id=home.id)
    done = await backend.tasks.create(filed)
    for command in (filed, filed, evolve(filed, category_id=None)):
        await backend.tasks.create(command)
    await backend.tasks.complete(done.task.id, actor=anna.id)

    counted = await backend.categories.counts(actor=anna.id)

    assert counted == [
        CountedCategory(category=home, open=2, completed=1),
        CountedCategory(category=work, open=0, completed=0),
    ]


@pytest.mark.parametrize("fate", ["moved", *TasksLeft])
async def test_what_becomes_of_the_tasks_of_a_deleted_category_is_said(
    backend: Backend, fate: str
) -> None:
    anna = (await backend.people.meet(ANNA)).user
    home = await backend.categories.create("Дом", actor=anna.id)
    work = await backend.categories.create("Работа", actor=anna.id)
    filed = CreateTask(actor=anna.id, title="x", category_id=home.id)
    task = (await backend.tasks.create(filed)).task
    other = (await backend.tasks.create(evolve(filed, category_id=work.id))).task

    with pytest.raises(StaleCategory):
        await backend.categories.delete(home.id, version=7, actor=anna.id)
    with pytest.raises(CategoryNotFound):
        await backend.categories.delete(home.id, tasks=home.id, actor=anna.id)
    await backend.categories.delete(
        home.id, tasks=work.id if fate == "moved" else TasksLeft(fate), version=1, actor=anna.id
    )

    assert await backend.categories.list(actor=anna.id) == [work]
    if fate == TasksLeft.DELETED:
        with pytest.raises(TaskNotFound):
            await backend.tasks.get(task.id, actor=anna.id)
    else:
        left = (await backend.tasks.get(task.id, actor=anna.id)).task.category_id
        assert left == (work.id if fate == "moved" else None)
    assert (await backend.tasks.get(other.id, actor=anna.id)).task.category_id == work.id


async def test_somebody_elses_category_is_not_there(backend: Backend) -> None:
    anna = (await backend.people.meet(ANNA)).user
    boris = (await backend.people.meet(MeetUser(telegram_id=8, name="Борис"))).user
    hers = await backend.categories.create("Дом", actor=anna.id)
    his = await backend.categories.create("Дом", actor=boris.id)

    for asked in (
        backend.categories.edit(EditCategory(actor=boris.id, category_id=hers.id, name="x")),
        backend.categories.delete(hers.id, actor=boris.id),
        backend.categories.delete(hers.id, tasks=TasksLeft.DELETED, actor=boris.id),
        backend.categories.delete(his.id, tasks=hers.id, actor=boris.id),
    ):
        with pytest.raises(CategoryNotFound) as refusal:
            await asked
        assert told(refusal.value) == told(CategoryNotFound(hers.id))
    assert await backend.categories.list(actor=anna.id) == [hers]
    assert await backend.categories.list(actor=boris.id) == [his]
