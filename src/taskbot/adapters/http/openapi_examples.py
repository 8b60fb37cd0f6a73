"""Examples of whole bodies, made of those of their fields."""

from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

# Of fields that say nothing themselves, where what their type suggests would make no sense.
_BY_NAME: Final[dict[str, Any]] = {
    "completed_at": None,
    "due_on": None,
    "expires_at": None,
    "id": "01K2Y7V9M1T5C8R2E4H6P0QSZX",
    "last_error": None,
    "late_seconds": 0.4,
    "name": "Shopping",
    "next_cursor": None,
    "reachable": True,
    "telegram_id": 101,
    "token": "tb_4kT9x...",
}
_BY_FORMAT: Final = {"date-time": "2031-05-17T15:00:00Z", "date": "2031-05-17"}
_BY_TYPE: Final[dict[str, Any]] = {
    "boolean": False,
    "integer": 1,
    "null": None,
    "number": 1.5,
    "string": "text",
}


def example_of(schema: Json, schemas: Json) -> Any:
    """A value of *schema*, an OpenAPI one; *schemas* are those that it may refer to by name."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for chosen in ("allOf", "oneOf", "anyOf"):
        if chosen in schema:
            return example_of(schema[chosen][0], schemas)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: _of_field(name, field, schemas) for name, field in fields.items()}
        case "array":
            return [example_of(schema.get("items", {}), schemas)]
        case str() as kind:
            return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE[kind])
    return None


def _of_field(name: str, schema: Json, schemas: Json) -> Any:
    if name in _BY_NAME and "examples" not in schema:
        return _BY_NAME[name]
    return example_of(schema, schemas)
