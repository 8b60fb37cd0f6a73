"""The doctor: looks at all that taskbot stands on, and says what is wrong and what mends it.

Health asks whether one process can do its work; the doctor asks about the whole, and why not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from attrs import define, evolve, field, frozen

from taskbot.application.health import Facts
from taskbot.application.ports import Clock

_log = logging.getLogger(__name__)

PATIENCE: Final = timedelta(seconds=8)
"""How long one examination may take; they are made side by side."""

Values: TypeAlias = Mapping[str, str]


class Area(StrEnum):
    """What is looked at, in the order in which it is told."""

    CONFIGURATION = "configuration"
    FILES = "files"
    DATABASE = "database"
    SCHEMA = "schema"
    REDIS = "redis"
    API = "api"
    CLOCK = "clock"
    TELEGRAM = "telegram"
    WEBHOOK = "webhook"
    ALERTS = "alerts"
    MAIL = "mail"
    REMINDERS = "reminders"
    CANARY = "canary"


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class ProblemKind(StrEnum):
    """Public: who reads the findings by machine switches on it. It never changes."""

    BAD_SETTING = "bad-setting"
    UNKNOWN_SETTING = "unknown-setting"
    READABLE_BY_OTHERS = "readable-by-others"
    NOT_WRITABLE = "not-writable"
    DATABASE_AWAY = "database-away"
    NO_DATABASE = "no-database"
    NO_SCHEMA = "no-schema"
    SCHEMA_BEHIND = "schema-behind"
    SCHEMA_AHEAD = "schema-ahead"
    REDIS_AWAY = "redis-away"
    REDIS_LOGIN_REFUSED = "redis-login-refused"
    REDIS_EVICTS = "redis-evicts"
    API_AWAY = "api-away"
    API_UNWELL = "api-unwell"
    CLOCK_AHEAD = "clock-ahead"
    CLOCK_BEHIND = "clock-behind"
    TELEGRAM_AWAY = "telegram-away"
    TELEGRAM_REFUSES = "telegram-refuses"
    TOKEN_REJECTED = "token-rejected"  # noqa: S105 - no secret
    WEBHOOK_LEFT = "webhook-left"
    WEBHOOK_MISSING = "webhook-missing"
    WEBHOOK_ELSEWHERE = "webhook-elsewhere"
    WEBHOOK_OUTDATED = "webhook-outdated"
    WEBHOOK_FAILING = "webhook-failing"
    UPDATES_WAIT = "updates-wait"
    NO_ALERTS = "no-alerts"
    ALERT_CHAT_UNKNOWN = "alert-chat-unknown"
    MAIL_AWAY = "mail-away"
    MAIL_LOGIN_REFUSED = "mail-login-refused"
    MAIL_REFUSES = "mail-refuses"
    STALLED = "stalled"
    PART_MISSING = "part-missing"
    DEAD_LETTERS = "dead-letters"
    SEVERAL_RELEASES = "several-releases"
    CANARY_LOST = "canary-lost"
    NO_ANSWER = "no-answer"
    BROKEN = "broken"


class Reason(StrEnum):
    """Why something was not looked at."""

    NOT_SET = "not-set"
    """The setting `name` has no value, and none is needed."""
    SETTING_REFUSED = "setting-refused"
    """What it needs, the setting `name`, cannot be used."""
    OVER_API = "over-api"
    """The bot works over the API: that is looked after there."""
    NO_TOKEN = "no-token"  # noqa: S105 - no secret
    """The simulator stands in for Telegram."""
    NOT_ASKED = "not-asked"
    """What has to be asked for it, the area `name`, does not answer."""
    NOTHING_TO_COMPARE = "nothing-to-compare"


@frozen(kw_only=True)
class Problem:
    """*values*: what the words for it are filled with. *remedy*: to be copied, never translated.

    *is_grave*: something does not work; else it should be looked at.
    """

    kind: ProblemKind
    values: Values = field(factory=dict)
    remedy: str | None = None
    is_grave: bool = True

    @property
    def verdict(self) -> Verdict:
        return Verdict.FAILED if self.is_grave else Verdict.WARNING


@frozen(kw_only=True)
class Skipped(Exception):
    """There is nothing to look at here."""

    reason: Reason
    name: str = ""


@frozen
class Seen:
    facts: Facts = field(factory=dict)
    problems: Sequence[Problem] = ()


@frozen(kw_only=True)
class Examination:
    """A check that tells what would mend what it finds.

    *look* raises `Skipped` where there is nothing to look at, and changes nothing anywhere, but
    that a canary is sent.
    """

    area: Area
    look: Callable[[], Awaitable[Seen]]


@frozen(kw_only=True)
class Diagnosis:
    """What came of one examination."""

    area: Area
    facts: Facts = field(factory=dict)
    problems: tuple[Problem, ...] = ()
    skipped: Skipped | None = None

    @property
    def verdict(self) -> Verdict:
        if self.skipped is not None:
            return Verdict.SKIPPED
        if any(problem.is_grave for problem in self.problems):
            return Verdict.FAILED
        return Verdict.WARNING if self.problems else Verdict.OK


@frozen(kw_only=True)
class Report:
    at: datetime
    diagnoses: tuple[Diagnosis, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        found = {one.verdict for one in self.diagnoses}
        return next((one for one in (Verdict.FAILED, Verdict.WARNING) if one in found), Verdict.OK)

    def of(self, verdict: Verdict) -> tuple[Diagnosis, ...]:
        return tuple(one for one in self.diagnoses if one.verdict is verdict)


class Doctor(Protocol):
    async def examine(self) -> Report:
        """Look at everything. Takes seconds, raises nothing, and sends a canary at most."""


@frozen
class Visit:
    """What is looked at this time. *discreet*: takes out of a text what nobody may read."""

    examinations: Sequence[Examination]
    discreet: Callable[[str], str] = str


@define
class Practice:
    """*open*: begins a visit, and closes at its end what was opened for it.

    Who asks meanwhile shares one look.
    """

    _open: Callable[[], AbstractAsyncContextManager[Visit]]
    _clock: Clock
    _patience: timedelta = PATIENCE
    _looking: asyncio.Task[Report] | None = field(default=None, init=False)

    async def examine(self) -> Report:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._examine())
        return await asyncio.shield(self._looking)

    async def _examine(self) -> Report:
        async with self._open() as visit:
            looks = (self._diagnose(one, visit.discreet) for one in visit.examinations)
            found = await asyncio.gather(*looks)
        order = list(Area)
        return Report(
            at=self._clock.now(),
            diagnoses=tuple(sorted(found, key=lambda one: order.index(one.area))),
        )

    async def _diagnose(
        self, examination: Examination, discreet: Callable[[str], str]
    ) -> Diagnosis:
        area = examination.area
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                seen = await examination.look()
        except Skipped as skipped:
            return Diagnosis(area=area, skipped=skipped)
        except TimeoutError:
            seconds = f"{self._patience.total_seconds():g}"
            seen = Seen(problems=[Problem(kind=ProblemKind.NO_ANSWER, values={"seconds": seconds})])
        except Exception as error:  # noqa: BLE001 - the others are to be looked at all the same
            # Its own text may hold what nobody may read; its kind is what an issue needs.
            kind = type(error).__name__
            _log.info("the examination of %s broke off: %s", area, kind)
            seen = Seen(problems=[Problem(kind=ProblemKind.BROKEN, values={"error": kind})])
        return _diagnosis(area, seen, discreet)


def _diagnosis(area: Area, seen: Seen, discreet: Callable[[str], str]) -> Diagnosis:
    return Diagnosis(
        area=area,
        facts={
            name: discreet(fact) if isinstance(fact, str) else fact
            for name, fact in seen.facts.items()
        },
        problems=tuple(
            evolve(
                problem,
                values={name: discreet(value) for name, value in problem.values.items()},
                remedy=None if problem.remedy is None else discreet(problem.remedy),
            )
            for problem in seen.problems
        ),
    )
