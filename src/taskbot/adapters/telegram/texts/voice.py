"""The voice in which the bot speaks to one person at one moment."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from attrs import frozen
from babel import Locale
from babel.dates import format_date, get_day_names

from taskbot.adapters.telegram.texts.catalogue import mark, translations
from taskbot.adapters.telegram.texts.html import Safe, escaped, isolated, timed
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
    def _manner(self) -> Manner:
        return MANNERS[self.language]

    @property
    def locale(self) -> str:
        """By its name in CLDR."""
        return self._manner.locale

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

    def full_day(self, day: date) -> str:
        """Tell *day* by its date, for whoever reads it later: Fri 27 November 2026."""
        return self._date(day, self._manner.day_of_another_year)

    def weekday(self, day: date) -> str:
        """Tell *day* by its weekday and number: Fri 27."""
        return self._date(day, self._manner.weekday)

    def month(self, day: date) -> str:
        """Tell the month of *day* as a heading: November 2026."""
        told = self._date(day, self._manner.month)
        return told[:1].upper() + told[1:]

    @property
    def first_weekday(self) -> int:
        """With which day weeks begin here; 0 is Monday."""
        return Locale.parse(self._manner.locale).first_week_day

    @property
    def weekdays(self) -> list[str]:
        """The shortest names of the days of a week that tell them apart, in their order here."""
        names = get_day_names("short", "stand-alone", self._manner.locale)
        return [names[(self.first_weekday + day) % 7] for day in range(7)]

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

    def shown(self, moment: datetime) -> Safe:
        """Like `moment`, for where HTML is understood."""
        return timed(self.moment(moment), moment, now=self.now)

    def moments(self, moments: Iterable[datetime]) -> Safe:
        """Show *moments*, which are in order; a day is told once: tomorrow at 17:00, 18:00."""
        told, last = list[str](), None
        for moment in moments:
            shown = local(moment, self.timezone)
            text = self.clock(shown) if shown.date() == last else self.moment(moment)
            told.append(str(timed(text, moment, now=self.now)))
            last = shown.date()
        return Safe(", ".join(told))

    def deadline(self, deadline: Deadline) -> str:
        if isinstance(deadline, TimedDeadline):
            return self.moment(deadline.due_at)
        return self.day(deadline.due_on)

    def shown_deadline(self, deadline: Deadline) -> Safe:
        """Like `deadline`, for where HTML is understood."""
        if isinstance(deadline, TimedDeadline):
            return self.shown(deadline.due_at)
        return Safe(self.day(deadline.due_on))

    def short_moment(self, moment: datetime) -> str:
        """Like `moment`, for buttons."""
        shown = local(moment, self.timezone)
        return f"{self.short_day(shown.date())} {self.clock(shown)}"

    def short_deadline(self, deadline: Deadline) -> str:
        """Like `deadline`, for buttons."""
        if isinstance(deadline, TimedDeadline):
            return self.short_moment(deadline.due_at)
        return self.short_day(deadline.due_on)

    def stamp(self, moment: datetime) -> str:
        """Tell *moment* so that it can be kept: 27 Nov 14:05, with the year if it is another."""
        shown = local(moment, self.timezone)
        manner = self._manner
        this_year = shown.year == self.today.year
        pattern = manner.stamp if this_year else manner.short_day_of_another_year
        return f"{self._date(shown.date(), pattern)} {self.clock(shown)}"

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
