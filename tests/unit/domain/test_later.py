"""Deadlines that are moved by a span of time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from support.builders import NOW, a_task
from taskbot.domain.deadline import DayDeadline, TimedDeadline
from taskbot.domain.errors import DeadlineOutOfRange, NoDeadlineToMove, NotWholeDays

BERLIN = "Europe/Berlin"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BEFORE_SUMMER_TIME = datetime(2026, 3, 28, 17, 0, tzinfo=UTC)  # 18:00 in Berlin


@pytest.mark.parametrize(
    ("by", "due_at"),
    [
        (HOUR, BEFORE_SUMMER_TIME + HOUR),
        (-HOUR, BEFORE_SUMMER_TIME - HOUR),
        (DAY, datetime(2026, 3, 29, 16, 0, tzinfo=UTC)),
        (7 * DAY + HOUR, datetime(2026, 4, 4, 17, 0, tzinfo=UTC)),
        (-DAY - HOUR, BEFORE_SUMMER_TIME - DAY - HOUR),
    ],
)
def test_a_moment_moves_by_days_of_its_clocks_and_by_the_rest_as_time_passes(
    by: timedelta, due_at: datetime
) -> None:
    deadline = TimedDeadline(BEFORE_SUMMER_TIME, BERLIN)

    assert deadline.later(by) == TimedDeadline(due_at, BERLIN)


def test_a_day_moves_by_days() -> None:
    deadline = DayDeadline(date(2026, 3, 28), BERLIN)

    assert deadline.later(4 * DAY) == DayDeadline(date(2026, 4, 1), BERLIN)
    assert deadline.later(-28 * DAY) == DayDeadline(date(2026, 2, 28), BERLIN)
    with pytest.raises(NotWholeDays):
        deadline.later(DAY + HOUR)


@pytest.mark.parametrize("by", [timedelta.max // DAY * DAY, timedelta.min, 366_000 * DAY])
@pytest.mark.parametrize(
    "deadline",
    [TimedDeadline(BEFORE_SUMMER_TIME, BERLIN), DayDeadline(date(2026, 3, 28), BERLIN)],
)
def test_there_is_an_end_to_it(deadline: TimedDeadline | DayDeadline, by: timedelta) -> None:
    with pytest.raises(DeadlineOutOfRange):
        deadline.later(by)


def test_a_task_without_a_deadline_has_none_to_move() -> None:
    task = a_task()
    deadline = TimedDeadline(NOW, BERLIN)

    with pytest.raises(NoDeadlineToMove):
        task.deadline_later(DAY)
    assert a_task(deadline=deadline).deadline_later(DAY) == deadline.later(DAY)
