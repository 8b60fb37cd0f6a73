"""The REST API as one ASGI application."""

from collections.abc import Awaitable, Callable, Mapping

from litestar import Litestar
from litestar.types import ASGIApp

from taskbot.adapters.http.bare_litestar import BareLitestar
from taskbot.adapters.http.bearers import bearers_alone
from taskbot.adapters.http.bodies import LARGEST_BODY, ApiRequest
from taskbot.adapters.http.cursors import Cursors
from taskbot.adapters.http.dependencies import provided
from taskbot.adapters.http.docs import docs_routes
from taskbot.adapters.http.etags import with_etag
from taskbot.adapters.http.policy import ApiPolicy
from taskbot.adapters.http.refusals import EXCEPTION_HANDLERS
from taskbot.adapters.http.repetitions import Repetitions
from taskbot.adapters.http.request_lines import noted
from taskbot.adapters.http.response_headers import finish
from taskbot.adapters.http.routes import api_routes, routes_at_the_root
from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.accounts import AccountService
from taskbot.application.bearers import BearerService
from taskbot.application.bulk_tasks import BulkTaskService
from taskbot.application.categories import CategoryService
from taskbot.application.dead_letters import DeadLetterService
from taskbot.application.export import ExportService
from taskbot.application.health import HealthService
from taskbot.application.ports import Clock, IdempotencyStore, IdentityProofs, KeyStore
from taskbot.application.sign_in import SignInService
from taskbot.application.statistics import StatisticsService
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService


def create_api(
    *,
    tasks: TaskService,
    bearers: BearerService,
    bulk_tasks: BulkTaskService,
    categories: CategoryService,
    users: UserService,
    statistics: StatisticsService,
    accounts: AccountService,
    exports: ExportService,
    access_tokens: AccessTokenService,
    dead_letters: DeadLetterService,
    clock: Clock,
    keys: KeyStore,
    proofs: IdentityProofs | None,
    idempotency: IdempotencyStore,
    health: HealthService,
    metrics: Callable[[], Awaitable[bytes]],
    policy: ApiPolicy | None = None,
    asides: Mapping[str, ASGIApp] | None = None,
) -> Litestar:
    """Build the API under `/api/v1`, with its documentation.

    *metrics* gives them in the text format of Prometheus. *policy*: what the operator allows; by
    default nobody is limited. *asides*: what is mounted beside the API, by its path.
    """
    policy = policy or ApiPolicy()
    for_bearers = bearers_alone(access_tokens)
    return BareLitestar(
        [
            *api_routes(for_bearers=for_bearers, repetitions=Repetitions.over(idempotency)),
            *docs_routes(),
            *routes_at_the_root(for_bearers=for_bearers),
        ],
        dependencies=provided(
            tasks=tasks,
            bearers=bearers,
            bulk_tasks=bulk_tasks,
            tokens=access_tokens,
            sign_in=SignInService(users, access_tokens, proofs, clock),
            categories=categories,
            users=users,
            statistics=statistics,
            accounts=accounts,
            exports=exports,
            clock=clock,
            cursors=Cursors(keys),
            dead_letters=dead_letters,
            health=health,
            metrics=metrics,
        ),
        exception_handlers=EXCEPTION_HANDLERS,
        after_request=with_etag,
        before_send=[finish],
        layers=[noted, *policy.layers()],
        asides=asides,
        request_class=ApiRequest,
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
        # Whatever the environment says: neither of them is for the public.
        debug=False,
        pdb_on_exception=False,
    )
