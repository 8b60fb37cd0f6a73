"""The kind and size of a picture, told from its first bytes."""

import struct
from typing import Final

from attrs import frozen

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
FRAME_MARKERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xDA)})


@frozen
class Picture:
    mime_type: str
    width: int
    height: int


def picture_in(content: bytes) -> Picture | None:
    """The picture that *content* is (PNG, JPEG, GIF or WebP), or none."""
    try:
        if content.startswith(PNG) and content[12:16] == b"IHDR":
            return Picture("image/png", *struct.unpack(">II", content[16:24]))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return Picture("image/gif", *struct.unpack("<HH", content[6:10]))
        if content.startswith(JPEG):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        return None
    return None


def _jpeg(content: bytes) -> Picture | None:
    position = 2
    while position < len(content):
        if content[position] != 0xFF:  # noqa: PLR2004 - every marker begins so (ITU-T T.81)
            return None
        marker = content[position + 1]
        position += 2
        if marker in STANDALONE_MARKERS:
            continue
        if marker in FRAME_MARKERS:
            height, width = struct.unpack(">HH", content[position + 3 : position + 7])
            return Picture("image/jpeg", width, height)
        position += struct.unpack(">H", content[position : position + 2])[0]
    return None


def _webp(content: bytes) -> Picture | None:
    match content[12:16]:
        case b"VP8X":
            width = int.from_bytes(content[24:27], "little") + 1
            height = int.from_bytes(content[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
        case _:
            return None
    return Picture("image/webp", width, height)
