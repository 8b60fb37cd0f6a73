"""Large answers made smaller on their way (RFC 9110, section 8.4): zstd or gzip.

Never those that hold a secret: what is compressed together with something that others may choose
tells by its length how alike they are (BREACH).
"""

import asyncio
import gzip
import re
import sys
import zlib
from functools import lru_cache
from typing import Any, Final, Protocol

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from taskbot.adapters.http.confidential import is_confidential
from taskbot.adapters.http.etags import client_has, tag_of_coding

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MARK: Final = "taskbot.unchanging"
UNCHANGING: Final = {_MARK: True}
"""The `opt` of a handler that gives the same bytes each time: they are compressed once."""
_SMALLEST: Final = 1024
_LONG_WORK: Final = 256 * 1024
"""Bytes that take long enough to compress for others to wait: that is a thread's work."""
_LONGEST_HEADER: Final = 500
_CODINGS: Final = (b"zstd", b"gzip")  # the better one first
_WORTH_IT: Final = re.compile(rb"text/|application/(problem\+)?json")
_WEIGHTED: Final = re.compile(rb"\s*([!-~]+?)\s*(?:;\s*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")
_GZIP_LEVEL: Final = 6
_GZIP_FORMAT: Final = 31


class _Stream(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class Compressed:
    """The application with its answers in the coding that the client likes best."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held: Any = None  # the start, until it is known how large the body is
        stream: _Stream | None = None

        async def pack_and_send(message: Message) -> None:
            nonlocal held, stream
            if message["type"] == "http.response.start":
                held = message
                return
            if message["type"] == "http.response.body":
                is_last = not message.get("more_body")
                if held is not None:
                    start, held = held, None
                    stream = await _begin(scope, start, message, is_last=is_last)
                    await send(start)
                elif stream is not None:
                    rest = stream.compress(message["body"])
                    message["body"] = rest + stream.flush() if is_last else rest
            await send(message)

        await self._app(scope, receive, pack_and_send)


async def _begin(scope: Scope, start: Any, message: Any, *, is_last: bool) -> _Stream | None:
    """Compress the body in *message*, or its beginning; give what the rest is to go through."""
    body: bytes = message["body"]
    if is_last and len(body) < _SMALLEST:
        return None
    headers: dict[bytes, bytes] = {name.lower(): value for name, value in start["headers"]}
    if not _is_worth_it(scope, headers):
        return None
    accepted = b",".join(v for n, v in scope["headers"] if n == b"accept-encoding")
    coding = preferred_coding(accepted)
    changed = {b"vary": _with_accept_encoding(headers.get(b"vary"))}
    stream = None
    if coding is not None:
        changed[b"content-encoding"] = coding
        if b"etag" in headers:
            changed[b"etag"] = tag_of_coding(headers[b"etag"], coding)
        if not client_has(scope, changed.get(b"etag")):  # else the body is left out anyway
            if is_last:
                message["body"] = await _packed(scope, body, coding)
                changed[b"content-length"] = b"%d" % len(message["body"])
            else:
                stream = _stream(coding)
                message["body"] = stream.compress(body)
                headers.pop(b"content-length", None)
    start["headers"] = [
        *((n, v) for n, v in start["headers"] if n.lower() in headers and n.lower() not in changed),
        *changed.items(),
    ]
    return stream


def _is_worth_it(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    return (
        b"content-encoding" not in headers
        and _WORTH_IT.match(headers.get(b"content-type", b"")) is not None
        and not is_confidential(scope)
    )


@lru_cache(maxsize=256)
def preferred_coding(accepted: bytes) -> bytes | None:
    """The coding that a client with this `Accept-Encoding` likes best; None: as it is.

    RFC 9110, section 12.5.3. What cannot be understood in it is left out.
    """
    if len(accepted) > _LONGEST_HEADER:
        return None
    weights: dict[bytes, float] = {}
    for one in accepted.split(b","):
        found = _WEIGHTED.fullmatch(one)
        if found is not None:
            weights[found[1].lower()] = float(found[2] or 1)
    others = weights.get(b"*", 0.0)
    best = max(_CODINGS, key=lambda coding: weights.get(coding, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get(b"identity", 0.0) else None


def _with_accept_encoding(vary: bytes | None) -> bytes:
    return b"Accept-Encoding" if vary is None else vary + b", Accept-Encoding"


async def _packed(scope: Scope, body: bytes, coding: bytes) -> bytes:
    handler: Any = scope.get("route_handler")
    pack = _pack_once if handler is not None and handler.opt.get(_MARK) else _pack
    if len(body) < _LONG_WORK:
        return pack(body, coding)
    return await asyncio.to_thread(pack, body, coding)


def _pack(body: bytes, coding: bytes) -> bytes:
    if coding == b"gzip":
        return gzip.compress(body, _GZIP_LEVEL, mtime=0)
    return zstd.compress(body)


_pack_once = lru_cache(maxsize=16)(_pack)


def _stream(coding: bytes) -> _Stream:
    if coding == b"gzip":
        return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)
    return zstd.ZstdCompressor()
