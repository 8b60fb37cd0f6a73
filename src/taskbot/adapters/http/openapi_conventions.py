"""What all operations have in common, put into the description in one place.

Headers, refusals that any operation may meet, `Idempotency-Key`, conditional reading. Works on the
document itself, so that no operation can forget any of it.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from msgspec import to_builtins

from taskbot.adapters.http.authentication import SECURITY_SCHEME
from taskbot.adapters.http.openapi_examples import example_of
from taskbot.adapters.http.paths import HEALTH_PATH
from taskbot.adapters.http.problem_examples import PROBLEM_CASES, example_problem
from taskbot.adapters.http.problems import PROBLEM_MEDIA_TYPE
from taskbot.adapters.http.repetitions import KEY_HEADER, REPLAYED_HEADER
from taskbot.adapters.http.request_ids import REQUEST_ID_HEADER

Json: TypeAlias = dict[str, Any]

_JSON: Final = "application/json"
_TAG: Final = '"3-9f86d081884c7d65"'


def _text(description: str, example: str) -> Json:
    return {"description": description, "schema": {"type": "string"}, "example": example}


_HEADERS: Final[dict[str, Json]] = {
    "ETag": _text("Names this state of the thing: see `If-Match`, `If-None-Match`.", _TAG),
    REPLAYED_HEADER: _text("`true` if this is the answer of an earlier request.", "true"),
    "Link": _text(
        "The next page (RFC 8288), if there is one.", '</api/v1/tasks?cursor=AbC>; rel="next"'
    ),
    "Location": _text("Where the new thing is.", "/api/v1/tasks/01K2Y7T0ZK8Q4M6V3R9XWBN5HC"),
    "RateLimit": _text(
        "Requests that are left now (`r`), and in how many seconds all are back (`t`).",
        '"token";r=599;t=1',
    ),
    "RateLimit-Policy": _text(
        "How many requests (`q`) one has in so many seconds (`w`).", '"token";q=600;w=60'
    ),
    "Retry-After": {
        "description": "Seconds to wait before the next try.",
        "schema": {"type": "integer"},
        "example": 5,
    },
    "WWW-Authenticate": _text("How to say who one is (RFC 6750).", 'Bearer realm="taskbot"'),
    REQUEST_ID_HEADER: _text(
        "Names the request in the operator's log; yours, if you sent one.",
        "01K2Y7TFQ3ZB4X0N8D6WJ5MVRA",
    ),
}
_PARAMETERS: Final[dict[str, Json]] = {
    KEY_HEADER: {
        "name": KEY_HEADER,
        "in": "header",
        "required": False,
        "description": "A name of your choice for this request, such as a random UUID. For 24 "
        "hours a repetition with the same key is not done again, but answered as the first "
        "was, unless that answer held a secret.",
        "schema": {
            "type": "string",
            "pattern": "^[!-~]+$",
            "minLength": 1,
            "maxLength": 255,
        },
        "example": "6a3c2c0e-5c1d-4f0e-9b0a-0c8f2f6d1a57",
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "The `ETag` of what you have: if it is still so, 304 without a body.",
        "schema": {"type": "string"},
        "example": _TAG,
    },
}
_SAID_WITH: Final = {
    "401": ("WWW-Authenticate",),
    "403": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}


def add_conventions(document: Json) -> None:
    """Complete *document*, an OpenAPI description, in place."""
    components = document["components"]
    components["headers"] = _HEADERS
    components["parameters"] = _PARAMETERS
    for path, method, operation in _operations(document):
        is_health = path.startswith(f"{HEALTH_PATH}/")
        _describe_refusals(operation, is_health=is_health)
        if method == "get" and not is_health:
            _describe_conditions(operation)
        if method == "post" and {SECURITY_SCHEME: []} in operation.get("security", []):
            _describe_repetitions(operation)
        _describe_headers(operation, is_health=is_health)
        if method == "post" and _can_be_read_one_by_one(document, path):
            _add_headers(operation["responses"].get("201", {}), "Location")
        _describe_answers(operation, components["schemas"])


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _describe_refusals(operation: Json, *, is_health: bool) -> None:
    for status in (500,) if is_health else (429, 500):
        operation["responses"].setdefault(str(status), _refusal(status))


def _refusal(status: int) -> Json:
    code = PROBLEM_CASES[status].code
    return {
        "description": PROBLEM_CASES[status].description,
        "content": {
            PROBLEM_MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"value": to_builtins(example_problem(status))}},
            }
        },
    }


def _describe_conditions(operation: Json) -> None:
    if _JSON in operation["responses"].get("200", {}).get("content", {}):
        _add_parameter(operation, "If-None-Match")
        operation["responses"]["304"] = {"description": "You have it already: see `If-None-Match`."}


def _describe_repetitions(operation: Json) -> None:
    _add_parameter(operation, KEY_HEADER)
    for status in ("409", "422"):
        operation["responses"].setdefault(status, _refusal(int(status)))
        case = example_problem(int(status), of_repetitions=True)
        refusal = operation["responses"][status]["content"][PROBLEM_MEDIA_TYPE]
        refusal.setdefault("examples", {})[case.type.rpartition("/")[2]] = {
            "value": to_builtins(case)
        }


def _add_parameter(operation: Json, name: str) -> None:
    operation.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{name}"})


def _describe_headers(operation: Json, *, is_health: bool) -> None:
    names = {parameter.get("name") for parameter in operation.get("parameters", [])}
    is_repeatable = {"$ref": f"#/components/parameters/{KEY_HEADER}"} in operation.get(
        "parameters", []
    )
    for status, response in operation["responses"].items():
        said = [REQUEST_ID_HEADER, *_SAID_WITH.get(status, ())]
        if not is_health:
            said += ["RateLimit", "RateLimit-Policy"]
        if status == "304" or (status in {"200", "201"} and _JSON in response.get("content", {})):
            said.append("ETag")
        if status == "200" and "cursor" in names:
            said.append("Link")
        if is_repeatable and not status.startswith("5"):
            said.append(REPLAYED_HEADER)
        if is_repeatable and status == "409":
            said.append("Retry-After")
        _add_headers(response, *said)


def _add_headers(response: Json, *names: str) -> None:
    known = response.setdefault("headers", {})
    for name in names:
        known.setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _can_be_read_one_by_one(document: Json, path: str) -> bool:
    return any(
        other.startswith(f"{path}/{{") and other.endswith("}") and "get" in item
        for other, item in document["paths"].items()
    )


def _describe_answers(operation: Json, schemas: Json) -> None:
    """Show an answer, made of the examples of its fields, where none is shown."""
    for status, response in operation["responses"].items():
        shown = response.get("content", {}).get(_JSON)
        if status.startswith("2") and shown is not None and not shown.get("examples"):
            value = example_of(shown["schema"], schemas)
            shown["examples"] = {"answer": {"value": value}}
