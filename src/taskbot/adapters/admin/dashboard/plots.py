"""The hours of the last day, as plots; each is a table of the same figures as well."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from attrs import frozen
from starlette_admin.i18n import format_time, get_tzinfo

from taskbot.adapters.admin.dashboard.amounts import axis_units, length
from taskbot.adapters.admin.words import grouped, say
from taskbot.application.figures import DeliveryHour
from taskbot.application.overview import Overview

_SECOND: Final = timedelta(seconds=1)


@frozen
class Series:
    """*values*: None where there is nothing; *texts*: the same as they are read."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


@frozen(kw_only=True)
class Plot:
    """*kind*: `bars` from nought on, or `lines` of lengths of time, by powers of sixty.

    *empty*: what stands in its place where there is nothing to see.
    """

    key: str
    kind: str
    title: str
    note: str
    hours: tuple[str, ...]
    series: tuple[Series, ...]
    empty: str

    @property
    def is_empty(self) -> bool:
        return not any(value for one in self.series for value in one.values)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """An hour with its figures, the newest first, those without any left out."""
        rows = [
            (hour, [one.texts[place] for one in self.series])
            for place, hour in enumerate(self.hours)
            if any(one.values[place] is not None for one in self.series)
        ]
        return rows[::-1]

    @property
    def drawn(self) -> dict[str, Any]:
        """What the script of the page draws."""
        return {
            "kind": self.kind,
            "hours": self.hours,
            "series": [
                {"name": one.name, "data": one.values, "texts": one.texts} for one in self.series
            ],
            "units": axis_units(),
        }


def plots(overview: Overview) -> list[Plot]:
    hours = overview.hours
    # The hour in which it begins is enough: by the operator's clocks it may begin at half past.
    names = tuple(format_time(hour.start, "short", get_tzinfo()) for hour in hours)  # type: ignore[arg-type] # takes moments as well
    return [
        Plot(
            key="sent",
            kind="bars",
            title=say("Delivered per hour"),
            note=say("Reminders, by the hour in which they were sent"),
            hours=names,
            series=(_counted(say("delivered"), hours, lambda hour: hour.delivered.sent),),
            empty=say("Nothing was delivered in the last 24 hours."),
        ),
        Plot(
            key="lateness",
            kind="lines",
            title=say("Lateness"),
            note=say(
                "From the promised moment to the delivery. What was on hold, for somebody who was"
                " paused or had blocked the bot, counts as well."
            ),
            hours=names,
            series=(
                _long(say("half, at most"), hours, lambda hour: hour.delivered.median),
                _long(say("95 of 100, at most"), hours, lambda hour: hour.delivered.p95),
                _long(say("the latest"), hours, lambda hour: hour.delivered.latest),
            ),
            empty=say("Nothing came late in the last 24 hours."),
        ),
        Plot(
            key="missed",
            kind="bars",
            title=say("Not delivered per hour"),
            note=say("Reminders, by the hour for which they were promised"),
            hours=names,
            series=(
                _counted(say("given up"), hours, lambda hour: hour.missed.failed),
                _counted(say("may have arrived"), hours, lambda hour: hour.missed.unknown),
            ),
            empty=say(
                "All that was promised for the last 24 hours was delivered, or still will be."
            ),
        ),
    ]


def _counted(
    name: str, hours: Sequence[DeliveryHour], count: Callable[[DeliveryHour], int]
) -> Series:
    counts = [count(hour) for hour in hours]
    return Series(name, tuple(counts), tuple(map(grouped, counts)))


def _long(
    name: str, hours: Sequence[DeliveryHour], of: Callable[[DeliveryHour], timedelta | None]
) -> Series:
    spans = [of(hour) for hour in hours]
    values = tuple(None if span is None else span / _SECOND for span in spans)
    return Series(name, values, tuple(map(length, spans)))
