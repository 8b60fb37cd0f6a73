"""What every `CategoryRepository` promises."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from support.backends import Storage
from support.builders import NOW, a_category, a_task, a_user
from support.strategies import categories
from taskbot.domain.category import Category
from taskbot.domain.errors import CategoryNameTaken, CategoryNotFound, StaleCategory

pytestmark = pytest.mark.anyio


async def test_a_category_comes_back_as_it_was(storage: Storage) -> None:
    owner = a_user()
    category = a_category(
        owner_id=owner.id, name="Дом и семья", emoji="👩‍👩‍👧‍👦", created_at=NOW, version=4
    )

    await storage.keep(owner, category)

    async with storage.unit_of_work() as uow:
        assert await uow.categories.get(category.id) == category


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(category=categories())
async def test_any_category_comes_back_as_it_was(storage: Storage, category: Category) -> None:
    await storage.keep(a_user(id=category.owner_id), category)

    async with storage.unit_of_work() as uow:
        assert await uow.categories.get(category.id) == category


async def test_a_category_that_nobody_made_is_not_found(storage: Storage) -> None:
    category = a_category()

    async with storage.unit_of_work() as uow:
        with pytest.raises(CategoryNotFound) as refusal:
            await uow.categories.get(category.id)

    assert refusal.value.category_id == category.id


@pytest.mark.parametrize(
    ("name", "again"), [("Дом", "дом"), ("Дом", "ДОМ"), ("Straße", "STRASSE"), ("Home", " home ")]
)
async def test_a_name_is_taken_in_whatever_case(storage: Storage, name: str, again: str) -> None:
    owner = a_user()
    await storage.keep(owner, a_category(owner_id=owner.id, name=name))

    async with storage.unit_of_work() as uow:
        with pytest.raises(CategoryNameTaken) as refusal:
            await uow.categories.add(a_category(owner_id=owner.id, name=again))

    assert refusal.value.name == again.strip()


async def test_two_people_may_use_the_same_name(storage: Storage) -> None:
    anna, boris = a_user(), a_user()
    hers, his = a_category(owner_id=anna.id), a_category(owner_id=boris.id)

    await storage.keep(anna, boris, hers, his)

    assert await storage.queries.categories(anna.id) == [hers]
    assert await storage.queries.categories(boris.id) == [his]


async def _update(storage: Storage, category: Category) -> Category:
    return await storage.transactions.run(lambda uow: uow.categories.update(category))


async def test_a_change_is_stored_with_the_next_version(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    await storage.keep(owner, category)

    updated = await _update(storage, category.rename("Work").mark("💼"))

    assert (updated.name, updated.emoji, updated.version) == ("Work", "💼", 2)
    assert await storage.queries.category(category.id, owner_id=owner.id) == updated


async def test_a_change_of_what_was_changed_meanwhile_is_refused(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    await storage.keep(owner, category)
    await _update(storage, category.rename("Work"))

    with pytest.raises(StaleCategory):
        await _update(storage, category.rename("Garden"))
    with pytest.raises(StaleCategory):
        await _update(storage, a_category(owner_id=owner.id))


async def test_a_name_that_another_has_cannot_be_taken_later_either(storage: Storage) -> None:
    owner = a_user()
    work, home = (a_category(owner_id=owner.id, name=name) for name in ("Work", "Home"))
    await storage.keep(owner, work, home)

    with pytest.raises(CategoryNameTaken):
        await _update(storage, home.rename("wORK"))

    assert (await _update(storage, work.rename("WORK"))).name == "WORK"


async def test_tasks_stay_when_their_category_goes(storage: Storage) -> None:
    owner = a_user()
    category = a_category(owner_id=owner.id)
    task = a_task(owner_id=owner.id, category_id=category.id)
    await storage.keep(owner, category, task)

    await storage.transactions.run(lambda uow: uow.categories.delete(category.id))

    assert (await storage.task(task.id)).category_id is None
    with pytest.raises(CategoryNotFound):
        await storage.transactions.run(lambda uow: uow.categories.delete(category.id))


@pytest.mark.parametrize("is_moved", [True, False])
async def test_tasks_are_filed_elsewhere_in_one_go(storage: Storage, *, is_moved: bool) -> None:
    owner = a_user()
    here, there = (a_category(owner_id=owner.id, name=name) for name in ("Here", "There"))
    filed = [a_task(owner_id=owner.id, category_id=here.id, version=4) for _ in range(3)]
    other = a_task(owner_id=owner.id, category_id=there.id)
    await storage.keep(owner, here, there, *filed, other)
    target, later = there.id if is_moved else None, NOW + timedelta(hours=1)

    number = await storage.transactions.run(
        lambda uow: uow.tasks.refile(here.id, under=target, now=later)
    )

    assert number == 3
    for task in filed:
        assert await storage.task(task.id) == evolve(
            task, category_id=target, updated_at=later, version=5
        )
    assert await storage.task(other.id) == other


async def test_tasks_of_a_category_are_told_in_pieces_the_oldest_first(storage: Storage) -> None:
    owner = a_user()
    here, there = (a_category(owner_id=owner.id, name=name) for name in ("Here", "There"))
    filed = [a_task(owner_id=owner.id, category_id=here.id) for _ in range(3)]
    other, plain = a_task(owner_id=owner.id, category_id=there.id), a_task(owner_id=owner.id)
    await storage.keep(owner, here, there, *reversed(filed), other, plain)
    ids = sorted(task.id for task in filed)

    async with storage.unit_of_work() as uow:
        assert await uow.tasks.filed_under(here.id, limit=2) == ids[:2]
        assert await uow.tasks.filed_under(here.id, limit=9) == ids
        assert await uow.tasks.filed_under(a_category().id, limit=9) == []


async def test_a_category_is_read_by_its_owner_alone(storage: Storage) -> None:
    owner, stranger = a_user(), a_user()
    category = a_category(owner_id=owner.id)
    await storage.keep(owner, stranger, category)

    assert await storage.queries.category(category.id, owner_id=owner.id) == category
    with pytest.raises(CategoryNotFound):
        await storage.queries.category(category.id, owner_id=stranger.id)


async def test_what_one_process_changes_the_next_list_in_another_shows(
    storage: Storage, rival: Storage
) -> None:
    owner = a_user()
    category, gone = (a_category(owner_id=owner.id, name=name) for name in ("Home", "Work"))
    await storage.keep(owner, category, gone)
    assert len(await rival.queries.categories(owner.id)) == 2

    async with storage.unit_of_work() as uow:
        renamed = await uow.categories.update(category.rename("House"))
        await uow.categories.delete(gone.id)
        await uow.commit()

    assert await rival.queries.categories(owner.id) == [renamed]
