"""Request ids: one name for a request, in its answer and in our log."""

import re
from typing import Final

from litestar.types import Scope

from taskbot.adapters.id_text import new_text

REQUEST_ID_HEADER: Final = "X-Request-Id"
_HEADER: Final = REQUEST_ID_HEADER.lower().encode()
# No access token, which fits otherwise: ids are logged.
_WELL_FORMED: Final = re.compile(rb"(?!tb_)[A-Za-z0-9._-]{1,64}")
_KEY: Final = "taskbot.request_id"


def request_id_of(scope: Scope) -> str:
    """The request's id: the client's own if that is well-formed, else a ULID. It stays the same."""
    state = scope["state"]
    if _KEY not in state:
        state[_KEY] = _offered(scope) or new_text()
    request_id: str = state[_KEY]
    return request_id


def _offered(scope: Scope) -> str | None:
    offers = [value for name, value in scope["headers"] if name == _HEADER]
    if len(offers) == 1 and _WELL_FORMED.fullmatch(offers[0]):
        return offers[0].decode("ascii")
    return None
