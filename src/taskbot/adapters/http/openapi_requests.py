"""What may be sent, where Litestar's description of it says too little or too much.

Works on the document itself, as `openapi_conventions` does.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from taskbot.adapters.http.bodies import Body

Json: TypeAlias = dict[str, Any]

_NULL: Final = {"type": "null"}


def complete_requests(document: Json) -> None:
    """Correct *document*, an OpenAPI description, in place."""
    schemas: Json = document["components"]["schemas"]
    for kind in _kinds_of(Body):
        if kind.__name__ in schemas:
            _complete_body(schemas[kind.__name__], kind)
    for item in document["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                # One that is not sent is not there: no parameter can be null.
                parameter["schema"] = _plain(parameter["schema"], without_null=True)


def _kinds_of(kind: type[Body]) -> Iterator[type[Body]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _kinds_of(sub)


def _complete_body(schema: Json, kind: type[Body]) -> None:
    schema["additionalProperties"] = False
    schema |= kind.documented
    for name, value in schema["properties"].items():
        schema["properties"][name] = _plain(value)


def _plain(schema: Json, *, without_null: bool = False) -> Json:
    """*schema* without a choice among one."""
    choices = [one for one in schema.get("oneOf", []) if not (without_null and one == _NULL)]
    if not choices:
        return schema
    if len(choices) > 1:
        return schema | {"oneOf": choices}
    only: Json = choices[0]
    beside = {name: value for name, value in schema.items() if name != "oneOf"}
    if "$ref" in only and beside:
        return {"allOf": [only], **beside}
    return only | beside
