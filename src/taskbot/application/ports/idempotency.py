"""Requests that may be repeated without being done twice."""

from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias

from attrs import frozen

from taskbot.domain.ids import UserId

ANSWER_KEPT: Final = timedelta(hours=24)
"""How long a repetition gets the answer that the first request got."""
LEASE: Final = timedelta(minutes=1)
"""How long a key is held by a request that never ends, because its process died."""


@frozen
class RequestKey:
    """A name that *owner_id* gave to a request: up to 255 visible characters of ASCII."""

    owner_id: UserId
    name: str


@frozen
class FirstUse:
    """The request is to be done now; *until* is when the key is free again if it never ends."""

    key: RequestKey
    until: datetime


@frozen
class StillInUse:
    """The first request with this key has not ended yet."""


@frozen
class UsedForAnother:
    """The key belongs to a request that asked for something else."""


@frozen
class KeptAnswer:
    """The first request has ended so; what the bytes mean is the adapter's business."""

    answer: bytes


KeyUse: TypeAlias = FirstUse | StillInUse | UsedForAnother | KeptAnswer


class IdempotencyStore(Protocol):
    """What came of requests that have a key. Every method raises `StorageUnavailable`."""

    async def begin(self, key: RequestKey, fingerprint: bytes) -> KeyUse:
        """Take *key* for a request that *fingerprint* (32 bytes) tells from others.

        Of any number of callers one gets `FirstUse`, and nobody else before it is abandoned, or
        `LEASE` is over without an answer, or `ANSWER_KEPT` since there is one. A key that is taken
        by another fingerprint is `UsedForAnother`, whether or not that request has ended.
        """

    async def finish(self, use: FirstUse, answer: bytes) -> None:
        """Keep *answer* for `ANSWER_KEPT` from now on.

        Change nothing if the key is no longer *use*'s: it took too long, and somebody else has it.
        """

    async def abandon(self, use: FirstUse) -> None:
        """Free the key at once. Change nothing in the same case."""

    async def purge_expired(self) -> int:
        """Forget keys that are free again, in small transactions; return how many they were."""
