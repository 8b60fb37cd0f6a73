"""How refusals look in the API's description."""

from typing import Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from taskbot.adapters.http.problems import PROBLEM_MEDIA_TYPE, FieldProblem, Problem

_CASES: Final[dict[int, tuple[str, str, str, tuple[FieldProblem, ...]]]] = {
    400: (
        "The request cannot be read: its body is not JSON, or a parameter is malformed.",
        "body-not-json",
        "the body is not JSON in UTF-8",
        (),
    ),
    401: (
        "No valid access token.",
        "access-token-invalid",
        "the access token is missing, malformed, unknown or no longer valid",
        (),
    ),
    403: (
        "The access token is not good for this.",
        "scope-insufficient",
        "this needs an access token of scope tasks:write",
        (),
    ),
    404: (
        "There is no such thing, or it is not yours.",
        "task-not-found",
        "there is no task 01K2Y7T0ZK8Q4M6V3R9XWBN5HC",
        (),
    ),
    409: (
        "The thing is no longer in a state that allows this.",
        "task-already-completed",
        "task 01K2Y7T0ZK8Q4M6V3R9XWBN5HC is already completed",
        (),
    ),
    412: (
        "The thing has been changed since you read it.",
        "precondition-failed",
        "it has been changed meanwhile: read it again",
        (),
    ),
    413: ("The body is too large.", "body-too-large", "a body has at most 64 KiB", ()),
    415: (
        "The body is not declared as JSON.",
        "media-type-unsupported",
        "the body must be JSON, sent as Content-Type: application/json",
        (),
    ),
    422: (
        "The body is JSON, but a value in it is not acceptable.",
        "title-blank",
        "a task needs a title that can be read",
        (FieldProblem("title", "title-blank", "a task needs a title that can be read"),),
    ),
    503: (
        "The storage does not answer; try again.",
        "storage-unavailable",
        "the storage does not answer; try again in a moment",
        (),
    ),
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Describe what an operation can be refused with; 503 goes without saying."""
    return {status: _spec(status) for status in (*statuses, 503)}


def _spec(status: int) -> ResponseSpec:
    description, code, detail, errors = _CASES[status]
    example = Problem(
        type=f"/problems/{code}",
        title=code.replace("-", " ").capitalize(),
        status=status,
        detail=detail,
        request_id="01K2Y7TFQ3ZB4X0N8D6WJ5MVRA",
        errors=errors,
    )
    return ResponseSpec(
        Problem,
        generate_examples=False,
        description=description,
        media_type=PROBLEM_MEDIA_TYPE,
        examples=[Example(value=example)],
    )
