"""Categories: made and listed."""

import pytest

from support.builders import NOW, a_category
from support.core import a_core
from taskbot.domain.errors import BlankCategoryName, CategoryNameTaken

pytestmark = pytest.mark.anyio


async def test_a_category_is_kept_as_it_was_named() -> None:
    core = a_core()
    anna = await core.users.find_or_register(7)

    category = await core.categories.create("  Дом ", emoji="🏠", actor=anna.id)

    assert category == a_category(
        id=category.id, owner_id=anna.id, name="Дом", emoji="🏠", created_at=NOW
    )
    assert await core.categories.list(actor=anna.id) == [category]


async def test_a_name_is_taken_in_whatever_case_by_its_owner_alone() -> None:
    core = a_core()
    anna, boris = await core.users.find_or_register(7), await core.users.find_or_register(8)
    hers = await core.categories.create("Дом", actor=anna.id)

    with pytest.raises(CategoryNameTaken):
        await core.categories.create("ДОМ", actor=anna.id)
    his = await core.categories.create("дом", actor=boris.id)

    assert await core.categories.list(actor=anna.id) == [hers]
    assert await core.categories.list(actor=boris.id) == [his]


async def test_a_name_that_cannot_be_read_is_refused() -> None:
    core = a_core()
    anna = await core.users.find_or_register(7)

    with pytest.raises(BlankCategoryName):
        await core.categories.create("\u200b ", actor=anna.id)

    assert await core.categories.list(actor=anna.id) == []
