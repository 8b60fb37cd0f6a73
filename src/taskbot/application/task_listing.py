"""From what is asked for to a page of a list."""

from datetime import datetime

from taskbot.application.ports import TaskFilter, TaskPageRequest
from taskbot.application.search_words import search_terms
from taskbot.application.task_commands import DuePeriod, TaskListing
from taskbot.domain.ids import UserId
from taskbot.domain.time_span import TimeSpan, from_tomorrow, this_week, today


def page_request(
    listing: TaskListing, owner_id: UserId | None, timezone: str, *, now: datetime
) -> TaskPageRequest | None:
    """The page of the owner's tasks; None if it is empty, whatever there is.

    *timezone*: by whose clocks it is today.
    """
    terms = search_terms(listing.text)
    if listing.text.strip() and not terms:
        return None
    return TaskPageRequest(
        owner_id=owner_id,
        where=TaskFilter(
            status=listing.status,
            category=listing.category,
            priorities=listing.priorities,
            has_deadline=listing.has_deadline,
            due=_span(listing.due, timezone, now=now),
            overdue=listing.overdue,
            now=now,
            terms=terms,
        ),
        order=listing.order,
        descending=listing.descending,
        limit=listing.limit,
        after=listing.after,
        before=listing.before,
    )


def _span(due: DuePeriod | TimeSpan | None, timezone: str, *, now: datetime) -> TimeSpan | None:
    match due:
        case DuePeriod.TODAY:
            return today(now, timezone)
        case DuePeriod.THIS_WEEK:
            return this_week(now, timezone)
        case DuePeriod.UPCOMING:
            return from_tomorrow(now, timezone)
        case _:
            return due
