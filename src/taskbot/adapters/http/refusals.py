"""The one place that turns exceptions into problems, and knows the status of each."""

import logging
from collections.abc import Callable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, Final, TypeAlias, cast

from attrs import asdict
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from taskbot.adapters.http.bodies import body_of
from taskbot.adapters.http.problems import (
    FieldProblem,
    Problem,
    Refused,
    problem_response,
    shortened,
)
from taskbot.adapters.http.request_ids import request_id_of
from taskbot.application.ports import StorageUnavailable
from taskbot.domain.errors import (
    CategoryNotFound,
    Conflict,
    DomainError,
    Forbidden,
    InsufficientScope,
    InvalidAccessToken,
    InvalidValue,
    NotFound,
    UnprovenIdentity,
)

_log = logging.getLogger(__name__)

_Request: TypeAlias = Request[Any, Any, Any]

STATUS_OF: Final[Mapping[type[DomainError], HTTPStatus]] = {
    InvalidAccessToken: HTTPStatus.UNAUTHORIZED,  # before its kind: it says who, not whether
    UnprovenIdentity: HTTPStatus.UNAUTHORIZED,  # as above
    InvalidValue: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
}
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="taskbot"'}  # RFC 6750, section 3
_RETRY_SECONDS: Final = 5
_LONGEST_FACT: Final = 200

# What Litestar refuses by itself. Its own words repeat the request, so these stand in.
_FRAMEWORK_REFUSALS: Final = {
    HTTPStatus.NOT_FOUND: ("path-unknown", "there is nothing at this path"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method-not-allowed", "this path has no such method"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body-too-large", "a body has at most 64 KiB"),
}
_MALFORMED: Final = ("request-malformed", "the request cannot be understood")


def domain_refusal(request: _Request, error: DomainError) -> Response[Problem]:
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    field = _field_to_blame(request, error)
    return problem_response(
        request,
        Refused(
            status,
            error.code,
            str(error),
            () if field is None else (FieldProblem.of(field, error.code, str(error)),),
            _challenge(error),
            facts_of(error),
        ),
    )


def facts_of(error: DomainError) -> dict[str, str | int]:
    """The attributes of *error*, by their names: moments and days in RFC 3339, ids as texts."""
    attributes = asdict(cast("Any", error), recurse=False)  # every refusal is an attrs class
    return {name: _fact(value) for name, value in attributes.items()}


def _fact(value: object) -> str | int:
    match value:
        case int():
            return value
        case date():  # and datetime, which is one
            return value.isoformat()
        case _:
            return shortened(str(value), _LONGEST_FACT)


def _challenge(error: DomainError) -> Mapping[str, str] | None:
    match error:
        case InvalidAccessToken() | UnprovenIdentity():
            return CHALLENGE
        case InsufficientScope():  # RFC 6750, section 3.1
            scheme = CHALLENGE["WWW-Authenticate"]
            needed = f'error="insufficient_scope", scope="{error.scope}"'
            return {"WWW-Authenticate": f"{scheme}, {needed}"}
        case _:
            return None


def _field_to_blame(request: _Request, error: DomainError) -> str | None:
    body = body_of(request.scope)
    match error:
        case InvalidValue():
            return error.field if body is None else body.sent_as(error.field)
        case CategoryNotFound() if body is not None:
            return "category_id"
        case _:
            return None


def own_refusal(request: _Request, error: Refused) -> Response[Problem]:
    return problem_response(request, error)


def bad_parameters(request: _Request, error: ValidationException) -> Response[Problem]:
    """Litestar could not read the query; bodies are read in `bodies`, but for a missing one."""
    found = error.extra if isinstance(error.extra, list) else []
    blamed = [(str(one.get("key", "")), str(one.get("message", ""))) for one in found]
    if any(field == "data" for field, _ in blamed):
        missing = Refused(HTTPStatus.BAD_REQUEST, "body-missing", "a JSON object is needed here")
        return problem_response(request, missing)
    errors = tuple(FieldProblem.of(field, "parameter-invalid", text) for field, text in blamed)
    detail = "; ".join(f"{one.field}: {one.detail}" for one in errors) or _MALFORMED[1]
    return problem_response(
        request, Refused(HTTPStatus.BAD_REQUEST, "parameters-invalid", detail, errors)
    )


def framework_refusal(request: _Request, error: HTTPException) -> Response[Problem]:
    status = HTTPStatus(error.status_code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return bug(request, error)
    code, detail = _FRAMEWORK_REFUSALS.get(status, _MALFORMED)
    return problem_response(request, Refused(status, code, detail, headers=error.headers))


def storage_unavailable(request: _Request, error: StorageUnavailable) -> Response[Problem]:
    _log.error("request %s: the storage is unavailable: %s", request_id_of(request.scope), error)
    return problem_response(
        request,
        Refused(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "storage-unavailable",
            "the storage does not answer; try again in a moment",
            headers={"Retry-After": str(_RETRY_SECONDS)},
        ),
    )


def bug(request: _Request, error: Exception) -> Response[Problem]:
    """The log gets everything but the query and the headers, the client nothing but an id."""
    _log.error(
        "request %s failed: %s %s",
        request_id_of(request.scope),
        request.method,
        request.scope.get("path_template", ""),
        exc_info=error,
    )
    return problem_response(
        request,
        Refused(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "internal-error",
            "something went wrong here; the operator's log has the details under this request's id",
        ),
    )


EXCEPTION_HANDLERS: Final[dict[int | type[Exception], Callable[[Any, Any], Response[Any]]]] = {
    DomainError: domain_refusal,
    Refused: own_refusal,
    ValidationException: bad_parameters,
    HTTPException: framework_refusal,
    StorageUnavailable: storage_unavailable,
    Exception: bug,
}
