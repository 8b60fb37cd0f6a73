"""From rows to tasks with their categories, and to pages of them."""

from collections.abc import Sequence

from taskbot.adapters.persistence import rows
from taskbot.adapters.persistence.prepared import Row
from taskbot.application.ports import TaskPage, TaskPageRequest, TaskPosition
from taskbot.application.views import TaskView
from taskbot.domain.category import Category


def _category_of(row: Row) -> Category | None:
    return None if row["categories_id"] is None else rows.to_category(row, prefix="categories_")


def to_task_view(row: Row) -> TaskView:
    return TaskView(rows.to_task(row, prefix="tasks_"), _category_of(row))


def to_page(found: Sequence[Row], request: TaskPageRequest) -> TaskPage:
    """One row more than asked for tells whether the list goes on."""
    items = [to_task_view(row) for row in found[: request.limit]]
    return _page(items, request, goes_on=len(found) > request.limit)


def _page(items: list[TaskView], request: TaskPageRequest, *, goes_on: bool) -> TaskPage:
    """Tell both ends: behind the page, and before it."""
    if not items:
        return TaskPage((), None, None)
    if request.before is not None:
        items.reverse()
        # The page lies before something: so there is something behind it.
        has_more_behind, has_more_ahead = True, goes_on
    else:
        has_more_behind, has_more_ahead = goes_on, request.after is not None
    first, last = (TaskPosition.of(view.task, request.order) for view in (items[0], items[-1]))
    return TaskPage(
        tuple(items), last if has_more_behind else None, first if has_more_ahead else None
    )
