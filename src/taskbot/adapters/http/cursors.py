"""Cursors: a place in a list, in letters that mean nothing to the client and cannot be made up."""

from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import itsdangerous
import msgspec
from attrs import define, field, frozen
from itsdangerous.encoding import base64_decode, base64_encode
from litestar.datastructures import URL
from ulid import ULID

from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.ports import KeyStore, TaskOrder, TaskPosition
from taskbot.application.views import DeadLetterPosition
from taskbot.domain.ids import ReminderId, TaskId, UserId

_PURPOSE: Final = "cursors"
_LONGEST: Final = 200
_DEAD_LETTERS: Final = "dead letters"
_PLACES: Final = frozenset({"cursor", "after", "before"})


class _Place(msgspec.Struct, frozen=True, array_like=True):
    id: bytes
    keys: list[datetime | int]


class _DeadPlace(msgspec.Struct, frozen=True, array_like=True):
    id: bytes
    fire_at: datetime


_encoder: Final = msgspec.msgpack.Encoder()
_places: Final = msgspec.msgpack.Decoder(_Place)
_dead_places: Final = msgspec.msgpack.Decoder(_DeadPlace)


@frozen
class SortedList:
    """Whose list it is, and how it is sorted: what a cursor is good for."""

    owner_id: UserId
    order: TaskOrder
    descending: bool

    def __str__(self) -> str:
        return f"{self.owner_id} {self.order.value} {'falling' if self.descending else 'rising'}"


@define
class Cursors:
    """Writes and reads cursors, each good for one person's list in one order, or the operators'.

    It is signed (HMAC-SHA256) by a secret that all processes share, so that a cursor of one is
    read by another; the person and the order are not in it, but in what the signature covers.
    """

    _keys: KeyStore
    _secret: bytes | None = field(default=None, init=False, repr=False)

    async def write(self, place: TaskPosition, *, of: SortedList) -> str:
        return await self._seal(_Place(place.task_id.bytes, list(place.keys)), of=str(of))

    async def read(self, cursor: str, *, of: SortedList) -> TaskPosition:
        """The place that `write` wrote down; anything else is `Refused` as `cursor-invalid`."""
        place = _places.decode(await self._open(cursor, of=str(of)))
        return TaskPosition(tuple(place.keys), TaskId(ULID.from_bytes(place.id)))

    async def write_dead_letter(self, place: DeadLetterPosition) -> str:
        packed = _DeadPlace(place.reminder_id.bytes, place.fire_at)
        return await self._seal(packed, of=_DEAD_LETTERS)

    async def read_dead_letter(self, cursor: str) -> DeadLetterPosition:
        """As `read`."""
        place = _dead_places.decode(await self._open(cursor, of=_DEAD_LETTERS))
        return DeadLetterPosition(place.fire_at, ReminderId(ULID.from_bytes(place.id)))

    async def _seal(self, place: msgspec.Struct, *, of: str) -> str:
        signer = await self._signer(of)
        return signer.sign(base64_encode(_encoder.encode(place))).decode("ascii")

    async def _open(self, cursor: str, *, of: str) -> bytes:
        signer = await self._signer(of)
        if not cursor.isascii() or len(cursor) > _LONGEST:
            raise _invalid()
        value = cursor.rpartition(".")[0].encode("ascii")
        # Signed anew and compared by the letter: a signature's last letter has bits to spare.
        if not compare_digest(signer.sign(value), cursor.encode("ascii")):
            raise _invalid()
        return base64_decode(value)  # it is ours: nobody else can sign

    async def _signer(self, of: str) -> itsdangerous.Signer:
        if self._secret is None:
            self._secret = await self._keys.secret(_PURPOSE)
        return itsdangerous.Signer(
            self._secret, salt=of, key_derivation="hmac", digest_method=sha256
        )


def _invalid() -> Refused:
    detail = "a cursor is what an earlier page of the same list gave as next_cursor"
    return Refused(
        HTTPStatus.BAD_REQUEST,
        "cursor-invalid",
        detail,
        (FieldProblem.of("cursor", "cursor-invalid", detail),),
    )


def page_links(url: URL, **places: tuple[str, str] | None) -> dict[str, str]:
    """A `Link` header (RFC 8288) to the pages around this one of the list at *url*, if any.

    *places*: for each relation the parameter that leads there and its value. Relative to where
    one is: a proxy may have another address for it.
    """
    query = [one for one in url.query_params.multi_items() if one[0] not in _PLACES]
    links = [
        f'<{url.path}?{urlencode([*query, place])}>; rel="{relation}"'
        for relation, place in places.items()
        if place is not None
    ]
    return {"Link": ", ".join(links)} if links else {}
