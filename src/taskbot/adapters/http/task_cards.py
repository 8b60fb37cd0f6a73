"""Tasks for a screen: how many there are of each kind, and cards with their reminders."""

from http import HTTPStatus
from typing import Annotated, Final

from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from msgspec import Meta, Struct, structs
from ulid import ULID

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.categories import CategoryDetails
from taskbot.adapters.http.dependencies import Actor, Clock, Tasks
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.adapters.http.reminders import ReminderReceipt, receipt
from taskbot.adapters.http.task_lists import TimezoneQuery
from taskbot.adapters.http.task_views import TaskDetails, task_details
from taskbot.application.ports import TaskCounts
from taskbot.application.views import TaskView
from taskbot.domain.access_token import Scope
from taskbot.domain.ids import TaskId

MOST_CARDS: Final = 100
_ULID: Final = "[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}"  # for the description alone


class CategoryCount(Struct, frozen=True):
    category_id: Annotated[str, Meta(description="Null: tasks without a category.")] | None
    open: int


class OpenTaskCounts(Struct, frozen=True, kw_only=True):
    """How many open tasks there are of each kind."""

    open: int
    overdue: int
    due_today: int
    due_this_week: Annotated[int, Meta(description="From Monday to Sunday.")]
    upcoming: Annotated[int, Meta(description="Due from tomorrow on.")]
    without_deadline: int
    by_category: Annotated[list[CategoryCount], Meta(description="Those that have any.")]

    @classmethod
    def of(cls, counts: TaskCounts) -> "OpenTaskCounts":
        return cls(
            open=counts.open,
            overdue=counts.overdue,
            due_today=counts.due_today,
            due_this_week=counts.due_this_week,
            upcoming=counts.upcoming,
            without_deadline=counts.without_deadline,
            by_category=[
                CategoryCount(None if category_id is None else str(category_id), number)
                for category_id, number in counts.by_category.items()
            ],
        )


class TaskCardDetails(TaskDetails, frozen=True, kw_only=True):
    """One task with all of its category, and its reminders, past and future, earliest first."""

    category: CategoryDetails | None  # type: ignore[assignment] # has all that the other has
    reminders: list[ReminderReceipt]


class TaskCards(Struct, frozen=True):
    """Those of the tasks that there are, in no order."""

    items: list[TaskCardDetails]


class TaskCardController(Controller):
    path = "/tasks"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("tasks",)

    @get(
        "/counts",
        operation_id="countTasks",
        summary="Count open tasks",
        responses=problems(400, 401, 403, 422),
    )
    async def counts(
        self, tasks: Tasks, actor: Actor, timezone: TimezoneQuery = None
    ) -> OpenTaskCounts:
        clocks = actor.timezone if timezone is None else timezone
        return OpenTaskCounts.of(await tasks.counts(actor=actor.id, timezone=clocks))

    @get(
        "/cards",
        operation_id="getTaskCards",
        summary="Read several tasks with their reminders",
        description="Tasks that do not exist, or not for you, are left out.",
        responses=problems(400, 401, 403),
    )
    async def cards(
        self,
        tasks: Tasks,
        actor: Actor,
        clock: Clock,
        ids: Annotated[
            str,
            QueryParameter(
                description=f"Ids of tasks, {MOST_CARDS} at most, with commas between them.",
                examples=[Example(value="01K2Y7T0ZK8Q4M6V3R9XWBN5HC")],
                schema_extra={"pattern": f"^{_ULID}(,{_ULID}){{0,{MOST_CARDS - 1}}}$"},
            ),
        ],
    ) -> TaskCards:
        found = await tasks.cards(_ids(ids), actor=actor.id)
        now, cards = clock.now(), list[TaskCardDetails]()
        for card in found:
            shown = task_details(TaskView(card.task, None), owner=actor, now=now)
            more = {
                "category": None if card.category is None else CategoryDetails.of(card.category),
                "reminders": [receipt(reminder) for reminder in card.reminders],
            }
            cards.append(TaskCardDetails(**(structs.asdict(shown) | more)))
        return TaskCards(cards)


def _ids(text: str) -> list[TaskId]:
    names = text.split(",", MOST_CARDS)
    try:
        if len(names) > MOST_CARDS:
            raise ValueError(len(names))  # noqa: TRY301 - as any other that is none
        return [TaskId(ULID.from_str(name)) for name in names]
    except ValueError:
        detail = f"up to {MOST_CARDS} ids, with commas between them"
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            "parameters-invalid",
            f"ids: {detail}",
            (FieldProblem.of("ids", "parameter-invalid", detail),),
        ) from None
