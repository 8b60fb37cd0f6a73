"""In which language and by whose clocks the panel is read."""

from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st
from starlette.responses import JSONResponse
from starlette_admin.i18n import get_locale, get_timezone

from taskbot.adapters.admin.surroundings import Surroundings

pytestmark = pytest.mark.anyio


async def surroundings(scope: Any, receive: Any, send: Any) -> None:
    found = JSONResponse({"language": get_locale(), "timezone": get_timezone()})
    await found(scope, receive, send)


async def read(**headers: str) -> dict[str, str]:
    app = Surroundings(surroundings, timezone="Europe/Berlin")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://panel.test") as client:
        answer = await client.get("/", headers=headers)
    found: dict[str, str] = answer.json()
    return found


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de-DE,de;q=0.9,ru;q=0.5,en;q=0.4", "ru"),
        ("en-GB,ru;q=0.9", "en"),
        ("ru;q=0,en", "en"),
        ("fr", "en"),
        ("", "en"),
        ("ru;q=nonsense", "en"),
    ],
)
async def test_the_panel_speaks_what_the_browser_prefers(accepted: str, language: str) -> None:
    assert (await read(**{"accept-language": accepted}))["language"] == language


async def test_what_was_chosen_goes_before_what_the_browser_prefers() -> None:
    found = await read(**{"accept-language": "ru", "cookie": "language=en"})

    assert found["language"] == "en"


async def test_a_language_that_we_do_not_speak_is_not_chosen() -> None:
    found = await read(**{"accept-language": "ru", "cookie": "language=de"})

    assert found["language"] == "ru"


async def test_times_are_those_of_the_browsers_clocks() -> None:
    assert (await read(cookie="timezone=Asia/Yekaterinburg"))["timezone"] == "Asia/Yekaterinburg"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)))
async def test_what_is_no_time_zone_leaves_ours(given_zone: str) -> None:
    found = await read(cookie=f"timezone={given_zone}/nowhere")

    assert found["timezone"] == "Europe/Berlin"
