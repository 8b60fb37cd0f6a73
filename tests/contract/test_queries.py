"""What every `Queries` promises; pages have a module of their own, access tokens, too."""

from datetime import timedelta

import pytest

from support.backends import Storage
from support.builders import NOW, a_category, a_reminder, a_reminder_of, a_task, a_user
from taskbot.application.ports import TaskOrder, TaskPosition
from taskbot.application.views import DeadLetterPosition, Letter, ReminderGauges, TaskCard, TaskView
from taskbot.domain.errors import TaskNotFound, UserNotFound
from taskbot.domain.reminder import ReminderState

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


async def test_a_task_is_shown_with_its_category(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id, emoji="🏠")
    filed = a_task(owner_id=owner.id, category_id=category.id)
    loose = a_task(owner_id=owner.id)
    await storage.keep(owner, category, filed, loose)

    assert await storage.queries.task(filed.id, owner_id=owner.id) == TaskView(filed, category)
    assert await storage.queries.task(loose.id, owner_id=owner.id) == TaskView(loose, None)


async def test_a_stranger_does_not_learn_that_the_task_exists(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, stranger, task)

    with pytest.raises(TaskNotFound):
        await storage.queries.task(task.id, owner_id=stranger.id)
    assert await storage.queries.task_cards([task.id], owner_id=stranger.id) == []


async def test_a_task_that_is_not_there_is_not_found(storage: Storage) -> None:
    task = a_task()

    with pytest.raises(TaskNotFound):
        await storage.queries.task(task.id, owner_id=task.owner_id)
    assert await storage.queries.task_cards([task.id], owner_id=task.owner_id) == []


async def test_a_card_shows_past_and_future_reminders_earliest_first(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task, other = a_task(owner_id=owner.id, category_id=category.id), a_task(owner_id=owner.id)
    future = a_reminder_of(task, fire_at=NOW + HOUR)
    sent = a_reminder_of(task, fire_at=NOW - HOUR).sent(now=NOW, message_id=5)
    cancelled = a_reminder_of(task, fire_at=NOW).cancel()
    await storage.keep(owner, category, task, other, future, sent, cancelled, a_reminder_of(other))

    (card,) = await storage.queries.task_cards([task.id], owner_id=owner.id)

    assert card == TaskCard(task, category, (sent, cancelled, future))


async def test_a_card_may_have_no_reminder_and_no_category(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)

    cards = await storage.queries.task_cards([task.id], owner_id=owner.id)

    assert cards == [TaskCard(task, None, ())]


async def test_cards_of_several_tasks_come_in_one_go(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    bare, full = a_task(owner_id=owner.id), a_task(owner_id=owner.id)
    foreign, gone = a_task(owner_id=stranger.id), a_task(owner_id=owner.id)
    reminders = [a_reminder_of(full, fire_at=NOW + n * HOUR) for n in range(2)]
    await storage.keep(owner, stranger, bare, full, foreign, *reminders)

    cards = await storage.queries.task_cards(
        [one.id for one in (full, gone, foreign, bare)], owner_id=owner.id
    )

    expected = [TaskCard(bare, None, ()), TaskCard(full, None, tuple(reminders))]
    assert sorted(cards, key=lambda card: card.task.id) == sorted(
        expected, key=lambda card: card.task.id
    )


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7])
async def test_cards_of_all_tasks_come_a_few_at_a_time_the_oldest_first(
    storage: Storage, limit: int
) -> None:
    owner, stranger = a_user(), a_user()
    category = a_category(owner_id=owner.id)
    ages = (3, 1, 2, 1, 1, 0)  # equals are told apart by their ids
    tasks = [
        a_task(owner_id=owner.id, category_id=category.id, created_at=NOW - age * HOUR)
        for age in ages
    ]
    reminders = [a_reminder_of(tasks[1], fire_at=NOW + n * HOUR) for n in range(2)]
    await storage.keep(owner, stranger, category, *tasks, *reminders)
    await storage.keep(a_task(owner_id=stranger.id))

    cards = await storage.queries.next_task_cards(owner.id, limit=limit)
    while cards:
        place = TaskPosition.of(cards[-1].task, TaskOrder.CREATED)
        more = await storage.queries.next_task_cards(owner.id, limit=limit, after=place)
        if not more:
            break
        assert len(more) <= limit
        cards += more

    tasks.sort(key=lambda task: (task.created_at, task.id))
    of_one = {reminders[0].task_id: tuple(reminders)}
    assert cards == [TaskCard(task, category, of_one.get(task.id, ())) for task in tasks]


async def test_categories_are_the_owners_own_in_the_order_of_their_keys(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    names = ("яблоки", "Ёлка", "Дом", "home", "Work", "ананас")
    own = [a_category(owner_id=owner.id, name=name) for name in names]
    await storage.keep(owner, stranger, *own, a_category(owner_id=stranger.id, name="дом"))

    found = await storage.queries.categories(owner.id)

    assert found == sorted(own, key=lambda category: category.key)
    assert await storage.queries.categories(a_user().id) == []


async def test_a_person_is_found_by_either_id(storage: Storage) -> None:
    user = a_user(telegram_id=2**51)
    await storage.keep(a_user(), user)

    assert await storage.queries.user(user.id) == user
    assert await storage.queries.user_by_telegram_id(2**51) == user


async def test_who_never_came_is_not_found(storage: Storage) -> None:
    stranger = a_user()

    assert await storage.queries.user_by_telegram_id(stranger.telegram_id) is None
    with pytest.raises(UserNotFound) as refusal:
        await storage.queries.user(stranger.id)
    assert refusal.value.user == stranger.id


async def test_a_letter_says_what_delivery_needs(storage: Storage) -> None:
    owner = a_user(reachable=False)
    task, other = a_task(owner_id=owner.id, title="Позвонить"), a_task(owner_id=owner.id)
    reminder = a_reminder_of(task)
    await storage.keep(owner, task, other, reminder, a_reminder_of(other))

    assert await storage.queries.letters([reminder.id]) == [Letter(reminder, task, owner)]


async def test_there_is_no_letter_about_a_reminder_that_is_gone(storage: Storage) -> None:
    assert await storage.queries.letters([a_reminder().id]) == []


async def test_the_next_claim_is_possible_when_the_earliest_pending_one_is(
    storage: Storage,
) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(
        owner,
        task,
        a_reminder_of(task, available_at=NOW + 3 * HOUR),
        a_reminder_of(task, state=ReminderState.CLAIMED, available_at=NOW + 2 * HOUR),
        a_reminder_of(task, state=ReminderState.SENDING, available_at=NOW + HOUR),
        a_reminder_of(task, state=ReminderState.CANCELLED, available_at=NOW - HOUR),
        a_reminder_of(task, available_at=None),
    )

    assert await storage.queries.next_available_at() == NOW + HOUR


async def test_nothing_will_be_available_where_all_is_settled_or_on_hold(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    assert await storage.queries.next_available_at() is None
    await storage.keep(
        owner,
        task,
        a_reminder_of(task, available_at=None),
        a_reminder_of(task).sent(now=NOW, message_id=None),
    )

    assert await storage.queries.next_available_at() is None


async def test_dead_letters_of_all_people_come_earliest_first_and_page_by_page(
    storage: Storage,
) -> None:
    owners = [a_user(), a_user()]
    tasks = [a_task(owner_id=owner.id) for owner in owners]
    dead = [
        a_reminder_of(tasks[n % 2], fire_at=NOW + n * HOUR).give_up(error="no route")
        for n in range(5)
    ]
    alive = [a_reminder_of(tasks[0]), a_reminder_of(tasks[0]).cancel()]
    await storage.keep(*owners, *tasks, *dead, *alive)

    first = await storage.queries.dead_letters(limit=2)
    place = DeadLetterPosition.of(first[-1].reminder)
    rest = await storage.queries.dead_letters(limit=9, after=place)

    assert [letter.reminder for letter in first + rest] == dead
    assert (first[0].task, first[0].user) == (tasks[0], owners[0])


async def test_gauges_tell_how_delivery_is_doing(storage: Storage) -> None:
    owner = a_user()
    task = a_task(owner_id=owner.id)
    await storage.keep(owner, task)
    quiet = await storage.queries.reminder_gauges(now=NOW)
    await storage.keep(
        a_reminder_of(task, fire_at=NOW - HOUR),
        a_reminder_of(task, fire_at=NOW - HOUR / 2).claim(until=NOW + HOUR / 60),
        a_reminder_of(task, fire_at=NOW - 2 * HOUR).failed_once(
            retry_at=NOW + HOUR / 4, error="no route"
        ),
        a_reminder_of(task, fire_at=NOW - 9 * HOUR).put_off(until=None),
        a_reminder_of(task, fire_at=NOW + HOUR),
        a_reminder_of(task, fire_at=NOW - 9 * HOUR).give_up(error="refused"),
        a_reminder_of(task, fire_at=NOW - 9 * HOUR).sent(now=NOW, message_id=1),
    )

    gauges = await storage.queries.reminder_gauges(now=NOW)

    assert quiet == ReminderGauges(due=0, oldest_due=None, dead_letters=0)
    assert gauges == ReminderGauges(due=3, oldest_due=2 * HOUR, dead_letters=1)
