"""What stands before several copies of a server: requests go to one after the other."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, MutableMapping
from http import HTTPStatus
from typing import Any, Final

import httpx
from attrs import define, field

from support.simulator import serving

_KEPT: Final = frozenset({b"retry-after", b"content-type", b"etag"})
_LOOK_SECONDS: Final = 0.1


@define
class Balancer:
    """*targets* are addresses of the copies; one that takes no connection is passed over.

    Not by one that *is_strict*: there the request has failed. *in_hand* counts the requests that
    each is at work on. *away* are those that said they are not ready, as long as somebody watches.
    """

    url: str = ""
    is_strict: bool = False
    targets: list[str] = field(factory=list)
    in_hand: Counter[str] = field(factory=Counter)
    answered: Counter[tuple[str, int]] = field(factory=Counter)
    away: set[str] = field(factory=set)
    _client: httpx.AsyncClient = field(
        factory=lambda: httpx.AsyncClient(timeout=120, trust_env=False)
    )
    _next: int = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = [(k, v) for k, v in scope["headers"] if k not in {b"host", b"connection"}]
        status, after, content = await self._forward(scope, headers, body)
        await send({"type": "http.response.start", "status": status, "headers": after})
        await send({"type": "http.response.body", "body": content})

    async def _forward(
        self, scope: MutableMapping[str, Any], headers: Any, body: bytes
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        path = scope["path"] + ("?" + scope["query_string"].decode()).rstrip("?")
        for _ in range(len(self.targets)):
            target = self.targets[self._next % len(self.targets)]
            self._next += 1
            if target in self.away:
                continue
            self.in_hand[target] += 1
            try:
                answer = await self._client.request(
                    scope["method"], target + path, headers=headers, content=body
                )
            except httpx.ConnectError:
                if self.is_strict:
                    return self._failed(target)
                continue
            except httpx.HTTPError:
                return self._failed(target)  # it may have been handled: who asked knows what to do
            finally:
                self.in_hand[target] -= 1
            self.answered[target, answer.status_code] += 1
            kept = [(k, v) for k, v in answer.headers.raw if k.lower() in _KEPT]
            return answer.status_code, kept, answer.content
        return 502, [], b""

    def _failed(self, target: str) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        self.answered[target, 502] += 1
        return 502, [], b""

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Ask all copies again and again whether they are ready; who is not gets no requests."""
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            for target in tuple(self.targets):
                try:
                    answer = await self._client.get(f"{target}/health/ready")
                    is_ready = answer.status_code == HTTPStatus.OK
                except httpx.HTTPError:
                    is_ready = False
                (self.away.discard if is_ready else self.away.add)(target)
            await asyncio.sleep(_LOOK_SECONDS)

    async def whoever_is_at_work(self, *, within: float = 20.0) -> str:
        async with asyncio.timeout(within):
            while True:
                for target, number in self.in_hand.items():
                    if number:
                        return target
                await asyncio.sleep(0.005)

    async def close(self) -> None:
        await self._client.aclose()


@contextlib.asynccontextmanager
async def a_balancer(*, is_strict: bool = False) -> AsyncIterator[Balancer]:
    balancer = Balancer(is_strict=is_strict)
    try:
        async with serving(balancer) as balancer.url:
            yield balancer
    finally:
        await balancer.close()
