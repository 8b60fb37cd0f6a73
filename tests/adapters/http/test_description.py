"""The API's description is complete: whoever has nothing but it can write a client.

By rule, of whatever is described; `test_docs` names what that is.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import jsonschema_rs
import msgspec
import pytest
import schemathesis
from attrs import frozen

from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.openapi import openapi_document

Json: TypeAlias = dict[str, Any]

DOCUMENT: Final[Json] = msgspec.json.decode(openapi_document())
JSON: Final = "application/json"


@frozen
class Described:
    method: str
    path: str
    operation: Json

    def __str__(self) -> str:
        return str(self.operation["operationId"])

    @property
    def parameters(self) -> list[Json]:
        return [_resolved(parameter) for parameter in self.operation.get("parameters", [])]

    @property
    def responses(self) -> Json:
        responses: Json = self.operation["responses"]
        return responses

    @property
    def body(self) -> Json | None:
        body: Json | None = self.operation.get("requestBody")
        return body

    @property
    def scopes(self) -> list[str] | None:
        """None: anybody may ask."""
        needed = self.operation.get("security")
        return None if needed is None else list(needed[0]["accessToken"])


def _resolved(node: Json) -> Json:
    if "$ref" not in node:
        return node
    found: Any = DOCUMENT
    for name in node["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    resolved: Json = found
    return resolved


DESCRIBED: Final = [
    Described(method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
every_operation = pytest.mark.parametrize("described", DESCRIBED, ids=str)


def test_the_description_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(DOCUMENT).validate()


def test_names_of_operations_make_names_of_methods() -> None:
    names = [str(described) for described in DESCRIBED]

    assert Counter(names).most_common(1)[0][1] == 1
    assert [name for name in names if not re.fullmatch("[a-z]+([A-Z][a-z]+)+", name)] == []


@every_operation
def test_an_operation_says_what_it_does_and_where_it_belongs(described: Described) -> None:
    declared = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    summary = described.operation["summary"]

    assert 0 < len(summary) <= 70
    assert not summary.endswith(".")
    assert described.operation["tags"]
    assert set(described.operation["tags"]) <= declared


@every_operation
def test_every_parameter_is_explained(described: Described) -> None:
    for parameter in described.parameters:
        assert parameter["description"].endswith("."), parameter["name"]
        assert "null" not in str(parameter["schema"]), parameter["name"]
        assert parameter["required"] or parameter["in"] != "path", parameter["name"]
    in_path = {one["name"] for one in described.parameters if one["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", described.path))


@every_operation
def test_what_is_sent_is_described_with_an_example(described: Described) -> None:
    if described.body is not None:
        assert described.body["required"]
        assert described.body["content"].keys() == {JSON}
        for schema in _kinds(described.body["content"][JSON]["schema"]):
            assert schema["additionalProperties"] is False
            assert _has_example(described.body["content"][JSON], schema)
            for name, field in schema["properties"].items():
                assert _is_explained(field), name


@every_operation
def test_what_is_answered_is_described_with_an_example(described: Described) -> None:
    answers = {status: one for status, one in described.responses.items() if status < "300"}

    assert len(answers) == 1
    for status, answer in answers.items():
        assert answer["description"]
        if status == "204":
            assert "content" not in answer
        else:
            ((_, content),) = answer["content"].items()
            assert content["schema"]
            assert content["examples"]


def test_what_can_be_done_with_a_thing_is_linked_from_where_its_id_is() -> None:
    operations = {str(described): described for described in DESCRIBED}
    linked = set()

    for described in DESCRIBED:
        for answer in described.responses.values():
            for link in answer.get("links", {}).values():
                target = operations[link["operationId"]]
                in_path = {one["name"] for one in target.parameters if one["in"] == "path"}
                assert link["parameters"].keys() == in_path
                linked.add(str(target))

    assert linked == {name for name, one in operations.items() if "{" in one.path}


@every_operation
def test_every_refusal_that_can_come_is_described(described: Described) -> None:
    places = {(one["in"], one["name"]) for one in described.parameters}
    rules = {
        ("500",): True,
        ("503",): not described.path.endswith("/health/live"),
        ("429",): "/health/" not in described.path,
        ("401",): described.scopes is not None,
        ("403",): bool(described.scopes),
        ("404",): "{" in described.path,
        ("400", "413", "415", "422"): described.body is not None,
        ("400",): any(place == "query" for place, _ in places),
        ("412",): ("header", "If-Match") in places,
        ("409", "422"): ("header", "Idempotency-Key") in places,
    }
    expected = {status for statuses, applies in rules.items() if applies for status in statuses}

    refusals = {status: one for status, one in described.responses.items() if status >= "400"}
    assert expected <= refusals.keys()
    for status, refusal in refusals.items():
        assert refusal["content"].keys() == {"application/problem+json"}
        assert refusal["content"]["application/problem+json"]["examples"]
        assert refusal["description"], status


def test_every_body_is_closed_as_it_is_read() -> None:
    kinds = list(_bodies(Body))
    schemas = DOCUMENT["components"]["schemas"]

    described = [kind for kind in kinds if kind.__name__ in schemas]
    assert len(described) > 5
    for kind in described:
        assert kind.__struct_config__.forbid_unknown_fields
        assert schemas[kind.__name__]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("NewTask", {"title": "x", "due_at": "2031-05-17T18:00:00Z", "due_on": "2031-05-17"}),
        ("NewTask", {"title": ""}),
        ("NewTask", {"title": "x", "priority": 5}),
        ("NewTask", {"title": "x", "colour": "red"}),
        ("Reschedule", {}),
        ("TelegramProof", {}),
        ("TelegramProof", {"init_data": "x", "widget": {}}),
        ("MeChanges", {"lead_times": [-1]}),
        ("NewToken", {"name": "x", "scopes": []}),
    ],
)
def test_what_is_refused_for_its_shape_is_described_so(name: str, body: Json) -> None:
    assert not _validator(name).is_valid(body)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("NewTask", {"title": "x", "due_at": None, "due_on": "2031-05-17"}),
        ("Reschedule", {"due_at": None}),
        ("Reschedule", {"due_at": None, "due_on": None}),
        ("TelegramProof", {"widget": {"id": 101, "hash": "x"}}),
        ("TaskChanges", {}),
    ],
)
def test_what_is_accepted_is_described_so(name: str, body: Json) -> None:
    assert _validator(name).is_valid(body)


def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    reference = {"$ref": f"#/components/schemas/{name}"}
    return jsonschema_rs.Draft202012Validator(
        reference | {"components": DOCUMENT["components"]}, validate_formats=True
    )


def _bodies(kind: type[Body]) -> Iterator[type[Body]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _bodies(sub)


def _kinds(schema: Json) -> list[Json]:
    """Of an object the schema itself, of a choice those to choose from."""
    schema = _resolved(schema)
    for choice in ("allOf", "oneOf", "anyOf"):
        if any("$ref" in one for one in schema.get(choice, [])):
            return [kind for one in schema[choice] for kind in _kinds(one)]
    return [schema]


def _has_example(content: Json, schema: Json) -> bool:
    """Whether a whole example is shown, or one can be put together from those of the fields."""
    if content.get("examples") or content["schema"].get("examples") or schema.get("examples"):
        return True
    required = [schema["properties"][name] for name in schema["required"]]
    fields = required or list(schema["properties"].values())
    return all("examples" in field or "default" in field or "const" in field for field in fields)


def _is_explained(field: Json) -> bool:
    return any(word in field for word in ("description", "examples", "const", "$ref"))
