"""The mail server, for the doctor: as far as one gets without sending anything."""

import ssl
from typing import Final

import aiosmtplib
from attrs import frozen

from taskbot.adapters.alerts.mail import MailServer
from taskbot.adapters.causes import cause_of
from taskbot.application.doctor import Problem, ProblemKind, Seen
from taskbot.application.health import Facts

_SECONDS: Final = 6.0
_ADDRESS: Final = "TASKBOT_SMTP_URL=smtp://user:password@host:587"


@frozen
class MailExamination:
    _server: MailServer

    @property
    def name(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    async def look(self) -> Seen:
        """Connect, greet, encrypt as alerts do, sign in, and say goodbye."""
        try:
            async with self._server.client(seconds=_SECONDS) as client:
                is_encrypted = client.get_transport_info("sslcontext") is not None
                facts: Facts = {
                    "name": self.name,
                    "encrypted": "yes" if is_encrypted else "no",
                    "signed_in": "no" if self._server.user is None else "yes",
                }
                return Seen(facts)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return Seen({"name": self.name}, [self._problem(error)])

    def _problem(self, error: Exception) -> Problem:
        match error:
            case aiosmtplib.SMTPAuthenticationError(code=code):
                kind, reason = ProblemKind.MAIL_LOGIN_REFUSED, f"{code}"
            case aiosmtplib.SMTPResponseException(code=code, message=message):
                kind, reason = ProblemKind.MAIL_REFUSES, f"{code} {message}"
            case _ if type(error) is aiosmtplib.SMTPException:  # it offers no way to sign in
                kind, reason = ProblemKind.MAIL_LOGIN_REFUSED, "AUTH"
            case _ if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
                kind, reason = ProblemKind.MAIL_AWAY, "TLS"
            case _:
                kind, reason = ProblemKind.MAIL_AWAY, cause_of(error)
        return Problem(kind=kind, values={"name": self.name, "reason": reason}, remedy=_ADDRESS)
