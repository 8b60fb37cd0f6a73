"""All paths under `/api/v1` but the documentation's own."""

from collections.abc import Sequence

from litestar import Router

from taskbot.adapters.http.authentication import SECURITY_SCHEME, Guard
from taskbot.adapters.http.bulk_tasks import BulkTaskController
from taskbot.adapters.http.categories import CategoryController
from taskbot.adapters.http.dead_letters import DeadLetterController
from taskbot.adapters.http.export import ExportController
from taskbot.adapters.http.health import HealthController
from taskbot.adapters.http.me import MeController
from taskbot.adapters.http.metrics import show_metrics
from taskbot.adapters.http.parameters import unambiguous_query
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
    *, guards: Sequence[Guard] = (), repetitions: Repetitions | None = None
) -> list[Router]:
    """Routers for a person's things, kept by *guards*, and for what is open to anybody.

    Without *repetitions* they serve to describe the API only.
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
            guards=[*guards, unambiguous_query],
            before_request=None if repetitions is None else repetitions.answer_again,
            middleware=[] if repetitions is None else [repetitions.keeping],
            security=[{SECURITY_SCHEME: []}],
        ),
        Router(PREFIX, route_handlers=[HealthController, SignInController]),
    ]


def routes_at_the_root(*, guards: Sequence[Guard]) -> list[Router]:
    """What those who watch over processes look for there, whatever the version: health, metrics."""
    return [
        Router("/", route_handlers=[HealthController], include_in_schema=False),
        Router("/", route_handlers=[show_metrics], guards=[*guards]),
    ]
