"""Alerts by e-mail (SMTP, RFC 5321)."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final

import aiosmtplib
from attrs import field, frozen

from taskbot.application.ports import AlertNotTold

_SECONDS: Final = 20.0


@frozen(kw_only=True)
class MailServer:
    """*use_tls*: encrypted from the first byte; else by STARTTLS, where the server offers it."""

    host: str
    port: int
    use_tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def client(self, *, seconds: float) -> aiosmtplib.SMTP:
        """As a context manager: connected, encrypted where that is offered, and signed in.

        *seconds*: how long each step may take.
        """
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.use_tls,
            username=self.user,
            password=self.password,
            timeout=seconds,
        )


@frozen
class Mail:
    _server: MailServer
    _sender: str
    _recipient: str

    @property
    def name(self) -> str:
        return f"e-mail to {self._recipient}"

    async def tell(self, title: str, lines: list[str]) -> None:
        message = EmailMessage()
        message["From"], message["To"] = self._sender, self._recipient
        message["Subject"] = title
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="taskbot.local")
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers
        message.set_content("\n\n".join(lines))
        try:
            async with self._server.client(seconds=_SECONDS) as client:
                await client.send_message(message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise AlertNotTold(_reason(error)) from None


def _reason(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"the mail server says {error.code} {error.message}"
    return f"the mail server cannot be used ({type(error).__name__})"
