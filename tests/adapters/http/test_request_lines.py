"""The log has a line for each request that changes something, and nothing that people wrote."""

from typing import Any

import pytest

from support.api import Api, Person, an_api
from support.log_lines import log_lines
from taskbot.adapters.memory import MemoryQueries

pytestmark = pytest.mark.anyio

LINES = "taskbot.adapters.http.request_lines"


def _without_time(line: dict[str, Any]) -> dict[str, Any]:
    assert line.pop("duration_ms") >= 0
    return {k: v for k, v in line.items() if k not in {"timestamp", "logger", "process", "pid"}}


async def test_a_change_is_told_by_its_template_and_the_ids_of_request_and_person(
    api: Api, ada: Person
) -> None:
    task = await ada.creates()
    with log_lines(LINES) as lines:
        answer = await ada.client.patch(
            f"/api/v1/tasks/{task['id']}?secret=words",
            json={"title": "Divorce"},
            headers={"X-Request-Id": "my-errand"},
        )

    assert answer.status_code == 200
    assert [_without_time(line) for line in lines] == [
        {
            "level": "info",
            "event": "PATCH /api/v1/tasks/{task_id}",
            "trace_id": "my-errand",
            "request_id": "my-errand",
            "status": 200,
            "user_id": str(ada.user.id),
        }
    ]


async def test_reading_and_what_strangers_do_is_told_when_debugging(api: Api, ada: Person) -> None:
    with log_lines(LINES) as lines:
        await ada.client.get("/api/v1/tasks", params={"q": "Divorce"})
        await api.anonymous.post("/api/v1/tasks", json={})
        await api.anonymous.post("/api/v1/nothing/Divorce")
        await api.anonymous.request("DIVORCE", "/api/v1/tasks")

    assert {line["level"] for line in lines} == {"debug"}
    assert [(line["event"], line["status"]) for line in lines] == [
        ("GET /api/v1/tasks", 200),
        ("POST /api/v1/tasks", 401),
        ("POST unknown", 404),
        ("unknown unknown", 405),
    ]
    assert "user_id" in lines[0]
    assert "user_id" not in lines[1]


async def test_what_broke_is_told_under_the_id_that_the_client_was_given() -> None:
    class Broken(MemoryQueries):
        async def task(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("what people wrote")

    core_api = an_api()
    api = an_api(core=core_api.core, queries=Broken(core_api.core.database))
    ada = await api.person()
    task = await ada.creates()

    with log_lines("taskbot.adapters.http") as lines:
        answer = await ada.client.get(f"/api/v1/tasks/{task['id']}")

    assert answer.status_code == 500
    broken, told = lines
    assert broken["exception"].startswith("builtins.RuntimeError at\n")
    assert (told["event"], told["status"]) == ("GET /api/v1/tasks/{task_id}", 500)
    assert told["level"] == "info"
    assert {broken["request_id"], told["request_id"]} == {answer.headers["X-Request-Id"]}


async def test_a_token_is_no_id_of_a_request(ada: Person) -> None:
    answer = await ada.client.get("/api/v1/me", headers={"X-Request-Id": ada.secret})

    assert answer.headers["X-Request-Id"] != ada.secret


async def test_what_a_request_promises_keeps_its_id(api: Api, ada: Person) -> None:
    due_at = "2100-03-16T12:00:00Z"
    answer = await ada.client.post(
        "/api/v1/tasks",
        json={"title": "Buy milk", "due_at": due_at},
        headers={"X-Request-Id": "my-errand"},
    )

    assert answer.status_code == 201
    assert {one.trace_id for one in api.core.database.tables.reminders.values()} == {"my-errand"}
