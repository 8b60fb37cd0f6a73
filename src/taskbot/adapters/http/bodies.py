"""Request bodies: strict JSON (RFC 8259) that fits its declared shape to the letter.

Litestar by itself decodes whatever the content type, turns numbers into moments and texts into
numbers, and fails on bytes that are not UTF-8 and on deep nesting; so the reading is done here.
"""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from types import UnionType
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, get_args

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.types import Scope
from msgspec import Struct, UnsetType

from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.keep import KEEP, Keep

LARGEST_BODY: Final = 64 * 1024
"""Bytes: enough for the longest description in the longest spelling of JSON.

Counted as they arrive: a body without an announced length is cut off as well.
"""

_KEY: Final = "taskbot.body"
_NAIVE: Final = "with a timezone component"  # how msgspec says so
_OFFSET_NEEDED: Final = "a moment needs its offset from UTC, like Z or +03:00"
_MOST_ERRORS: Final = 20


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JSON object. Checks the shape; what makes a value acceptable is the domain's business.

    *documented*: what JSON Schema can say of its fields together, for the description alone.
    """

    documented: ClassVar[Mapping[str, object]] = {}

    def sent_as(self, field: str) -> str:
        """The name under which the client sent what the domain calls *field*."""
        return field


_B = TypeVar("_B", bound=Body)
_V = TypeVar("_V")
_Kind: TypeAlias = type[Body] | UnionType


def or_keep(value: _V | UnsetType) -> _V | Keep:
    """What was sent for a field of a change; a field that was not sent stays as it is."""
    return KEEP if isinstance(value, UnsetType) else value


class ApiRequest(Request[Any, Any, Any]):
    async def body(self) -> bytes:
        try:
            return await super().body()
        except InternalServerException:  # the connection went away: nobody reads the answer
            raise Refused(
                HTTPStatus.BAD_REQUEST, "body-incomplete", "the body did not arrive completely"
            ) from None

    async def json(self) -> Any:
        """The body as the handler declares it; raise `Refused` if it is none."""
        if self.content_type[0].lower() != "application/json":
            raise Refused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                "media-type-unsupported",
                "the body must be JSON, sent as Content-Type: application/json",
                headers={"Accept": "application/json"},
            )
        declared = self.route_handler.parsed_data_field
        if declared is None:
            raise TypeError(f"{self.route_handler} declares no body")
        body = read_body(await self.body(), declared.annotation)
        self.scope["state"][_KEY] = body
        return body


def body_of(scope: Scope) -> Body | None:
    """The body that was read for this request, if one was."""
    body: Body | None = scope["state"].get(_KEY)
    return body


def read_body(raw: bytes, kind: type[_B]) -> _B:
    """*raw* as a *kind*; raise `Refused`: 400 if it is no JSON, 422 if it does not fit.

    *kind* may also be a union of bodies that a field tells apart (msgspec's `tag_field`).
    """
    document = _document(raw)
    if b"\\u0000" in raw:  # the only spelling that JSON has for it
        _refuse_nul(document)
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise _misfit(document, kind, str(error)) from None


def _document(raw: bytes) -> object:
    try:
        document: object = msgspec.json.decode(raw)
        _REPETITIONS.decode(raw.decode())
    except (msgspec.DecodeError, ValueError):
        raise _not_json("the body is not JSON in UTF-8") from None
    except _Repeated:
        raise _not_json("the body has an object with two members of the same name") from None
    except RecursionError:
        raise _not_json("the body is nested too deeply") from None
    return document


def _not_json(detail: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, "body-not-json", detail)


class _Repeated(Exception):
    """Two members of one object share a name: parsers disagree on what that means (RFC 8259)."""


def _refuse_repetition(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) != len(members):
        raise _Repeated


_REPETITIONS: Final = json.JSONDecoder(object_pairs_hook=_refuse_repetition)


def _refuse_nul(document: object) -> None:
    """No text has U+0000, and not every database stores it; we do not leave it out in silence."""
    if not isinstance(document, dict):
        return
    detail = "the character U+0000 has no place in a text"
    blamed = (name for name, value in document.items() if _has_nul(name) or _has_nul(value))
    if named := tuple(islice(blamed, _MOST_ERRORS)):
        errors = tuple(FieldProblem.of(name, "text-invalid", detail) for name in named)
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "fields-invalid", detail, errors)


def _has_nul(value: object) -> bool:
    match value:
        case str():
            return "\0" in value
        case list():
            return any(_has_nul(item) for item in value)
        case dict():
            return any(_has_nul(item) for pair in value.items() for item in pair)
        case _:
            return False


def _misfit(document: object, kind: _Kind, message: str) -> Refused:
    if not isinstance(document, dict):
        return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "body-not-object", message)
    errors = tuple(islice(_field_problems(document, kind), _MOST_ERRORS))
    detail = "; ".join(f"{error.field}: {error.detail}" for error in errors)
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "fields-invalid", detail, errors)


def _field_problems(document: dict[str, object], kind: _Kind) -> Iterator[FieldProblem]:
    """All that is wrong, not only what msgspec meets first."""
    if isinstance(kind, UnionType):
        yield from _problems_of_one(document, get_args(kind))
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name in document:
            try:
                msgspec.convert(document[name], field.type)
            except msgspec.ValidationError as error:
                if _NAIVE in str(error):
                    yield FieldProblem.of(name, "timezone-missing", _OFFSET_NEEDED)
                else:
                    yield FieldProblem.of(name, "type-wrong", str(error))
        elif field.required:
            yield FieldProblem.of(name, "field-missing", "this field is required")
    for name in document:
        if name not in fields and name != kind.__struct_config__.tag_field:
            yield FieldProblem.of(name, "field-unknown", "there is no such field")


def _problems_of_one(
    document: dict[str, object], kinds: tuple[type[Body], ...]
) -> Iterator[FieldProblem]:
    """What is wrong with the one of *kinds* that it says it is; or that it is none of them."""
    choices = {str(kind.__struct_config__.tag): kind for kind in kinds}
    name = str(kinds[0].__struct_config__.tag_field)
    said = document.get(name)
    if isinstance(said, str) and said in choices:
        yield from _field_problems(document, choices[said])
    else:
        code = "type-wrong" if name in document else "field-missing"
        yield FieldProblem.of(name, code, f"one of {', '.join(sorted(choices))} is needed here")
