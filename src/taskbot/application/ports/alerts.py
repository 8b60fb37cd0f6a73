"""Alerts: what the operator should know at once, and the ways to tell them."""

from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from attrs import field, frozen

from taskbot.domain.text import shortened
from taskbot.domain.timezone import aware_utc, aware_utc_or_none

SUBJECT_LIMIT: Final = 200
TEXT_LIMIT: Final = 1000


class AlertKind(StrEnum):
    DEAD_LETTER = "dead-letter"
    OUTCOME_UNKNOWN = "outcome-unknown"
    TOKEN_REJECTED = "token-rejected"  # noqa: S105 - a kind of alert, not a secret
    DELIVERY_STALLED = "delivery-stalled"
    CRITICAL_ERROR = "critical-error"
    TEST = "test"


def _subject(raw: str) -> str:
    return shortened(raw, SUBJECT_LIMIT)


def _text(raw: str) -> str:
    return shortened(raw, TEXT_LIMIT)


@frozen
class Alert:
    """Something that the operator should know; no personal data and no secret is in it.

    Alerts of one *kind* and *subject* say the same; *text* tells of which case this is one.
    """

    kind: AlertKind = field(converter=AlertKind)
    subject: str = field(converter=_subject)
    text: str = field(default="", converter=_text)


@frozen
class AlertRecord:
    """What was raised *untold* times since the operator was last told of it, at *told_at*.

    *alert* is the newest of them, raised at *raised_at*.
    """

    alert: Alert
    untold: int
    raised_at: datetime = field(converter=aware_utc)
    told_at: datetime | None = field(default=None, converter=aware_utc_or_none)


class Alerts(Protocol):
    async def send(self, alert: Alert) -> None:
        """Have the operator told. Never raises: an alert must not break what it tells of."""


class AlertNotTold(Exception):
    """The message did not reach the operator. `str()` of it is fit for a log."""


class AlertChannel(Protocol):
    """A way to the operator: a chat, a mailbox."""

    @property
    def name(self) -> str:
        """What the operator knows it by."""

    async def tell(self, title: str, lines: list[str]) -> None:
        """Send one message, plain text. Raise `AlertNotTold`, and nothing else."""
