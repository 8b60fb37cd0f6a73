"""The mail server, for the doctor: signed in to, and nothing is sent."""

import asyncio
import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from support.ports import a_free_port
from taskbot.adapters.alerts import MailServer
from taskbot.adapters.alerts.mail_examination import MailExamination
from taskbot.application.doctor import ProblemKind, Seen

pytestmark = pytest.mark.anyio

PASSWORD = "the-right-canary"


class _Handler:
    """Notes whatever is about a message."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def handle_MAIL(  # noqa: N802 - as the library calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.said.append(address)
        return "250 OK"


def _authenticated(
    _: SMTP, __: Session, ___: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    assert mechanism
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@contextlib.contextmanager
def a_server(handler: object, **options: Any) -> Iterator[int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has no TLS, as it is for tests
        controller = Controller(handler, hostname="127.0.0.1", port=a_free_port(), **options)
        controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


async def look(port: int, **more: Any) -> Seen:
    return await MailExamination(MailServer(host="127.0.0.1", port=port, **more)).look()


async def test_a_server_that_takes_the_login_is_well_and_gets_no_message() -> None:
    handler = _Handler()
    with a_server(handler, authenticator=_authenticated, auth_require_tls=False) as port:
        seen = await look(port, user="anna", password=PASSWORD)

    assert seen.problems == ()
    assert (seen.facts["signed_in"], seen.facts["encrypted"]) == ("yes", "no")
    assert handler.said == []


async def test_a_refused_login_is_told_without_the_password() -> None:
    with a_server(_Handler(), authenticator=_authenticated, auth_require_tls=False) as port:
        seen = await look(port, user="anna", password="a-wrong-canary")

    (problem,) = seen.problems
    assert (problem.kind, problem.values["reason"]) == (ProblemKind.MAIL_LOGIN_REFUSED, "535")
    assert "canary" not in str(seen)


async def test_a_password_for_a_server_that_takes_none_is_told() -> None:
    with a_server(_Handler()) as port:
        seen = await look(port, user="anna", password="a-canary")

    assert [one.kind for one in seen.problems] == [ProblemKind.MAIL_LOGIN_REFUSED]


async def test_a_server_that_is_away_or_speaks_no_tls_is_told() -> None:
    away = await look(a_free_port())
    with a_server(_Handler()) as port:
        plain = await look(port, use_tls=True)

    assert [one.kind for seen in (away, plain) for one in seen.problems] == [
        ProblemKind.MAIL_AWAY,
        ProblemKind.MAIL_AWAY,
    ]
    assert plain.problems[0].values["reason"] == "TLS"


async def test_what_a_server_says_at_the_door_is_repeated() -> None:
    async def closed(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 no service for you\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(closed, "127.0.0.1", 0) as server:
        seen = await look(server.sockets[0].getsockname()[1])

    assert [(one.kind, one.values["reason"]) for one in seen.problems] == [
        (ProblemKind.MAIL_REFUSES, "554 no service for you")
    ]
