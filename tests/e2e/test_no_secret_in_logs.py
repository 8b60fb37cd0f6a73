"""Whatever happens, and however much is logged: no secret is.

Everything is looked at as the loggers get it, before our own filter takes out what looks like one.
"""

import base64
import contextlib
import hashlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote

import httpx
import pytest

from support.logged import everything_logged
from support.ports import a_free_port
from taskbot.adapters.persistence import migrate
from taskbot.adapters.telegram_login import TelegramLogin
from taskbot.application.ports import Alert, AlertKind, SignedPerson
from taskbot.domain.access_token import new_secret
from taskbot.domain.errors import InvitationUnusable, NotSignedIn, SignInRefused
from taskbot.entrypoints.alerting import errors_become_alerts
from taskbot.entrypoints.container import Container, telegram_of
from taskbot.entrypoints.settings import Settings, read_settings
from taskbot.entrypoints.web_server import serving

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

BOT_TOKEN: Final = "7000000001:made-up-for-this-test-alone-0123456"
PASSWORD: Final = "the-password-of-the-mail-server"
API: Final = "/api/v1"


@pytest.fixture(params=["as debugging sets it", "as nobody sets it"])
def is_extreme(request: pytest.FixtureRequest) -> bool:
    """Whether every library, too, is told to hold nothing back."""
    return bool(request.param == "as nobody sets it")


@pytest.fixture
def logged(settings: Settings, *, is_extreme: bool) -> Iterator[list[str]]:
    with everything_logged(settings, is_extreme=is_extreme) as lines:
        yield lines


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(
        {
            "TASKBOT_DATA_DIR": str(tmp_path),
            "TASKBOT_BOT_TOKEN": BOT_TOKEN,
            "TASKBOT_ALERT_EMAIL": "operator@example.org",
            "TASKBOT_SMTP_URL": f"smtp://somebody:{PASSWORD}@127.0.0.1:{a_free_port()}",
            "TASKBOT_LOG_LEVEL": "debug",
            "TASKBOT_API_ANONYMOUS_PER_MINUTE": "30",
        }
    )


@contextlib.asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[tuple[Container, httpx.AsyncClient]]:
    migrate(settings.database)
    container = Container(settings=settings, **telegram_of(settings))
    try:
        with errors_become_alerts(container.alerts()):
            async with (
                serving(container.api(), host="127.0.0.1", port=0) as address,
                httpx.AsyncClient(base_url=address, trust_env=False) as client,
            ):
                yield container, client
    finally:
        await container.database().dispose()


class Asking:
    """Asks as people, programs and attackers do; remembers what must not be told."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.secrets: set[str] = set()

    async def sign_in(self) -> str:
        now = datetime.now(UTC)
        signed = TelegramLogin(BOT_TOKEN).sign(SignedPerson(101, "Ada", "en"), now=now)
        (signature,) = parse_qs(signed)["hash"]
        self.secrets |= {signed, signature}
        path = f"{API}/auth/telegram"
        done = await self._client.post(path, json={"init_data": signed})
        assert done.status_code == 200, done.text
        widget = {"id": 101, "auth_date": int(now.timestamp()), "hash": signature}
        for wrong in (
            {"init_data": f"{signed}0"},
            {"init_data": signed, "widget": widget},
            {"widget": widget},
            {"hash": signature},
        ):
            assert (await self._client.post(path, json=wrong)).status_code in {401, 422}
        broken = f'{{"init_data": "{signed}"'
        sent = {"Content-Type": "application/json"}
        assert (await self._client.post(path, content=broken, headers=sent)).status_code == 400
        return self._known(done.json()["token"])

    async def make_and_rotate(self, token: str) -> str:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key"}
        body = {"name": "laptop"}
        made = await self._client.post(f"{API}/tokens", json=body, headers=headers)
        again = await self._client.post(f"{API}/tokens", json=body, headers=headers)
        assert (made.status_code, again.status_code) == (201, 409)
        self._known(made.json()["token"])
        path = f"{API}/tokens/{made.json()['id']}/rotate"
        rotated = await self._client.post(
            path, json={}, headers={"Authorization": f"Token {token}"}
        )
        assert rotated.status_code == 201
        return self._known(rotated.json()["token"])

    async def use_badly(self, token: str) -> None:
        """A secret where none belongs, and secrets that are none."""
        unknown = self._known(new_secret())
        for headers in (
            {"Authorization": f"Bearer {unknown}"},
            {"Authorization": f"Bearer {token}x"},
            {"Authorization": f"Basic {token}"},
            {"Authorization": token},
            {"Idempotency-Key": token, "Authorization": f"Bearer {token}"},
            {"X-Request-Id": "a b", "Cookie": f"token={token}"},
        ):
            await self._client.post(f"{API}/tasks", json={"title": ""}, headers=headers)
            await self._client.get(f"{API}/tasks/{quote(token)}", headers=headers)
            await self._client.get(f"{API}/nothing/{token}?token={token}", headers=headers)
            await self._client.get(f"{API}/tasks?cursor={token}", headers=headers)

    def _known(self, secret: str) -> str:
        self.secrets.add(secret)
        return secret


async def operators_sign_in(container: Container) -> set[str]:
    """An operator comes by a link, goes, and comes back by a password, at the second try."""
    here, first, second = "192.0.2.7", "tram 7 stops at noon", "no parking before 8 p.m."
    link = await container.admin_accounts().first_link()
    assert link is not None
    begun = await container.invitations().accept(link, name="ann", password=first, client=here)
    with pytest.raises(InvitationUnusable):
        await container.invitations().accept(link, name="ann", password=first, client=here)
    sign_in = container.admin_sign_in()
    with pytest.raises(SignInRefused):
        await sign_in.sign_in("ann", second, client=here)
    other = await sign_in.sign_in("ann", first, client=here)
    renewed = await sign_in.change_password(other.secret, current=first, new=second, client=here)
    with pytest.raises(NotSignedIn):
        await sign_in.authenticate(begun.secret)
    await sign_in.sign_out(renewed.secret, client=here)
    return {link, first, second, begun.secret, other.secret, renewed.secret}


async def test_no_secret_is_logged_whatever_is_asked(
    settings: Settings, logged: list[str], *, is_extreme: bool
) -> None:
    async with _running(settings) as (container, client):
        asking = Asking(client)
        token = await asking.sign_in()
        newest = await asking.make_and_rotate(token)
        await asking.use_badly(newest)
        asking.secrets |= await operators_sign_in(container)
        key = await container.keys().secret("cursors")
        with contextlib.closing(sqlite3.connect(settings.data_dir / "taskbot.sqlite3")) as file:
            file.execute("DROP TABLE idempotency_keys")
            file.commit()
        headers = {"Authorization": f"Bearer {newest}", "Idempotency-Key": "another"}
        broken = await client.post(f"{API}/tokens", json={"name": "phone"}, headers=headers)
        assert broken.status_code == 503
        await container.alerts().send(Alert(AlertKind.DEAD_LETTER, "no route", "made up"))
        await container.alerts().tell()
        logging.getLogger("taskbot").debug("%s %r", settings, settings)

    for logger in ("taskbot", *(("uvicorn", "sqlalchemy.engine") if is_extreme else ())):
        assert any(line.startswith(logger) for line in logged), f"{logger} was to say something"
    digest = hashlib.sha256(newest.encode()).digest()
    # Rows as the driver has them are not for logs; who asks the driver to log them gets them.
    of_rows = set() if is_extreme else {repr(key), key.hex(), repr(digest), digest.hex()}
    for secret in {*asking.secrets, BOT_TOKEN, PASSWORD, *of_rows}:
        spelled = {secret, quote(secret), base64.b64encode(secret.encode()).decode()}
        assert [line for line in logged if any(one in line for one in spelled)] == []
