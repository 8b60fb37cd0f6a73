"""User: a person with a Telegram account, and how they want to be reminded."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.errors import (
    AccountBeingDeleted,
    LeadTimeOutOfRange,
    NotLeaving,
    StaleUser,
    TooManyLeadTimes,
)
from taskbot.domain.ids import UserId
from taskbot.domain.text import shortened
from taskbot.domain.timezone import aware_utc, aware_utc_or_none, checked_timezone

NAME_LIMIT: Final = 128
LEAD_TIMES_LIMIT: Final = 10
LONGEST_LEAD_TIME: Final = timedelta(days=365)
GRACE: Final = timedelta(days=14)
"""How long somebody who leaves may still change their mind."""


class Language(StrEnum):
    """Each by its code (ISO 639-1)."""

    ENGLISH = "en"
    RUSSIAN = "ru"

    @classmethod
    def guess(cls, language_tag: str | None) -> "Language":
        """The language for a person whose client sends *language_tag* (IETF, may be absent)."""
        primary = (language_tag or "").replace("_", "-").partition("-")[0].lower()
        if primary in {one.value for one in cls}:
            return cls(primary)
        return cls.RUSSIAN if primary in _WITH_RUSSIAN else cls.ENGLISH


_WITH_RUSSIAN: Final = frozenset({"be", "uk", "kk", "ky"})
"""Whose speakers mostly read Russian more easily than English."""


def checked_lead_times(given: Iterable[timedelta]) -> tuple[timedelta, ...]:
    """*given* without repetitions, longest first; each between nothing and a year."""
    times = tuple(sorted(set(given), reverse=True))
    if any(not timedelta(0) <= lead <= LONGEST_LEAD_TIME for lead in times):
        raise LeadTimeOutOfRange(LONGEST_LEAD_TIME.days)
    if len(times) > LEAD_TIMES_LIMIT:
        raise TooManyLeadTimes(LEAD_TIMES_LIMIT)
    return times


def _name(raw: str) -> str:
    return shortened(raw, NAME_LIMIT)


def _day_start(given: time) -> time:
    if given.tzinfo is not None:
        raise ValueError("the start of the day is a time on the person's clock, without a zone")
    return given.replace(second=0, microsecond=0, fold=0)


@frozen(kw_only=True)
class ReminderPreferences:
    """How far ahead of a moment, and when on a day, the person wants to be reminded."""

    lead_times: tuple[timedelta, ...] = field(
        default=(timedelta(hours=1), timedelta(0)), converter=checked_lead_times
    )
    day_start: time = field(default=time(9), converter=_day_start)


@frozen(kw_only=True)
class User:
    """*reachable* is false from the moment Telegram says blocked or deactivated, until a return.

    *timezone_chosen*: they said themselves by which clocks they live; until then it is a guess.
    *paused*: they want no reminders until they say so; what falls due meanwhile is held.
    *moved_to*: the chat to write to, where Telegram said that it is another than the person's own.
    *deletion_at*: they are leaving, and from then on everything of theirs is deleted.
    """

    id: UserId
    telegram_id: int
    name: str = field(default="", converter=_name)
    language: Language = field(converter=Language)
    timezone: str = field(converter=checked_timezone)
    timezone_chosen: bool = False
    preferences: ReminderPreferences = ReminderPreferences()
    paused: bool = False
    reachable: bool = True
    moved_to: int | None = None
    deletion_at: datetime | None = field(default=None, converter=aware_utc_or_none)
    created_at: datetime = field(converter=aware_utc)
    version: int = 1

    def move_to(self, timezone: str) -> Self:
        """Live by the clocks of *timezone* (IANA name; else `UnknownTimezone`): they chose it."""
        return evolve(self, timezone=timezone, timezone_chosen=True)

    def speak(self, language: Language) -> Self:
        return evolve(self, language=language)

    def prefer(self, preferences: ReminderPreferences) -> Self:
        return evolve(self, preferences=preferences)

    def pause(self) -> Self:
        """Want no reminders for now."""
        return evolve(self, paused=True)

    def resume(self) -> Self:
        """Want reminders again."""
        return evolve(self, paused=False)

    def lose(self) -> Self:
        """Telegram refuses to deliver to this person."""
        return evolve(self, reachable=False)

    @property
    def is_leaving(self) -> bool:
        return self.deletion_at is not None

    @property
    def may_be_reminded(self) -> bool:
        """Neither lost, nor leaving, nor paused; while they are, reminders are held."""
        return self.reachable and not self.is_leaving and not self.paused

    def leave(self, *, now: datetime) -> Self:
        """Ask to be deleted, after a grace period. Asking again postpones nothing."""
        return self if self.is_leaving else evolve(self, deletion_at=now + GRACE)

    def stay(self, *, now: datetime) -> Self:
        """Change their mind. Raise `NotLeaving`, or `AccountBeingDeleted` if it is too late."""
        self.require_here(now=now)
        if not self.is_leaving:
            raise NotLeaving(self.id)
        return evolve(self, deletion_at=None)

    def has_left(self, *, now: datetime) -> bool:
        """Their grace period is over: what is theirs is being deleted, bit by bit."""
        return self.deletion_at is not None and self.deletion_at <= now

    def require_here(self, *, now: datetime) -> None:
        """Raise `AccountBeingDeleted` if they have left."""
        if self.has_left(now=now):
            raise AccountBeingDeleted(self.id)

    def require_version(self, version: int) -> None:
        """Raise `StaleUser` if they have been changed since they had *version*."""
        if version != self.version:
            raise StaleUser(self.id)

    @property
    def chat_id(self) -> int:
        """Where to write to: a private chat has the person's id (Bot API, Chat)."""
        return self.telegram_id if self.moved_to is None else self.moved_to

    def follow_chat(self, chat_id: int) -> Self:
        """Their chat has become *chat_id* (Bot API, ResponseParameters.migrate_to_chat_id)."""
        return evolve(self, moved_to=None if chat_id == self.telegram_id else chat_id)

    @property
    def has_written(self) -> bool:
        """Whether they ever wrote to us; an operator may have registered them unheard."""
        return bool(self.name)

    def welcome(self, *, name: str, language: Language) -> Self:
        """The person wrote to us: reachable (again), and called what they are called now.

        Who is leaving goes on leaving: they may only be looking for how to take it back.
        *language* is a guess, for the first time only: later they have chosen, or agreed.
        """
        spoken = self.language if self.has_written else language
        return evolve(self, reachable=True, name=name, language=spoken)
