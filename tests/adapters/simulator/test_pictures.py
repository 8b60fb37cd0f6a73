"""A picture's kind and size, told from its first bytes."""

import struct

import pytest
from hypothesis import given, strategies as st

from taskbot.adapters.simulator.pictures import Picture, picture_in

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 300, 200) + b"\x08\0\0\0\0"
GIF = b"GIF89a" + struct.pack("<HH", 300, 200)
JPEG = (
    b"\xff\xd8\xff\xe0"
    + struct.pack(">H", 16)
    + b"JFIF".ljust(14, b"\0")
    + b"\xff\x01\xff\xc2"
    + struct.pack(">HBHH", 11, 8, 200, 300)
)
VP8X = b"RIFF\0\0\0\0WEBPVP8X".ljust(24, b"\0") + b"\x2b\x01\0" + b"\xc7\0\0"
VP8L = b"RIFF\0\0\0\0WEBPVP8L".ljust(20, b"\0") + b"\x2f" + struct.pack("<I", 299 | 199 << 14)
VP8 = b"RIFF\0\0\0\0WEBPVP8 ".ljust(26, b"\0") + struct.pack("<HH", 300, 200)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (GIF, "image/gif"),
        (JPEG, "image/jpeg"),
        (VP8X, "image/webp"),
        (VP8L, "image/webp"),
        (VP8, "image/webp"),
    ],
)
def test_kind_and_size_are_read(content: bytes, kind: str) -> None:
    assert picture_in(content) == Picture(kind, 300, 200)


@pytest.mark.parametrize(
    "content",
    [b"", b"text", PNG[:18], GIF[:7], JPEG[:-3], JPEG[:20] + b"x" + JPEG[20:], VP8[:27], VP8X[:12]],
)
def test_what_is_cut_or_broken_is_no_picture(content: bytes) -> None:
    assert picture_in(content) is None


@given(
    start=st.sampled_from([b"", PNG[:16], GIF[:6], JPEG[:4], JPEG, VP8X[:16], VP8[:16]]),
    rest=st.binary(max_size=64),
)
def test_no_bytes_are_too_strange(start: bytes, rest: bytes) -> None:
    picture = picture_in(start + rest)

    assert picture is None or (picture.width >= 0 and picture.height >= 0)
