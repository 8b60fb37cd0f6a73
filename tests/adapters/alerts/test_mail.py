"""Alerts by e-mail, to a mail server that listens here."""

import email
from collections.abc import Iterator
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from attrs import evolve

from support.ports import a_free_port
from taskbot.adapters.alerts import Mail, MailServer
from taskbot.application.ports import AlertNotTold

pytestmark = pytest.mark.anyio

SENDER, OPERATOR = "taskbot@example.org", "operator@example.org"


class _Mailbox(Message):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def handle_message(self, message: email.message.Message) -> None:
        self.messages.append(message.as_string())


class _Refusing:
    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802 - as the library calls it
        return "550 no such mailbox"


@pytest.fixture
def mailbox() -> _Mailbox:
    return _Mailbox()


@pytest.fixture
def server(mailbox: _Mailbox) -> Iterator[MailServer]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=a_free_port())
    controller.start()
    yield MailServer(host="127.0.0.1", port=controller.port)
    controller.stop()


async def test_the_operator_gets_a_message(server: MailServer, mailbox: _Mailbox) -> None:
    await Mail(server, SENDER, OPERATOR).tell("taskbot: alert", ["Привет", "Second"])

    (raw,) = mailbox.messages
    message = email.message_from_string(raw, policy=default)
    assert (message["From"], message["To"]) == (SENDER, OPERATOR)
    assert message["Subject"] == "taskbot: alert"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    assert message.get_content().split() == ["Привет", "Second"]


async def test_a_server_that_is_away_is_named_as_the_cause(server: MailServer) -> None:
    away = evolve(server, port=a_free_port())

    with pytest.raises(AlertNotTold, match="cannot be used"):
        await Mail(away, SENDER, OPERATOR).tell("taskbot: alert", ["text"])


async def test_what_the_server_says_is_repeated() -> None:
    controller = Controller(_Refusing(), hostname="127.0.0.1", port=a_free_port())
    controller.start()
    try:
        server = MailServer(host="127.0.0.1", port=controller.port)
        with pytest.raises(AlertNotTold):
            await Mail(server, SENDER, OPERATOR).tell("taskbot: alert", ["text"])
    finally:
        controller.stop()


async def test_a_password_for_a_server_that_takes_none_is_a_cause(server: MailServer) -> None:
    with_password = evolve(server, user="anna", password="secret-word")

    with pytest.raises(AlertNotTold) as caught:
        await Mail(with_password, SENDER, OPERATOR).tell("taskbot: alert", ["text"])

    assert "secret-word" not in str(caught.value)
    assert "secret-word" not in repr(with_password)


def test_the_way_has_a_name() -> None:
    assert Mail(MailServer(host="x", port=1), SENDER, OPERATOR).name == f"e-mail to {OPERATOR}"
