"""The API's description, and the page to browse it."""

import json
import re
from typing import Any

import pytest

from support.api import Api

pytestmark = pytest.mark.anyio

OPERATIONS = {
    "bulkTasks", "completeTask", "countTasks", "createCategory", "createTask", "createToken",
    "deleteCategory", "deleteMe", "deleteTask", "exportMe",
    "getCategory", "getLiveness", "getMe", "getStatistics",
    "getReadiness", "getTask", "getTaskCards",
    "listCategories", "listTaskReminders", "listTasks", "listTokens",
    "splitTask", "joinTasks", "countCategories", "getUndo", "undoTask",
    "reopenTask", "rescheduleTask", "restoreMe", "revokeThisToken", "revokeToken", "rotateToken",
    "signInWithTelegram", "snoozeTask", "updateCategory", "updateMe",
    "updateTask",
    "discardDeadLetter", "getDeadLetter", "listDeadLetters", "retryDeadLetter",
    "addTaskReminder", "removeTaskReminder",
}  # fmt: skip


@pytest.fixture
async def described(api: Api) -> dict[str, Any]:
    answer = await api.anonymous.get("/api/v1/openapi.json")
    assert answer.headers["Content-Type"] == "application/json"
    document: dict[str, Any] = answer.json()
    return document


def operations(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in described["paths"].values() for operation in path.values()]


async def test_every_operation_is_described_by_its_name(described: dict[str, Any]) -> None:
    found = operations(described)

    assert described["openapi"].startswith("3.1")
    assert sorted(operation["operationId"] for operation in found) == sorted(OPERATIONS)
    assert all(operation["summary"] and operation["tags"] for operation in found)


async def test_everything_that_is_served_is_described(api: Api, described: dict[str, Any]) -> None:
    served = {
        (method, route.path_format)
        for route in api.app.routes
        for method in getattr(route, "methods", ())
        if route.path_format.startswith("/api/v1/") and method != "OPTIONS"
    }

    own = {"/api/v1/openapi.json", "/api/v1/docs", "/api/v1/docs/assets/{name}"}
    assert {(m, path) for m, path in served if path not in own} == {
        (method.upper(), path) for path, item in described["paths"].items() for method in item
    }


async def test_every_refusal_is_described_as_a_problem(described: dict[str, Any]) -> None:
    refusals = [
        response
        for operation in operations(described)
        for status, response in operation["responses"].items()
        if int(status) >= 400
    ]

    assert refusals
    for response in refusals:
        content = response["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert content["examples"]


async def test_access_tokens_are_described_as_what_they_are(described: dict[str, Any]) -> None:
    scheme = described["components"]["securitySchemes"]["accessToken"]

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


async def test_operations_and_tags_are_named_once_and_tags_are_explained(
    described: dict[str, Any],
) -> None:
    names = [operation["operationId"] for operation in operations(described)]
    used = {tag for operation in operations(described) for tag in operation["tags"]}

    assert len(names) == len(set(names))
    assert {tag["name"] for tag in described["tags"] if tag["description"]} == used


async def test_what_any_request_may_meet_is_described_with_each(described: dict[str, Any]) -> None:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            is_health = "/health/" in path
            responses = operation["responses"]
            assert "500" in responses
            assert ("429" in responses) == (not is_health)
            for status, response in responses.items():
                headers = set(response["headers"])
                assert "X-Request-Id" in headers
                assert ("RateLimit" in headers) == (not is_health)
                assert "Retry-After" in headers or status not in {"429", "503"}
                assert ("WWW-Authenticate" in headers) == (status in {"401", "403"})
            is_own = method == "post" and operation.get("security")
            assert ("Idempotency-Key" in parameters(described, operation)) == bool(is_own)


async def test_what_can_be_read_can_be_read_if_it_has_changed(described: dict[str, Any]) -> None:
    for path, item in described["paths"].items():
        if "get" in item and "/health/" not in path:
            assert "If-None-Match" in parameters(described, item["get"])
            assert "ETag" in item["get"]["responses"]["200"]["headers"]
            assert "ETag" in item["get"]["responses"]["304"]["headers"]
    listed = described["paths"]["/api/v1/tasks"]["get"]["responses"]["200"]["headers"]
    made = described["paths"]["/api/v1/tasks"]["post"]["responses"]["201"]["headers"]
    assert "Link" in listed
    assert {"ETag", "Location", "Idempotent-Replayed"} <= set(made)


def parameters(described: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    known = described["components"]["parameters"]
    return {
        one["name"] if "name" in one else known[one["$ref"].rpartition("/")[2]]["name"]
        for one in operation.get("parameters", [])
    }


async def test_every_body_that_comes_is_shown_as_it_looks(
    api: Api, described: dict[str, Any]
) -> None:
    for operation in operations(described):
        for status, response in operation["responses"].items():
            if status.startswith("2") and "content" in response:
                content = response["content"]["application/json"]
                (example,) = content["examples"].values()
                schema = described["components"]["schemas"][
                    content["schema"]["$ref"].rpartition("/")[2]
                ]
                assert set(example["value"]) == set(schema["properties"])
    ada = await api.person()
    task = await ada.creates()
    example = described["paths"]["/api/v1/tasks/{task_id}"]["get"]["responses"]["200"]["content"]
    shown = example["application/json"]["examples"]["answer"]["value"]
    assert shown.keys() == task.keys()


async def test_described_headers_come(api: Api) -> None:
    ada = await api.person()

    made = await ada.client.post("/api/v1/categories", json={"name": "Home"})
    read = await ada.client.get(made.headers["Location"])

    assert read.json() == made.json()
    assert read.headers["ETag"] == made.headers["ETag"]


async def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))

    assert referred
    assert referred <= described["components"]["schemas"].keys()
    for kind in ("headers", "parameters"):
        found = re.findall(rf'"#/components/{kind}/([\w-]+)"', json.dumps(described))
        assert set(found) == described["components"][kind].keys()


async def test_the_fields_are_named_as_agreed(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    one, listed = schemas["TaskDetails"]["properties"], schemas["TaskSummary"]["properties"]

    assert one.keys() - listed.keys() == {"description"}
    assert listed.keys() == {
        "id", "title", "category", "priority", "status", "due_at", "due_on", "timezone",
        "lead_times", "overdue", "created_at", "updated_at", "completed_at", "version",
    }  # fmt: skip
    assert schemas["NewTask"]["required"] == ["title"]


async def test_the_example_of_a_task_is_accepted(api: Api, described: dict[str, Any]) -> None:
    # Its deadline lies before the tests' own time, so it is taken out here.
    body = described["paths"]["/api/v1/tasks"]["post"]["requestBody"]
    (example,) = body["content"]["application/json"]["schema"]["examples"]
    del example["due_at"]
    ada = await api.person()

    answer = await ada.client.post("/api/v1/tasks", json=example)

    assert answer.status_code == 201


async def test_the_root_leads_to_the_page(api: Api) -> None:
    answer = await api.anonymous.get("/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/api/v1/docs"


async def test_the_page_and_all_that_it_needs_come_from_here(api: Api) -> None:
    page = await api.anonymous.get("/api/v1/docs")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.headers["Content-Type"].startswith("text/html")
    assert len(links) == 6
    for link in links:
        assert "://" not in link
        assert (await api.anonymous.get(f"/api/v1/{link}")).status_code == 200


async def test_the_page_may_load_nothing_from_elsewhere(api: Api) -> None:
    page = await api.anonymous.get("/api/v1/docs")
    policy = page.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "<script>" not in page.text
    assert "style=" not in page.text
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("start.js", "text/javascript; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
    ],
)
async def test_the_pages_files_have_their_types(api: Api, name: str, media_type: str) -> None:
    answer = await api.anonymous.get(f"/api/v1/docs/assets/{name}")

    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content


@pytest.mark.parametrize(
    "name", ["swagger-editor.js", "..%2f__init__.py", "%2e%2e", "index.html", "%00", "LICENSE"]
)
async def test_no_other_file_is_served(api: Api, name: str) -> None:
    answer = await api.anonymous.get(f"/api/v1/docs/assets/{name}")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
