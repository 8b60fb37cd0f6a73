"""The voice in which the bot speaks to one person at one moment."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from attrs import frozen
from babel.dates import format_date

from taskbot.adapters.telegram.texts.catalogue import mark, translations
from taskbot.adapters.telegram.texts.html import Safe, escaped, isolated
from taskbot.adapters.telegram.texts.languages import MANNERS, Manner
from taskbot.domain.deadline import Deadline, TimedDeadline, local_day
from taskbot.domain.timezone import local
from taskbot.domain.user import Language, User

_NEAR: Final = {-1: mark("yesterday"), 0: mark("today"), 1: mark("tomorrow")}
_MINUTES_OF_AN_HOUR: Final = 60
_HOURS_OF_A_DAY: Final = 24
_ROUGH_FROM_HOURS: Final = 6  # from here on minutes tell nothing
_ROUGH_FROM_DAYS: Final = 3


@frozen(kw_only=True)
class Voice:
    """*now* is aware; dates and times are told by the clocks of *timezone*, in 24 hours.

    *paused*: reminders are, so none can be announced.
    """

    language: Language
    timezone: str
    now: datetime
    paused: bool = False

    @classmethod
    def for_user(cls, user: User, now: datetime) -> "Voice":
        return cls(language=user.language, timezone=user.timezone, now=now, paused=user.paused)

    def say(self, message: str, **values: object) -> str:
        """*message* in the person's language, with *values* in their places, fit for HTML.

        A value that is a string comes from outside: it is escaped and isolated. `Safe` stays.
        """
        text = translations(self.language).gettext(message)
        safe = {
            name: isolated(escaped(value)) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return text.format_map(safe)

    def label(self, message: str, **values: object) -> str:
        """Like `say`, for where no HTML is understood: buttons and pop-ups."""
        text = translations(self.language).gettext(message)
        safe = {
            name: isolated(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return text.format_map(safe)

    def plural(self, one: str, many: str, number: int) -> str:
        """*one* or *many*, as the language counts; `{n}` is the number."""
        return translations(self.language).ngettext(one, many, number).format(n=number)

    @property
    def today(self) -> date:
        return local_day(self.now, self.timezone)

    def day(self, day: date) -> str:
        """Tell *day*: today, tomorrow, Fri 27 November, Fri 5 March 2027."""
        if (near := _NEAR.get((day - self.today).days)) is not None:
            return self.label(near)
        manner = self._manner
        this_year = day.year == self.today.year
        return self._date(day, manner.day if this_year else manner.day_of_another_year)

    def short_day(self, day: date) -> str:
        """Like `day`, for buttons."""
        if (near := _NEAR.get((day - self.today).days)) is not None:
            return self.label(near)
        manner = self._manner
        this_year = day.year == self.today.year
        return self._date(day, manner.short_day if this_year else manner.short_day_of_another_year)

    def weekday(self, day: date) -> str:
        """Tell *day* by its weekday and number: Fri 27."""
        return self._date(day, self._manner.weekday)

    @property
    def _manner(self) -> Manner:
        return MANNERS[self.language]

    def _date(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=self._manner.locale)

    def clock(self, clock_time: time | datetime) -> str:
        return f"{clock_time:%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Tell *moment* by the person's clock: tomorrow at 18:00."""
        shown = local(moment, self.timezone)
        return self.label(
            "{day} at {time}", day=Safe(self.day(shown.date())), time=Safe(self.clock(shown))
        )

    def moments(self, moments: Iterable[datetime]) -> str:
        """Tell *moments*, which are in order; a day is told once: tomorrow at 17:00, 18:00."""
        told, last = list[str](), None
        for moment in moments:
            shown = local(moment, self.timezone)
            told.append(self.clock(shown) if shown.date() == last else self.moment(moment))
            last = shown.date()
        return ", ".join(told)

    def deadline(self, deadline: Deadline) -> str:
        if isinstance(deadline, TimedDeadline):
            return self.moment(deadline.due_at)
        return self.day(deadline.due_on)

    def short_deadline(self, deadline: Deadline) -> str:
        """Like `deadline`, for buttons."""
        if isinstance(deadline, TimedDeadline):
            shown = local(deadline.due_at, self.timezone)
            return f"{self.short_day(shown.date())} {self.clock(shown)}"
        return self.short_day(deadline.due_on)

    def ahead(self, duration: timedelta) -> str:
        return self.label("in {duration}", duration=Safe(self.duration(duration)))

    def duration(self, duration: timedelta) -> str:
        """Tell *duration* to the nearest minute by its largest units: 2 hours 5 minutes.

        In languages with cases it is the accusative, which follows "in" and "by".
        """
        minutes = max(round(duration.total_seconds() / 60), 1)
        hours, minutes = divmod(minutes, _MINUTES_OF_AN_HOUR)
        days, hours = divmod(hours, _HOURS_OF_A_DAY)
        parts = []
        if days:
            parts.append(self.plural("{n} day", "{n} days", days))
        if hours and days < _ROUGH_FROM_DAYS:
            parts.append(self.plural("{n} hour", "{n} hours", hours))
        if minutes and not days and hours < _ROUGH_FROM_HOURS:
            parts.append(self.plural("{n} minute", "{n} minutes", minutes))
        return " ".join(parts)
