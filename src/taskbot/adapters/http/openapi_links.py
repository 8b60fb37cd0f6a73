"""Which operation follows from which: ids in answers lead to what can be done with the things.

Works on the document itself, as `openapi_conventions` does.
"""

import re
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

_OF_ONE: Final = re.compile(r"(?P<things>.*)/{(?P<name>\w+)}[^{}]*")
_NAMED: Final = re.compile(r"{(\w+)}")
_IN_LIST: Final = "$response.body#/items/0/id"
_ALONE: Final = "$response.body#/id"


def add_links(document: Json) -> None:
    """Complete *document*, an OpenAPI description, in place."""
    paths = document["paths"]
    for path, item in paths.items():
        if found := _OF_ONE.fullmatch(path):
            things = paths.get(found["things"], {})
            owners = {name: f"$request.path.{name}" for name in _NAMED.findall(found["things"])}
            for operation in item.values():
                _link(things.get("get"), "200", operation, owners | {found["name"]: _IN_LIST})
                _link(things.get("post"), "201", operation, owners | {found["name"]: _ALONE})


def _link(source: Json | None, status: str, target: Json, parameters: dict[str, str]) -> None:
    if source is not None and status in source["responses"]:
        name = target["operationId"]
        links = source["responses"][status].setdefault("links", {})
        links[name] = {"operationId": name, "parameters": parameters}
