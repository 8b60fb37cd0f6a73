"""Statistics: what a person has to do, and what they got done."""

from datetime import date, timedelta
from typing import Final

from attrs import frozen

from taskbot.application.ports import Clock, Queries
from taskbot.application.views import TaskTally
from taskbot.domain.category import Category
from taskbot.domain.completions import CompletionHistory, DayCount, Streak, WeekCount, start_of
from taskbot.domain.ids import UserId
from taskbot.domain.time_span import TimeSpan

MOST_DAYS: Final = 366
MOST_WEEKS: Final = 104
_FURTHER_AT_LEAST: Final = timedelta(days=30)


@frozen(kw_only=True)
class CategoryCounts:
    """*category*: None for tasks without one."""

    category: Category | None
    open: int
    completed: int


@frozen(kw_only=True)
class Statistics:
    """*by_category*: every category by name, at last the tasks without one.

    *had_deadline*: of the completed tasks; *on_time*: those of them that were completed before
    it. *per_day* and *per_week* end with today and with this week, by clocks in *timezone*.
    """

    timezone: str
    today: date
    open: int
    completed: int
    overdue: int
    by_category: tuple[CategoryCounts, ...]
    had_deadline: int
    on_time: int
    per_day: tuple[DayCount, ...]
    per_week: tuple[WeekCount, ...]
    streak: Streak

    @property
    def on_time_share(self) -> float | None:
        """From 0 to 1; None where nothing with a deadline was completed."""
        return self.on_time / self.had_deadline if self.had_deadline else None


@frozen
class StatisticsService:
    _queries: Queries
    _clock: Clock

    async def statistics(
        self, *, actor: UserId, timezone: str, days: int = 30, weeks: int = 12
    ) -> Statistics:
        """What is so now. *timezone*: by whose clocks it is today; up to 366 days, 104 weeks."""
        if not (1 <= days <= MOST_DAYS and 1 <= weeks <= MOST_WEEKS):
            raise ValueError(f"there are 1 to {MOST_DAYS} days and 1 to {MOST_WEEKS} weeks")
        now = self._clock.now()
        tallies = await self._queries.task_tallies(actor, now=now)
        categories = await self._queries.categories(actor)
        history = CompletionHistory.until(now, timezone=timezone)
        begin = history.begin_of(days=days, weeks=weeks)
        history = await self._look_back(history, begin, actor)
        return Statistics(
            timezone=timezone,
            today=history.today,
            open=sum(tally.open for tally in tallies),
            completed=sum(tally.completed for tally in tallies),
            overdue=sum(tally.overdue for tally in tallies),
            by_category=_by_category(tallies, categories),
            had_deadline=sum(tally.had_deadline for tally in tallies),
            on_time=sum(tally.on_time for tally in tallies),
            per_day=history.per_day(days),
            per_week=history.per_week(weeks),
            streak=history.streak,
        )

    async def _look_back(
        self, history: CompletionHistory, begin: date, actor: UserId
    ) -> CompletionHistory:
        """Look back to *begin*, and further as long as the streak goes further back."""
        since = start_of(begin, history.timezone)
        history = history.add(await self._queries.completions(actor, TimeSpan(since)))
        while (began_on := history.streak.began_on) is not None and began_on <= begin:
            begin -= max(history.today - begin, _FURTHER_AT_LEAST)
            until, since = since, start_of(begin, history.timezone)
            history = history.add(await self._queries.completions(actor, TimeSpan(since, until)))
        return history


def _by_category(
    tallies: list[TaskTally], categories: list[Category]
) -> tuple[CategoryCounts, ...]:
    """One that was deleted between the two statements has left its tasks without a category."""
    known = {category.id for category in categories}
    kinds: list[Category | None] = [*categories, None]
    counts = []
    for kind in kinds:
        of_kind = [
            tally
            for tally in tallies
            if (tally.category_id not in known if kind is None else tally.category_id == kind.id)
        ]
        counts.append(
            CategoryCounts(
                category=kind,
                open=sum(tally.open for tally in of_kind),
                completed=sum(tally.completed for tally in of_kind),
            )
        )
    return tuple(counts)
