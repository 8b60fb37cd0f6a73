"""Problems: how every error leaves the API (RFC 9457, problem details for HTTP APIs)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from attrs import Factory, frozen
from litestar import Request, Response
from litestar.types import Receive, Scope, Send
from msgspec import Meta, Struct

from taskbot.adapters.http.request_ids import request_id_of

PROBLEM_MEDIA_TYPE: Final = "application/problem+json"
_LONGEST_DETAIL: Final = 300
_LONGEST_FIELD: Final = 100


def shortened(text: str, limit: int) -> str:
    """*text* with at most *limit* characters: nobody gets unbounded input back."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


class FieldProblem(Struct, frozen=True):
    """What is wrong with one field of the request."""

    field: Annotated[str, Meta(description="The field or parameter as it was sent.")]
    code: Annotated[str, Meta(description="Stable; made for programs.")]
    detail: Annotated[str, Meta(description="Made for people; may change.")]

    @classmethod
    def of(cls, field: str, code: str, detail: str) -> "FieldProblem":
        return cls(shortened(field, _LONGEST_FIELD), code, shortened(detail, _LONGEST_DETAIL))


class Problem(Struct, frozen=True, omit_defaults=True):
    """Problem details (RFC 9457)."""

    type: Annotated[str, Meta(description="`/problems/` and a stable code: switch on this.")]
    title: Annotated[str, Meta(description="The code in words.")]
    status: Annotated[int, Meta(description="The HTTP status again.")]
    detail: Annotated[str, Meta(description="What went wrong this time, for people.")]
    request_id: Annotated[str, Meta(description="As in `X-Request-Id`; name it to the operator.")]
    errors: Annotated[
        tuple[FieldProblem, ...], Meta(description="Present where fields are to blame.")
    ] = ()
    facts: Annotated[
        dict[str, str | int],
        Meta(description="What the refusal is about, by name: ids, limits; made for programs."),
    ] = {}


@frozen
class Refused(Exception):
    """A request that the API itself refuses, before or instead of a use case."""

    status: HTTPStatus
    code: str
    detail: str
    errors: tuple[FieldProblem, ...] = ()
    headers: Mapping[str, str] | None = None
    facts: Mapping[str, str | int] = Factory(dict)


def problem_response(request: Request[Any, Any, Any], refused: Refused) -> Response[Problem]:
    return Response(
        Problem(
            type=f"/problems/{refused.code}",
            title=refused.code.replace("-", " ").capitalize(),
            status=refused.status.value,
            detail=shortened(refused.detail, _LONGEST_DETAIL),
            request_id=request_id_of(request.scope),
            errors=refused.errors,
            facts=dict(refused.facts),
        ),
        status_code=refused.status.value,
        media_type=PROBLEM_MEDIA_TYPE,
        headers=refused.headers,
    )


async def send_problem(refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem, before or instead of any handler."""
    request: Request[Any, Any, Any] = scope["litestar_app"].request_class(scope, receive)
    answer = problem_response(request, refused).to_asgi_response(None, request)
    await answer(scope, receive, send)
