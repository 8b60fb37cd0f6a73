"""Statistics over HTTP."""

from datetime import timedelta

import pytest

from support.api import Api, Person

pytestmark = pytest.mark.anyio

URL = "/api/v1/statistics"


async def test_statistics_are_shown_by_days_weeks_and_categories(api: Api, ada: Person) -> None:
    home = (await ada.client.post("/api/v1/categories", json={"name": "Home"})).json()
    done = await ada.creates(category_id=home["id"], due_on="2100-03-16")
    await ada.creates(due_at="2100-03-15T13:00:00Z")
    await ada.client.post(f"/api/v1/tasks/{done['id']}/complete")
    api.core.clock.advance(timedelta(days=1))

    answer = await ada.client.get(URL, params={"days": 3, "weeks": 2})

    assert answer.status_code == 200
    assert answer.headers["ETag"]
    assert answer.json() == {
        "timezone": "Europe/Moscow",
        "today": "2100-03-16",
        "by_status": {"open": 1, "completed": 1},
        "overdue": 1,
        "by_category": [
            {"category": {"id": home["id"], "name": "Home"}, "open": 0, "completed": 1},
            {"category": None, "open": 1, "completed": 0},
        ],
        "completed_per_day": [
            {"day": "2100-03-14", "completed": 0},
            {"day": "2100-03-15", "completed": 1},
            {"day": "2100-03-16", "completed": 0},
        ],
        "completed_per_week": [
            {"week": "2100-W10", "monday": "2100-03-08", "completed": 0},
            {"week": "2100-W11", "monday": "2100-03-15", "completed": 1},
        ],
        "on_time": {"had_deadline": 1, "on_time": 1, "share": 1.0},
        "streak": {"days": 1, "began_on": "2100-03-15"},
    }


async def test_nobody_counts_what_others_have(ada: Person, ben: Person) -> None:
    await ada.creates()

    assert (await ben.client.get(URL)).json()["by_status"] == {"open": 0, "completed": 0}


async def test_thirty_days_and_twelve_weeks_unless_others_are_asked_for(ada: Person) -> None:
    shown = (await ada.client.get(URL)).json()

    assert (len(shown["completed_per_day"]), len(shown["completed_per_week"])) == (30, 12)
    assert (shown["on_time"]["share"], shown["streak"]) == (None, {"days": 0, "began_on": None})


@pytest.mark.parametrize(
    "query", ["days=0", "days=367", "weeks=0", "weeks=105", "days=x", "days=1&days=2", "weeks=1.5"]
)
async def test_days_and_weeks_have_their_limits(ada: Person, query: str) -> None:
    answer = await ada.client.get(f"{URL}?{query}")

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [query.partition("=")[0]]
