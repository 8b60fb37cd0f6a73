"""What every `UserRepository` promises."""

from datetime import time, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from support.backends import Storage
from support.builders import NOW, a_user
from support.strategies import users
from taskbot.application.ports import TelegramIdKnown
from taskbot.domain.errors import StaleUser, UserNotFound
from taskbot.domain.user import Language, ReminderPreferences, User

pytestmark = pytest.mark.anyio


async def test_a_person_comes_back_as_they_were(storage: Storage) -> None:
    user = a_user(
        telegram_id=2**52 - 1,
        name="Анна «Нюта» 🌻",
        language=Language.RUSSIAN,
        timezone="Asia/Kathmandu",
        preferences=ReminderPreferences(
            lead_times=(timedelta(days=365), timedelta(seconds=1.5), timedelta(0)),
            day_start=time(23, 59),
        ),
        reachable=False,
        created_at=NOW + timedelta(microseconds=1),
        version=12,
    )

    await storage.keep(user)

    async with storage.unit_of_work() as uow:
        assert await uow.users.get(user.id) == user
        assert await uow.users.find_by_telegram_id(user.telegram_id) == user


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(user=users())
async def test_anybody_comes_back_as_they_were(storage: Storage, user: User) -> None:
    async with storage.unit_of_work() as uow:
        await uow.users.add(user)

        assert await uow.users.get(user.id) == user


async def test_who_never_came_is_not_found(storage: Storage) -> None:
    stranger = a_user()

    async with storage.unit_of_work() as uow:
        assert await uow.users.find_by_telegram_id(stranger.telegram_id) is None
        with pytest.raises(UserNotFound) as refusal:
            await uow.users.get(stranger.id)

    assert refusal.value.user == stranger.id


async def test_a_telegram_id_belongs_to_one_person(storage: Storage) -> None:
    first = a_user()
    await storage.keep(first)

    async with storage.unit_of_work() as uow:
        with pytest.raises(TelegramIdKnown):
            await uow.users.add(a_user(telegram_id=first.telegram_id))

    async with storage.unit_of_work() as uow:
        assert await uow.users.find_by_telegram_id(first.telegram_id) == first


async def test_an_update_stores_all_fields_under_the_next_version(storage: Storage) -> None:
    user = a_user(version=2)
    await storage.keep(user)
    changed = evolve(
        user,
        name="Аня",
        language=Language.RUSSIAN,
        timezone="Pacific/Apia",
        preferences=ReminderPreferences(lead_times=(), day_start=time(7)),
        reachable=False,
    )

    async with storage.unit_of_work() as uow:
        updated = await uow.users.update(changed)
        await uow.commit()

    assert updated == evolve(changed, version=3)
    async with storage.unit_of_work() as uow:
        assert await uow.users.get(user.id) == updated


async def test_the_second_of_two_writers_is_stale(storage: Storage, rival: Storage) -> None:
    user = a_user()
    await storage.keep(user)
    async with rival.unit_of_work() as uow:
        first = await uow.users.update(user.speak(Language.RUSSIAN))
        await uow.commit()

    async with storage.unit_of_work() as uow:
        with pytest.raises(StaleUser):
            await uow.users.update(user.lose())

    assert await storage.queries.user(user.id) == first


async def test_who_never_came_cannot_be_updated(storage: Storage) -> None:
    async with storage.unit_of_work() as uow:
        with pytest.raises(StaleUser):
            await uow.users.update(a_user())
