"""All paths under `/api/v1` but the documentation's own."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Router

from taskbot.adapters.http.authentication import SECURITY_SCHEME
from taskbot.adapters.http.bare_litestar import Layer
from taskbot.adapters.http.bulk_tasks import BulkTaskController
from taskbot.adapters.http.categories import CategoryController
from taskbot.adapters.http.dead_letters import DeadLetterController
from taskbot.adapters.http.export import ExportController
from taskbot.adapters.http.health import HealthController
from taskbot.adapters.http.me import MeController
from taskbot.adapters.http.metrics import show_metrics
from taskbot.adapters.http.parameters import require_unambiguous_query
from taskbot.adapters.http.paths import PREFIX
from taskbot.adapters.http.reminders import ReminderController
from taskbot.adapters.http.repetitions import Repetitions
from taskbot.adapters.http.sign_in import SignInController
from taskbot.adapters.http.statistics import StatisticsController
from taskbot.adapters.http.task_cards import TaskCardController
from taskbot.adapters.http.task_lines import TaskLinesController
from taskbot.adapters.http.tasks import TaskController
from taskbot.adapters.http.tokens import AuthController, TokenController
from taskbot.adapters.http.undo import UndoController


def api_routes(
    *, for_bearers: Layer | None = None, repetitions: Repetitions | None = None
) -> list[Router]:
    """Routers for a person's things, behind *for_bearers*, and for what is open to anybody.

    Without them and *repetitions* they serve to describe the API only.
    """
    return [
        Router(
            PREFIX,
            route_handlers=[
                TaskController,
                BulkTaskController,
                TaskCardController,
                TaskLinesController,
                ReminderController,
                UndoController,
                CategoryController,
                StatisticsController,
                MeController,
                ExportController,
                TokenController,
                AuthController,
                DeadLetterController,
            ],
            before_request=_before_request(repetitions),
            middleware=[
                *([] if for_bearers is None else [for_bearers]),
                *([] if repetitions is None else [repetitions.keeping]),
            ],
            security=[{SECURITY_SCHEME: []}],
        ),
        Router(PREFIX, route_handlers=[HealthController, SignInController]),
    ]


def _before_request(repetitions: Repetitions | None) -> Callable[[Any], Awaitable[Any]]:
    async def check_or_repeat(request: Request[Any, Any, Any]) -> Any:
        require_unambiguous_query(request)
        return None if repetitions is None else await repetitions.answer_again(request)

    return check_or_repeat


def routes_at_the_root(*, for_bearers: Layer) -> list[Router]:
    """What those who watch over processes look for there, whatever the version: health, metrics."""
    return [
        Router("/", route_handlers=[HealthController], include_in_schema=False),
        Router("/", route_handlers=[show_metrics], middleware=[for_bearers]),
    ]
