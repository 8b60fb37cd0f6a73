"""Statistics over HTTP."""

from datetime import date
from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.dependencies import Actor, StatisticsOf
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.task_lists import TimezoneQuery
from taskbot.adapters.http.task_views import TaskCategory
from taskbot.application.statistics import MOST_DAYS, MOST_WEEKS, CategoryCounts, Statistics
from taskbot.domain.access_token import Scope
from taskbot.domain.timezone import checked_timezone


class StatusCounts(Struct, frozen=True, kw_only=True):
    open: Annotated[int, Meta(examples=[12])]
    completed: Annotated[int, Meta(examples=[340])]


class CountsOfCategory(StatusCounts, frozen=True, kw_only=True):
    category: Annotated[TaskCategory | None, Meta(description="Null: tasks without one.")]


class CompletedOnDay(Struct, frozen=True):
    day: date
    completed: Annotated[int, Meta(examples=[3])]


class CompletedInWeek(Struct, frozen=True):
    week: Annotated[str, Meta(description="By ISO 8601.", examples=["2031-W20"])]
    monday: date
    completed: Annotated[int, Meta(examples=[17])]


class OnTime(Struct, frozen=True, kw_only=True):
    """Of the completed tasks that had a deadline, those that were completed before it."""

    had_deadline: Annotated[int, Meta(examples=[200])]
    on_time: Annotated[int, Meta(examples=[180])]
    share: Annotated[float, Meta(description="From 0 to 1.", examples=[0.9])] | None


class StreakDetails(Struct, frozen=True):
    """Consecutive days up to today, or yesterday, with something completed on each."""

    days: Annotated[int, Meta(examples=[5])]
    began_on: date | None


class StatisticsDetails(Struct, frozen=True, kw_only=True):
    timezone: Annotated[
        str, Meta(description="By its clocks days begin and end.", examples=["Europe/Berlin"])
    ]
    today: date
    by_status: StatusCounts
    overdue: Annotated[int, Meta(description="Of the open tasks.", examples=[2])]
    by_category: Annotated[
        list[CountsOfCategory], Meta(description="By name; at last the tasks without a category.")
    ]
    completed_per_day: Annotated[
        list[CompletedOnDay], Meta(description="Up to today, those with none included.")
    ]
    completed_per_week: Annotated[
        list[CompletedInWeek], Meta(description="Up to this week, those with none included.")
    ]
    on_time: OnTime
    streak: StreakDetails


def _details(found: Statistics) -> StatisticsDetails:
    return StatisticsDetails(
        timezone=found.timezone,
        today=found.today,
        by_status=StatusCounts(open=found.open, completed=found.completed),
        overdue=found.overdue,
        by_category=[_counts(one) for one in found.by_category],
        completed_per_day=[CompletedOnDay(one.day, one.completed) for one in found.per_day],
        completed_per_week=[
            CompletedInWeek(f"{one.monday:%G-W%V}", one.monday, one.completed)
            for one in found.per_week
        ],
        on_time=OnTime(
            had_deadline=found.had_deadline, on_time=found.on_time, share=found.on_time_share
        ),
        streak=StreakDetails(found.streak.days, found.streak.began_on),
    )


def _counts(one: CategoryCounts) -> CountsOfCategory:
    category = one.category
    shown = None if category is None else TaskCategory(id=str(category.id), name=category.name)
    return CountsOfCategory(category=shown, open=one.open, completed=one.completed)


class StatisticsController(Controller):
    path = "/statistics"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("tasks",)

    @get(
        operation_id="getStatistics",
        summary="Count what is to be done and what got done",
        description="Days and weeks are those of your own time zone, unless another is named.",
        responses=problems(400, 401, 403, 422),
    )
    async def get_statistics(
        self,
        statistics: StatisticsOf,
        actor: Actor,
        days: Annotated[
            int, QueryParameter(ge=1, le=MOST_DAYS, description="Days to count, up to today.")
        ] = 30,
        weeks: Annotated[
            int, QueryParameter(ge=1, le=MOST_WEEKS, description="Weeks, up to this one.")
        ] = 12,
        timezone: TimezoneQuery = None,
    ) -> StatisticsDetails:
        found = await statistics.statistics(
            actor=actor.id,
            timezone=actor.timezone if timezone is None else checked_timezone(timezone),
            days=days,
            weeks=weeks,
        )
        return _details(found)
