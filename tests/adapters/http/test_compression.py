"""Large answers are compressed as the client likes it, and stay the same answers."""

import gzip
import sys
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st

from support.api import Api, Person, RawAnswer, ask
from taskbot.adapters.http.compression import Compressed, preferred_coding
from taskbot.adapters.http.confidential import CONFIDENTIAL

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

pytestmark = pytest.mark.anyio

LONG = {"title": "Milk", "description": "to buy " * 500}
UNPACK: dict[str, Any] = {"gzip": gzip.decompress, "zstd": zstd.decompress, "": lambda body: body}


async def raw(
    api: Api, path: str, accept: str | None, person: Person | None = None, **more: str
) -> RawAnswer:
    """Ask as httpx does not: what comes is not decompressed."""
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    if accept is not None:
        headers["accept-encoding"] = accept
    if person is not None:
        headers["authorization"] = f"Bearer {person.secret}"
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    return await ask(api.app, "GET", path, headers=sent)


@pytest.fixture
async def path(ada: Person) -> str:
    return f"/api/v1/tasks/{(await ada.creates(**LONG))['id']}"


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("gzip;q=0", ""),
        ("*", "zstd"),
        ("br, *;q=0", ""),
        ("identity, gzip;q=0.5", ""),
        ("", ""),
        (None, ""),
    ],
)
async def test_it_comes_in_the_coding_that_the_client_likes_best(
    api: Api, ada: Person, path: str, accept: str | None, coding: str
) -> None:
    plain = await raw(api, path, None, ada)

    answer = await raw(api, path, accept, ada)

    assert answer.headers.get("content-encoding", "") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert UNPACK[coding](answer.body) == plain.body
    if coding:
        assert len(answer.body) < len(plain.body) / 4


async def test_a_client_that_knows_nothing_of_it_does_not_notice(ada: Person, path: str) -> None:
    answer = await ada.client.get(path)

    assert answer.headers["Content-Encoding"] in {"gzip", "zstd"}
    assert answer.json()["description"] == LONG["description"].strip()


async def test_what_is_small_stays_as_it_is(api: Api, ada: Person) -> None:
    answer = await raw(api, "/api/v1/me", "gzip", ada)

    assert not {"content-encoding", "vary"} & set(answer.headers)


async def test_each_coding_has_its_tag_and_is_not_sent_again(
    api: Api, ada: Person, path: str
) -> None:
    tags = {
        coding: (await raw(api, path, coding, ada)).headers["etag"]
        for coding in ("identity", "gzip", "zstd")
    }

    assert len(set(tags.values())) == 3
    for coding, tag in tags.items():
        same = await raw(api, path, coding, ada, if_none_match=tag)
        assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
        assert same.headers["vary"] == "Accept-Encoding"
        assert not {"content-encoding", "content-length"} & set(same.headers)
        other = next(one for one in tags.values() if one != tag)
        assert (await raw(api, path, coding, ada, if_none_match=other)).status == 200


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
async def test_the_tag_of_a_compressed_task_is_good_for_changing_it(
    ada: Person, path: str, coding: str
) -> None:
    tag = (await ada.client.get(path, headers={"Accept-Encoding": coding})).headers["ETag"]

    async def change(title: str) -> httpx.Response:
        return await ada.client.patch(path, json={"title": title}, headers={"If-Match": tag})

    assert (await change("Bread")).status_code == 200
    assert (await change("Eggs")).status_code == 412


async def test_a_repetition_is_compressed_for_who_repeats(ada: Person) -> None:
    headers = {"Idempotency-Key": "key"}
    first = await ada.client.post(
        "/api/v1/tasks", json=LONG, headers=headers | {"Accept-Encoding": "gzip"}
    )

    again = await ada.client.post(
        "/api/v1/tasks", json=LONG, headers=headers | {"Accept-Encoding": "zstd, identity;q=0"}
    )

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Content-Encoding"] == "zstd"
    assert zstd.decompress(again.content) == first.content  # httpx does not know it


async def test_what_holds_a_secret_is_not_compressed(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskbot.adapters.http.compression._SMALLEST", 10)
    made = await ada.client.post("/api/v1/tokens", json={"name": "laptop"})
    rotated = await ada.client.post(f"/api/v1/tokens/{made.json()['id']}/rotate", json={})
    listed = await ada.client.get("/api/v1/tokens")

    assert (made.status_code, rotated.status_code) == (201, 201)
    assert not {"content-encoding", "vary"} & {*made.headers, *rotated.headers}
    assert listed.headers["Content-Encoding"] == "gzip"


def test_every_answer_with_a_new_token_counts_as_secret(api: Api) -> None:
    handlers = [one for route in api.app.routes for one in getattr(route, "route_handlers", ())]
    showing = [
        one
        for one in handlers
        if "token" in getattr(one.parsed_fn_signature.return_type.annotation, "__annotations__", {})
    ]

    assert len(showing) >= 3
    assert all(one.opt.items() >= CONFIDENTIAL.items() for one in showing)


async def test_the_page_is_compressed_and_its_pictures_are_not(api: Api) -> None:
    bundle = await raw(api, "/api/v1/docs/assets/swagger-ui-bundle.js", "gzip")
    again = await raw(api, "/api/v1/docs/assets/swagger-ui-bundle.js", "gzip")
    described = await raw(api, "/api/v1/openapi.json", "zstd")
    picture = await raw(api, "/api/v1/docs/assets/favicon-32x32.png", "gzip")

    assert bundle.headers["content-encoding"] == "gzip"
    assert again.body == bundle.body
    assert b"swagger" in gzip.decompress(bundle.body).lower()
    assert described.headers["content-encoding"] == "zstd"
    assert "content-encoding" not in picture.headers


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("headers", [[], [(b"content-length", b"4000")]])
async def test_what_comes_bit_by_bit_is_compressed_bit_by_bit(
    coding: str, headers: list[tuple[bytes, bytes]]
) -> None:
    pieces = [b"x" * 10, b"y" * 3000, b"", b"z" * 990]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        kind = (b"content-type", b"application/json")
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, kind]})
        for number, piece in enumerate(pieces, 1):
            more = number < len(pieces)
            await send({"type": "http.response.body", "body": piece, "more_body": more})

    accept = [(b"accept-encoding", coding.encode())]
    answer = await ask(Compressed(app), "GET", "/", headers=accept)  # type: ignore[arg-type]

    assert UNPACK[coding](answer.body) == b"".join(pieces)
    assert answer.headers["content-encoding"] == coding
    assert "content-length" not in answer.headers


@given(st.binary(max_size=60) | st.text("gzipstd*;q=01., x").map(str.encode))
def test_no_header_breaks_the_choice(accepted: bytes) -> None:
    assert preferred_coding(accepted) in {None, b"gzip", b"zstd"}


def test_a_header_that_is_far_too_long_is_not_looked_at() -> None:
    assert preferred_coding(b"gzip," * 1000) is None
