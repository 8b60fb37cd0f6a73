"""Parameters in the path and the query."""

from collections import Counter
from http import HTTPStatus
from types import NoneType
from typing import Annotated, Any, Final, TypeAlias, get_args
from urllib.parse import unquote_to_bytes

from litestar import Request
from litestar.handlers.base import BaseRouteHandler
from litestar.openapi.spec import Example
from litestar.params import PathParameter
from ulid import ULID

from taskbot.adapters.http.problems import FieldProblem, Refused, shortened
from taskbot.adapters.id_text import id_in
from taskbot.domain.errors import (
    AccessTokenNotFound,
    CategoryNotFound,
    ReminderNotFound,
    TaskNotFound,
)
from taskbot.domain.ids import AccessTokenId, CategoryId, ReminderId, TaskId

_ID_LENGTH: Final = 26
_MOST_NAMED: Final = 10

TaskIdInPath: TypeAlias = Annotated[
    str,
    PathParameter(
        description="The task's id, a ULID.", examples=[Example(value="01K2Y7T0ZK8Q4M6V3R9XWBN5HC")]
    ),
]


CategoryIdInPath: TypeAlias = Annotated[
    str,
    PathParameter(
        description="The category's id, a ULID.",
        examples=[Example(value="01K2Y7V9M1T5C8R2E4H6P0QSZX")],
    ),
]


def task_id_from(text: str) -> TaskId:
    """The id that *text* says. What cannot be an id is the id of no task: 404."""
    ulid = _ulid(text)
    if ulid is None:
        raise _nothing_like_it(TaskNotFound.code, "task", text)
    return TaskId(ulid)


TokenIdInPath: TypeAlias = Annotated[
    str,
    PathParameter(
        description="The access token's id, a ULID.",
        examples=[Example(value="01K2Y7V9M1T5C8R2E4H6P0QSZX")],
    ),
]


def task_id_or_none(text: str) -> TaskId | None:
    """The id that *text* says, if it can be one."""
    ulid = _ulid(text)
    return None if ulid is None else TaskId(ulid)


def token_id_from(text: str) -> AccessTokenId:
    """As `task_id_from`."""
    ulid = _ulid(text)
    if ulid is None:
        raise _nothing_like_it(AccessTokenNotFound.code, "access token", text)
    return AccessTokenId(ulid)


ReminderIdInPath: TypeAlias = Annotated[
    str,
    PathParameter(
        description="The reminder's id, a ULID.",
        examples=[Example(value="01K2Y7V9M1T5C8R2E4H6P0QSZX")],
    ),
]


def reminder_id_from(text: str) -> ReminderId:
    """As `task_id_from`."""
    ulid = _ulid(text)
    if ulid is None:
        raise _nothing_like_it(ReminderNotFound.code, "reminder", text)
    return ReminderId(ulid)


def required_category_id(text: str) -> CategoryId:
    """As `task_id_from`."""
    ulid = _ulid(text)
    if ulid is None:
        raise _nothing_like_it(CategoryNotFound.code, "category", text)
    return CategoryId(ulid)


def category_id_from(text: str | None) -> CategoryId | None:
    """As `task_id_from`, for the `category_id` of a body."""
    if text is None:
        return None
    ulid = _ulid(text)
    if ulid is None:
        raise _nothing_like_it(CategoryNotFound.code, "category", text, field="category_id")
    return CategoryId(ulid)


def _ulid(text: str) -> ULID | None:
    try:
        return id_in(text)
    except ValueError:
        return None


def _nothing_like_it(code: str, kind: str, text: str, *, field: str | None = None) -> Refused:
    given = shortened(text, _ID_LENGTH)
    detail = f"there is no {kind} {given}"
    errors = () if field is None else (FieldProblem.of(field, code, detail),)
    facts = {f"{kind.rpartition(' ')[2]}_id": given}  # as the refusals' own attributes
    return Refused(HTTPStatus.NOT_FOUND, code, detail, errors, facts=facts)


def require_unambiguous_query(request: Request[Any, Any, Any]) -> None:
    """Refuse queries that mean something else to others, or nothing to anybody.

    They are no ASCII (RFC 3986, section 2), on which Litestar fails; or no text, for which it makes
    something up; or `null` for a parameter that should have been left out; or repeat a parameter,
    of which it takes the last.
    """
    query: bytes = request.scope["query_string"]
    if not query:
        return
    if not query.isascii():
        raise _bad_query("the query has bytes that are not percent-encoded")
    pairs = (pair.partition(b"=") for pair in query.split(b"&"))
    if garbled := [name for name, _, value in pairs if not (_is_text(name) and _is_text(value))]:
        names = {name.decode("ascii") for name in garbled}
        raise _bad_query("this is no text: UTF-8 without U+0000", *names, code="text-invalid")
    texts = list(request.query_params.multi_items())
    handler = request.scope["route_handler"]
    if nulls := [name for name, value in texts if _is_null(value, name, handler)]:
        raise _bad_query("what is not meant is left out", *nulls)
    given = Counter(name for name, _ in texts)
    if repeated := [name for name, times in given.items() if times > 1]:
        detail = "this parameter is given more than once"
        raise _bad_query(detail, *repeated, code="parameter-repeated")


def _is_null(value: str, name: str, handler: BaseRouteHandler) -> bool:
    """Whether Litestar would take *value* for nothing; a text may well be `null`."""
    field = handler.parsed_fn_signature.parameters.get(name)
    kinds = () if field is None else get_args(field.annotation)
    return value.lower() == "null" and NoneType in kinds and str not in kinds


def _is_text(encoded: bytes) -> bool:
    """Whether it is UTF-8, without the character that no text has (U+0000)."""
    raw = unquote_to_bytes(encoded)
    try:
        return "\0" not in raw.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _bad_query(detail: str, *blamed: str, code: str = "parameter-invalid") -> Refused:
    named = sorted(blamed)[:_MOST_NAMED]
    errors = tuple(FieldProblem.of(name, code, detail) for name in named)
    return Refused(HTTPStatus.BAD_REQUEST, "parameters-invalid", detail, errors)
