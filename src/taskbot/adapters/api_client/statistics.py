"""What one person has to do, and what they got done."""

from datetime import date

from attrs import frozen
from msgspec import Struct

from taskbot.adapters.api_client.answers import CategoryNamed
from taskbot.adapters.api_client.connection import Request, Session, read
from taskbot.application.statistics import CategoryCounts, Statistics
from taskbot.domain.completions import DayCount, Streak, WeekCount
from taskbot.domain.ids import UserId


class _ByStatus(Struct, frozen=True):
    open: int
    completed: int


class _OfCategory(Struct, frozen=True):
    category: CategoryNamed | None
    open: int
    completed: int


class _OnDay(Struct, frozen=True):
    day: date
    completed: int


class _InWeek(Struct, frozen=True):
    monday: date
    completed: int


class _OnTime(Struct, frozen=True):
    had_deadline: int
    on_time: int


class _Streak(Struct, frozen=True):
    days: int
    began_on: date | None


class _StatisticsShown(Struct, frozen=True):
    timezone: str
    today: date
    by_status: _ByStatus
    overdue: int
    by_category: list[_OfCategory]
    completed_per_day: list[_OnDay]
    completed_per_week: list[_InWeek]
    on_time: _OnTime
    streak: _Streak

    def statistics(self, owner_id: UserId) -> Statistics:
        return Statistics(
            timezone=self.timezone,
            today=self.today,
            open=self.by_status.open,
            completed=self.by_status.completed,
            overdue=self.overdue,
            by_category=tuple(
                CategoryCounts(
                    category=None if one.category is None else one.category.category(owner_id),
                    open=one.open,
                    completed=one.completed,
                )
                for one in self.by_category
            ),
            had_deadline=self.on_time.had_deadline,
            on_time=self.on_time.on_time,
            per_day=tuple(DayCount(one.day, one.completed) for one in self.completed_per_day),
            per_week=tuple(WeekCount(one.monday, one.completed) for one in self.completed_per_week),
            streak=Streak(self.streak.days, self.streak.began_on),
        )


@frozen
class StatisticsOfOne:
    _session: Session

    async def get(
        self, *, timezone: str | None = None, days: int = 30, weeks: int = 12
    ) -> Statistics:
        """What is so now. *timezone*: by whose clocks it is today; up to 366 days, 104 weeks."""
        query = {"days": str(days), "weeks": str(weeks)}
        if timezone is not None:
            query["timezone"] = timezone
        request = Request(method="GET", path="/statistics", query=query)
        shown = read(await self._session.ask(request), _StatisticsShown)
        return shown.statistics(await self._session.owner_id())
