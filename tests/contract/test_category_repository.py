"""What every `CategoryRepository` promises."""

import pytest
from hypothesis import HealthCheck, given, settings

from support.backends import Storage
from support.builders import NOW, a_category, a_user
from support.strategies import categories
from taskbot.domain.category import Category
from taskbot.domain.errors import CategoryNameTaken, CategoryNotFound

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
