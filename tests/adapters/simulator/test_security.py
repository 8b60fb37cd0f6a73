"""The simulator answers this machine's own tools and its own page, nobody else."""

import socket
from urllib.parse import urlsplit

import anyio.to_thread
import pytest
from aiogram import Bot

from support.simulator import RunningSimulator

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:1234", "[::1]:8081"])
async def test_this_machines_names_are_answered(sim: RunningSimulator, host: str) -> None:
    response = await sim.control.http.get("/sim/persons", headers={"Host": host})

    assert response.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil", "10.0.0.1:8081", ""]
)
async def test_another_host_name_is_refused(sim: RunningSimulator, host: str) -> None:
    statuses = [
        (await sim.control.http.get(path, headers={"Host": host})).status_code
        for path in ("/", "/page/x.js", "/sim/persons", "/bot1:a/getMe", "/file/bot1:a/x")
    ]

    assert statuses == [403] * 5


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_a_browser_of_another_origin_is_refused(sim: RunningSimulator, origin: str) -> None:
    response = await sim.control.http.post(
        "/sim/persons", json={"first_name": "Mallory"}, headers={"Origin": origin}
    )

    assert response.status_code == 403
    assert await sim.control.request("GET", "/sim/persons") == []


async def test_the_page_itself_may_ask(sim: RunningSimulator) -> None:
    headers = {"Origin": sim.url, "Sec-Fetch-Site": "same-origin"}

    response = await sim.control.http.post(
        "/sim/persons", json={"first_name": "Ada"}, headers=headers
    )

    assert response.status_code == 201


async def test_another_site_cannot_call_by_an_image_address(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    response = await sim.control.http.get(
        f"/bot1:a/sendMessage?chat_id={ada}&text=x", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert len(await sim.control.messages(ada)) == 1


async def test_a_link_from_another_site_may_lead_to_the_page(sim: RunningSimulator) -> None:
    response = await sim.control.http.get("/", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code != 403


async def test_a_request_without_a_host_is_refused(sim: RunningSimulator) -> None:
    address = urlsplit(sim.url)
    assert address.port is not None

    def ask() -> bytes:
        with socket.create_connection(("127.0.0.1", address.port or 0), timeout=10) as raw:
            raw.sendall(b"GET /sim/persons HTTP/1.0\r\n\r\n")
            return raw.recv(64)

    answer = await anyio.to_thread.run_sync(ask)

    assert b" 403 " in answer


async def test_the_page_is_served_with_a_strict_policy(sim: RunningSimulator) -> None:
    response = await sim.control.http.get("/")

    policy = response.headers["content-security-policy"]
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy


async def test_text_of_anybody_is_inert_in_the_transcript(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.send(ada, "<img src=x onerror=alert(1)>")
    await bot.send_message(ada, "<script>alert(1)</script> & \"'")

    shown = await sim.control.messages(ada)

    assert [message["html"] for message in shown[1:]] == [
        "&lt;img src=x onerror=alert(1)&gt;",
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#x27;",
    ]
