"""What handlers ask for by name."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation

from taskbot.adapters.http.authentication import actor_of, token_of
from taskbot.adapters.http.cursors import Cursors as CursorsOf
from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.accounts import AccountService
from taskbot.application.bearers import BearerService
from taskbot.application.bulk_tasks import BulkTaskService
from taskbot.application.categories import CategoryService
from taskbot.application.dead_letters import DeadLetterService
from taskbot.application.export import ExportService
from taskbot.application.health import HealthService
from taskbot.application.ports import Clock as ClockPort
from taskbot.application.sign_in import SignInService
from taskbot.application.statistics import StatisticsService
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService
from taskbot.domain.access_token import AccessToken
from taskbot.domain.user import User

# They come from us, not from the request: there is nothing in them to validate.
Accounts: TypeAlias = NamedDependency[SkipValidation[AccountService]]
Actor: TypeAlias = NamedDependency[SkipValidation[User]]
Bearers: TypeAlias = NamedDependency[SkipValidation[BearerService]]
BulkTasks: TypeAlias = NamedDependency[SkipValidation[BulkTaskService]]
Categories: TypeAlias = NamedDependency[SkipValidation[CategoryService]]
Clock: TypeAlias = NamedDependency[SkipValidation[ClockPort]]
Cursors: TypeAlias = NamedDependency[SkipValidation[CursorsOf]]
Exports: TypeAlias = NamedDependency[SkipValidation[ExportService]]
DeadLetters: TypeAlias = NamedDependency[SkipValidation[DeadLetterService]]
Health: TypeAlias = NamedDependency[SkipValidation[HealthService]]
Metrics: TypeAlias = NamedDependency[SkipValidation[Callable[[], Awaitable[bytes]]]]
SignIn: TypeAlias = NamedDependency[SkipValidation[SignInService]]
StatisticsOf: TypeAlias = NamedDependency[SkipValidation[StatisticsService]]
Tokens: TypeAlias = NamedDependency[SkipValidation[AccessTokenService]]
UsedToken: TypeAlias = NamedDependency[SkipValidation[AccessToken]]
Tasks: TypeAlias = NamedDependency[SkipValidation[TaskService]]
Users: TypeAlias = NamedDependency[SkipValidation[UserService]]


def provided(
    *,
    tasks: TaskService | None = None,
    bearers: BearerService | None = None,
    bulk_tasks: BulkTaskService | None = None,
    tokens: AccessTokenService | None = None,
    sign_in: SignInService | None = None,
    categories: CategoryService | None = None,
    users: UserService | None = None,
    statistics: StatisticsService | None = None,
    accounts: AccountService | None = None,
    exports: ExportService | None = None,
    clock: ClockPort | None = None,
    cursors: CursorsOf | None = None,
    dead_letters: DeadLetterService | None = None,
    health: HealthService | None = None,
    metrics: Callable[[], Awaitable[bytes]] | None = None,
) -> Mapping[str, Provide]:
    """Providers for all of the above; without values they serve to describe the API only."""
    return {
        "accounts": _value(accounts),
        "actor": Provide(actor_of, sync_to_thread=False),
        "bearers": _value(bearers),
        "bulk_tasks": _value(bulk_tasks),
        "categories": _value(categories),
        "clock": _value(clock),
        "cursors": _value(cursors),
        "exports": _value(exports),
        "dead_letters": _value(dead_letters),
        "metrics": _value(metrics),
        "health": _value(health),
        "tasks": _value(tasks),
        "tokens": _value(tokens),
        "sign_in": _value(sign_in),
        "statistics": _value(statistics),
        "used_token": Provide(token_of, sync_to_thread=False),
        "users": _value(users),
    }


def _value(value: Any) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)
