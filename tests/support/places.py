"""Everywhere in a request where a value can be put, as the API's description tells."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import msgspec
from attrs import Factory, evolve, frozen

from support.operations import Call
from taskbot.adapters.http.openapi import openapi_document

Json: TypeAlias = dict[str, Any]

DOCUMENT: Final[Json] = msgspec.json.decode(openapi_document())

TEXT: Final = "text"
NUMBER: Final = "number"
MOMENT: Final = "moment"
DAY: Final = "day"
ZONE: Final = "zone"


@frozen
class Place:
    """A parameter in the query, or a value in the body: *path* leads there from its top.

    *base*: what the rest of the body has to be, where there is a choice. *rivals*: fields that
    must not be sent beside this one.
    """

    operation: str
    location: str
    path: tuple[str | int, ...]
    kind: str
    base: Json = Factory(dict)
    rivals: frozenset[str] = frozenset()

    def __str__(self) -> str:
        variant = "".join(f"{value} " for value in self.base.values() if value is not None)
        return f"{self.operation}-{self.location}-{variant}{'.'.join(map(str, self.path))}"

    @property
    def field(self) -> str:
        return str(self.path[0])

    def filled(self, call: Call, value: Any) -> Call:
        """*call* with *value* in this place, and all else as it was."""
        if self.location == "query":
            return evolve(call, query={**call.query, self.field: value})
        rest = {name: one for name, one in call.body.items() if name not in self.rivals}
        return evolve(call, body=_put(rest | self.base, self.path, value))


def _put(node: Any, path: Sequence[str | int], value: Any) -> Any:
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        return [_put(None, rest, value)]
    members = node if isinstance(node, dict) else {}
    return members | {step: _put(members.get(step), rest, value)}


def places(*kinds: str, location: str | None = None) -> list[Place]:
    """Places of these kinds, in the query or in the body or in both."""
    found = [
        place
        for place in _every_place()
        if place.kind in kinds and location in {None, place.location}
    ]
    return list({str(place): place for place in found}.values())


def parameters() -> list[Place]:
    """Every parameter that a query may have."""
    return [place for place in _every_place() if place.location == "query"]


def _every_place() -> Iterator[Place]:
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            for parameter in map(resolved, operation.get("parameters", [])):
                if parameter["in"] == "query":
                    kind = _kind(parameter["name"], parameter["schema"])
                    yield Place(name, "query", (parameter["name"],), kind)
            if body := operation.get("requestBody"):
                yield from _in_body(name, body["content"]["application/json"]["schema"])


def _in_body(operation: str, schema: Json) -> Iterator[Place]:
    choices = _choices(schema)
    for choice in choices:
        base = _told_apart(choice) if len(choices) > 1 else {}
        for path, inner in _values(choice, ()):
            name = str(path[0])
            yield Place(operation, "body", path, _kind(name, inner), base, _rivals(choice, name))


def _rivals(schema: Json, name: str) -> frozenset[str]:
    """Fields of which the schema allows one at a time, if *name* is among them."""
    at_most_one = set(schema.get("not", {}).get("required", []))
    exactly_one = {field for one in schema.get("oneOf", []) for field in one.get("required", [])}
    groups = (group for group in (at_most_one, exactly_one) if name in group)
    return frozenset(field for group in groups for field in group if field != name)


def _told_apart(schema: Json) -> Json:
    """What makes a body one of this kind: its constants, and null for what else it must have."""
    return {
        name: field.get("const")
        for name, field in schema["properties"].items()
        if "const" in field or (name in schema["required"] and _allows_null(field))
    }


def _allows_null(schema: Json) -> bool:
    return {"type": "null"} in schema.get("oneOf", [])


def _values(
    schema: Json, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    schema = resolved(schema)
    if "const" in schema or "enum" in schema or schema.get("type") == "null":
        return
    if any(choice in schema for choice in ("allOf", "oneOf")) and "properties" not in schema:
        for one in schema.get("allOf", []) + schema.get("oneOf", []):
            yield from _values(one, path)
    elif schema.get("type") == "object" and "properties" in schema:
        for name, field in schema["properties"].items():
            yield from _values(field, (*path, name))
    elif schema.get("type") == "object":
        yield from _values(schema["additionalProperties"], (*path, "name"))
    elif schema.get("type") == "array":
        for inner, item in _values(schema["items"], (0,)):
            yield (*path, *inner), item
    else:
        yield path, schema


def _kind(name: str, schema: Json) -> str:
    if name == "timezone":
        return ZONE
    schema = resolved(schema)
    by_format = {"date-time": MOMENT, "date": DAY}
    by_type = {"string": TEXT, "integer": NUMBER, "number": NUMBER}
    return by_format.get(schema.get("format", "")) or by_type.get(schema.get("type", ""), "other")


def _choices(schema: Json) -> list[Json]:
    schema = resolved(schema)
    for word in ("allOf", "oneOf"):
        if any("$ref" in one for one in schema.get(word, [])):
            return [kind for one in schema[word] for kind in _choices(one)]
    return [schema]


def resolved(node: Json) -> Json:
    """*node*, or what it refers to."""
    found: Any = DOCUMENT
    if "$ref" not in node:
        return node
    for name in node["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    target: Json = found
    return target
