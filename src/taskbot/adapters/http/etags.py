"""Entity tags (RFC 9110, sections 8.8.3 and 13.1): what one has, and what one means to change.

A tag names the version of the thing, if it has one, and what the answer looks like: a task shows
its category's name and whether it is overdue, which change without a new version. `If-Match`
looks at the version alone. Compressed it has a tag of its own (section 8.8.3.3).
"""

import contextlib
import re
from collections.abc import Iterator
from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from litestar import Response
from litestar.openapi.spec import Example
from litestar.params import HeaderParameter
from litestar.types import Scope
from msgspec import Struct

from taskbot.adapters.http.problems import Refused
from taskbot.domain.errors import StaleCategory, StaleTask, StaleUser

_TAG: Final = re.compile(r'"([0-9]+)(?:-[0-9a-f]+(?:-[a-z]+)?)?"')
_DIGEST_BYTES: Final = 8
_NOT_MODIFIED: Final = "taskbot.not-modified"
_OF_A_BODY: Final = frozenset({b"content-encoding", b"content-length", b"content-type"})
_SHOWING: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, None})
_READING: Final = frozenset({"GET", "HEAD"})

IfMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        description="The `ETag` of what is to be changed, or its `version` in quotes; if it has "
        "changed meanwhile, 412.",
        examples=[Example(value='"3-9f86d081884c7d65"')],
    ),
]


async def with_etag(response: Response[Any]) -> Response[Any]:
    """Give a tag to an answer that shows a thing or a list."""
    content = response.content
    if isinstance(content, Struct) and response.status_code in _SHOWING:
        version = getattr(content, "version", None)
        body = msgspec.json.encode(content)
        digest = blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()
        response.content = body  # as it would be written once more
        response.headers["ETag"] = f'"{digest}"' if version is None else f'"{version}-{digest}"'
    return response


def expected_version(if_match: str | None) -> int | None:
    """The version that a change is meant for; None for any. Raise `Refused` 412 for no tag of ours.

    Of several tags the first counts: a thing has one version at a time.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.split(",")[0].strip())
    if found is None or len(found.group(1)) > 9:  # noqa: PLR2004 - digits of a number of changes
        raise _changed_meanwhile()
    return int(found.group(1))


@contextlib.contextmanager
def precondition(if_match: str | None) -> Iterator[None]:
    """Say 412 of what is stale, if the client named what it has seen."""
    try:
        yield
    except (StaleCategory, StaleTask, StaleUser):
        if if_match is None:
            raise
        raise _changed_meanwhile() from None


def _changed_meanwhile() -> Refused:
    return Refused(
        HTTPStatus.PRECONDITION_FAILED,
        "precondition-failed",
        "it has been changed meanwhile: read it again",
    )


def begin_not_modified(start: Any, scope: Scope) -> None:
    """Leave out of an answer what the client has already (`If-None-Match`); see `without_body`."""
    if start["status"] != HTTPStatus.OK or not _tags_of_client(scope):
        return
    headers = list(start["headers"])
    tag = next((value for name, value in headers if name.lower() == b"etag"), None)
    if client_has(scope, tag):
        start["status"] = HTTPStatus.NOT_MODIFIED.value
        start["headers"] = [
            (name, value) for name, value in headers if name.lower() not in _OF_A_BODY
        ]
        scope["state"][_NOT_MODIFIED] = True


def is_without_body(scope: Scope) -> bool:
    """Whether the client was told that it has the answer already."""
    return _NOT_MODIFIED in scope["state"]


def tag_of_coding(tag: bytes, coding: bytes) -> bytes:
    """The tag of what has *tag*, in a content coding."""
    return b'%s-%s"' % (tag.removesuffix(b'"'), coding)


def client_has(scope: Scope, tag: bytes | None) -> bool:
    """Whether the client says that it has *tag*; weak comparison (section 13.1.2)."""
    if tag is None or scope.get("method") not in _READING:
        return False
    given = _tags_of_client(scope)
    tags = {one.strip().removeprefix(b"W/") for value in given for one in value.split(b",")}
    return tag in tags or b"*" in tags


def _tags_of_client(scope: Scope) -> list[bytes]:
    return [value for name, value in scope["headers"] if name.lower() == b"if-none-match"]
