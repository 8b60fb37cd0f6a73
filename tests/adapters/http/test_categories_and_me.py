"""Categories, and who one is."""

import pytest

from support.api import ADA, Person

pytestmark = pytest.mark.anyio


async def test_a_category_has_a_name_and_perhaps_an_emoji(ada: Person) -> None:
    plain = await ada.client.post("/api/v1/categories", json={"name": " Home  office "})
    with_emoji = await ada.client.post("/api/v1/categories", json={"name": "Shop", "emoji": "🛒"})

    assert plain.status_code == 201
    assert plain.json() == {
        "id": plain.json()["id"],
        "name": "Home office",
        "emoji": None,
        "created_at": "2100-03-15T12:00:00Z",
    }
    assert with_emoji.json()["emoji"] == "🛒"


async def test_categories_are_listed_by_name(ada: Person) -> None:
    for name in ("work", "Home", "Ёлка"):
        await ada.client.post("/api/v1/categories", json={"name": name})

    listed = (await ada.client.get("/api/v1/categories")).json()

    assert [category["name"] for category in listed["items"]] == ["Home", "work", "Ёлка"]
    assert listed["next_cursor"] is None


async def test_a_name_is_taken_in_whatever_case(ada: Person) -> None:
    await ada.client.post("/api/v1/categories", json={"name": "Дом"})

    answer = await ada.client.post("/api/v1/categories", json={"name": "дОМ"})

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/category-name-taken"


@pytest.mark.parametrize(
    ("name", "code"), [(" \n", "category-name-blank"), ("x" * 51, "category-name-too-long")]
)
async def test_a_bad_name_is_reported_at_its_field(ada: Person, name: str, code: str) -> None:
    answer = await ada.client.post("/api/v1/categories", json={"name": name})

    problem = answer.json()
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [("name", code)]


async def test_a_person_reads_who_they_are(ada: Person) -> None:
    answer = await ada.client.get("/api/v1/me")

    assert answer.json() == {
        "id": str(ada.user.id),
        "telegram_id": ADA,
        "name": "",
        "language": "en",
        "timezone": "Europe/Moscow",
        "reachable": True,
        "created_at": "2100-03-15T12:00:00Z",
    }
