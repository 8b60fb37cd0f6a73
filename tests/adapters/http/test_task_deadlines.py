"""Deadlines over HTTP: a moment or a day, and where a bad one is reported."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies as st

from support.api import Person, an_api

pytestmark = pytest.mark.anyio


async def test_a_day_is_a_deadline_in_the_owners_zone(ada: Person) -> None:
    task = await ada.creates(due_on="2100-05-17")

    assert (task["due_at"], task["due_on"]) == (None, "2100-05-17")
    assert task["timezone"] == ada.user.timezone


async def test_a_day_can_be_meant_in_another_zone(ada: Person) -> None:
    task = await ada.creates(due_on="2100-05-17", timezone="Pacific/Auckland")

    assert task["timezone"] == "Pacific/Auckland"


async def test_null_is_no_deadline(ada: Person) -> None:
    task = await ada.creates(due_at=None, due_on="2100-05-17", timezone=None)

    assert task["due_on"] == "2100-05-17"


async def test_a_time_zone_without_a_deadline_is_ignored(ada: Person) -> None:
    task = await ada.creates(timezone="Asia/Tokyo")

    assert task["timezone"] == ada.user.timezone


async def test_a_deadline_can_be_moved_from_a_moment_to_a_day(ada: Person) -> None:
    task = await ada.creates(due_at="2100-05-17T18:00:00Z")

    answer = await ada.client.post(
        f"/api/v1/tasks/{task['id']}/reschedule",
        json={"due_on": "2100-06-01", "timezone": "Asia/Tokyo"},
    )

    moved = answer.json()
    assert answer.status_code == 200
    assert (moved["due_at"], moved["due_on"]) == (None, "2100-06-01")
    assert (moved["timezone"], moved["version"]) == ("Asia/Tokyo", 2)


@pytest.mark.parametrize("body", [{"due_at": None}, {"due_on": None}])
async def test_null_takes_the_deadline_away(ada: Person, body: dict[str, None]) -> None:
    task = await ada.creates(due_at="2100-05-17T18:00:00Z", timezone="Asia/Tokyo")

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/reschedule", json=body)

    freed = answer.json()
    assert (freed["due_at"], freed["due_on"]) == (None, None)
    assert freed["timezone"] == ada.user.timezone


@pytest.mark.parametrize("body", [{}, {"timezone": "Asia/Tokyo"}])
async def test_a_reschedule_without_a_deadline_is_refused(
    ada: Person, body: dict[str, str]
) -> None:
    task = await ada.creates(due_at="2100-05-17T18:00:00Z")

    answer = await ada.client.post(f"/api/v1/tasks/{task['id']}/reschedule", json=body)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/deadline-missing"


async def test_a_moment_and_a_day_at_once_are_refused(ada: Person) -> None:
    answer = await ada.client.post(
        "/api/v1/tasks",
        json={"title": "x", "due_at": "2100-05-17T18:00:00Z", "due_on": "2100-05-17"},
    )

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == "/problems/deadline-ambiguous"
    assert [error["field"] for error in problem["errors"]] == ["due_at", "due_on"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("due_at", "2100-03-15T12:00:00Z", "deadline-in-past"),
        ("due_at", "1970-01-01T00:00:00Z", "deadline-out-of-range"),
        ("due_at", "3000-01-01T00:00:00Z", "deadline-out-of-range"),
        ("due_at", "0001-01-01T00:00:00+23:59", "deadline-out-of-range"),
        ("due_at", "9999-12-31T23:59:59-23:59", "deadline-out-of-range"),
        # The year is in range where it was written, and out of it in UTC.
        ("due_at", "2999-12-31T23:59:59-05:00", "deadline-out-of-range"),
        ("due_on", "2100-03-14", "deadline-in-past"),
        ("due_on", "0001-01-01", "deadline-out-of-range"),
        ("due_on", "9999-12-31", "deadline-out-of-range"),
    ],
)
async def test_a_bad_deadline_is_reported_at_the_field_that_was_sent(
    ada: Person, field: str, value: str, code: str
) -> None:
    task = await ada.creates()

    created = await ada.client.post("/api/v1/tasks", json={"title": "x", field: value})
    moved = await ada.client.post(f"/api/v1/tasks/{task['id']}/reschedule", json={field: value})

    for answer in (created, moved):
        problem = answer.json()
        assert answer.status_code == 422
        assert problem["type"] == f"/problems/{code}"
        assert [(one["field"], one["code"]) for one in problem["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("due_at", "2100-05-17T18:00:00", "timezone-missing"),
        ("due_at", "2100-05-17", "type-wrong"),
        ("due_at", "2100-02-31T18:00:00Z", "type-wrong"),
        ("due_at", "2100-05-17T25:00:00Z", "type-wrong"),
        ("due_at", 4112000000, "type-wrong"),
        ("due_at", True, "type-wrong"),
        ("due_at", "", "type-wrong"),
        ("due_on", "31.02.2100", "type-wrong"),
        ("due_on", "2100-02-31", "type-wrong"),
        ("due_on", "2100-05-17T18:00:00Z", "type-wrong"),
        ("due_on", 20100517, "type-wrong"),
        ("timezone", 3, "type-wrong"),
    ],
)
async def test_what_is_no_date_or_moment_with_an_offset_is_refused(
    ada: Person, field: str, value: object, code: str
) -> None:
    answer = await ada.client.post("/api/v1/tasks", json={"title": "x", field: value})

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == "/problems/fields-invalid"
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [(field, code)]


@given(
    st.datetimes(
        min_value=datetime(2100, 3, 17),  # noqa: DTZ001 - Hypothesis adds the zone
        max_value=datetime(2999, 12, 30),  # noqa: DTZ001 - as above
        timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))),
    )
)
async def test_any_moment_comes_back_as_the_same_moment_in_utc(moment: datetime) -> None:
    ada = await _API.person()

    task: dict[str, Any] = await ada.creates(due_at=moment.isoformat())

    returned = datetime.fromisoformat(task["due_at"])
    assert returned == moment
    assert returned.utcoffset() == timedelta(0)
    assert task["due_at"].endswith("Z")
    assert moment.astimezone(UTC).replace(tzinfo=None).isoformat() in task["due_at"]


_API = an_api()
