"""Requests that may be repeated, as long as the process lives."""

from datetime import datetime

from attrs import evolve, frozen

from taskbot.application.ports import (
    ANSWER_KEPT,
    LEASE,
    Clock,
    FirstUse,
    KeptAnswer,
    KeyUse,
    RequestKey,
    StillInUse,
    UsedForAnother,
)


@frozen
class KeptRequest:
    fingerprint: bytes
    expires_at: datetime
    answer: bytes | None = None


class MemoryIdempotencyStore:
    """*requests* may be shared by several of these."""

    def __init__(self, clock: Clock, requests: dict[RequestKey, KeptRequest] | None = None) -> None:
        self._clock = clock
        self._requests = {} if requests is None else requests

    async def begin(self, key: RequestKey, fingerprint: bytes) -> KeyUse:
        now = self._clock.now()
        kept = self._requests.get(key)
        if kept is None or kept.expires_at <= now:
            self._requests[key] = KeptRequest(fingerprint, now + LEASE)
            return FirstUse(key, now + LEASE)
        if kept.fingerprint != fingerprint:
            return UsedForAnother()
        return StillInUse() if kept.answer is None else KeptAnswer(kept.answer)

    async def finish(self, use: FirstUse, answer: bytes) -> None:
        if (kept := self._held_by(use)) is not None:
            until = self._clock.now() + ANSWER_KEPT
            self._requests[use.key] = evolve(kept, answer=answer, expires_at=until)

    async def abandon(self, use: FirstUse) -> None:
        if self._held_by(use) is not None:
            del self._requests[use.key]

    async def purge_expired(self) -> int:
        now = self._clock.now()
        expired = [key for key, kept in self._requests.items() if kept.expires_at <= now]
        for key in expired:
            del self._requests[key]
        return len(expired)

    def _held_by(self, use: FirstUse) -> KeptRequest | None:
        kept = self._requests.get(use.key)
        is_held = kept is not None and kept.answer is None and kept.expires_at == use.until
        return kept if is_held else None
