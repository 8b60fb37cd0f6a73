"""How refusals look in the API's description."""

from typing import Final, NamedTuple

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from taskbot.adapters.http.problems import PROBLEM_MEDIA_TYPE, FieldProblem, Problem


class _Case(NamedTuple):
    """*description*: what the status means here; the rest is one problem that has it."""

    description: str
    code: str
    detail: str
    errors: tuple[FieldProblem, ...] = ()


PROBLEM_CASES: Final = {
    400: _Case(
        "The request cannot be read: its body is not JSON, or a parameter is malformed.",
        "body-not-json",
        "the body is not JSON in UTF-8",
    ),
    401: _Case(
        "No valid access token.",
        "access-token-invalid",
        "the access token is missing, malformed, unknown or no longer valid",
    ),
    403: _Case(
        "The access token is not good for this.",
        "scope-insufficient",
        "this needs an access token of scope tasks:write",
    ),
    404: _Case(
        "There is no such thing, or it is not yours.",
        "task-not-found",
        "there is no task 01K2Y7T0ZK8Q4M6V3R9XWBN5HC",
    ),
    409: _Case(
        "The thing is no longer in a state that allows this.",
        "task-already-completed",
        "task 01K2Y7T0ZK8Q4M6V3R9XWBN5HC is already completed",
    ),
    412: _Case(
        "The thing has been changed since you read it.",
        "precondition-failed",
        "it has been changed meanwhile: read it again",
    ),
    413: _Case("The body is too large.", "body-too-large", "a body has at most 64 KiB"),
    415: _Case(
        "The body is not declared as JSON.",
        "media-type-unsupported",
        "the body must be JSON, sent as Content-Type: application/json",
    ),
    422: _Case(
        "The body is JSON, but a value in it is not acceptable.",
        "title-blank",
        "a task needs a title that can be read",
        (FieldProblem("title", "title-blank", "a task needs a title that can be read"),),
    ),
    429: _Case(
        "Too many requests: wait as `Retry-After` says.",
        "rate-limit-exceeded",
        "too many requests: the next one may come in 1 s",
    ),
    500: _Case(
        "A mistake of ours; the operator's log has it under the request's id.",
        "internal-error",
        "something went wrong here; the operator's log has the details under this request's id",
    ),
    503: _Case(
        "The storage does not answer, or more is asked for than can be answered: try again after "
        "`Retry-After`.",
        "storage-unavailable",
        "the storage does not answer; try again in a moment",
    ),
}


_OF_REPETITIONS: Final = {
    409: _Case(
        "",
        "idempotency-key-in-use",
        "the first request with this key is still at work: try again in a moment",
    ),
    422: _Case(
        "",
        "idempotency-key-reused",
        "another request had this key: a new request needs a new one",
    ),
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Describe what an operation can be refused with.

    503 goes without saying, and so does what any may meet: see `openapi_conventions`.
    """
    return {status: _spec(status) for status in (*statuses, 503)}


def example_problem(status: int, *, of_repetitions: bool = False) -> Problem:
    case = (_OF_REPETITIONS if of_repetitions else PROBLEM_CASES)[status]
    return Problem(
        type=f"/problems/{case.code}",
        title=case.code.replace("-", " ").capitalize(),
        status=status,
        detail=case.detail,
        request_id="01K2Y7TFQ3ZB4X0N8D6WJ5MVRA",
        errors=case.errors,
    )


def _spec(status: int) -> ResponseSpec:
    return ResponseSpec(
        Problem,
        generate_examples=False,
        description=PROBLEM_CASES[status].description,
        media_type=PROBLEM_MEDIA_TYPE,
        examples=[Example(value=example_problem(status))],
    )
