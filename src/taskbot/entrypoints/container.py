"""The composition root: what every process needs."""

from typing import Any

from dependency_injector import containers, providers

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.http import JsonExports, create_api
from taskbot.adapters.passwords import Argon2Passwords
from taskbot.adapters.persistence import (
    SqlApiTokenStore,
    SqlDialogueStore,
    SqlIdempotencyStore,
    SqlKeyStore,
    SqlOperatorQueries,
    SqlQueries,
    SqlSignsOfLife,
    SqlTransactions,
    SqlUpdateLog,
    SqlVanishingMessages,
    create_database,
)
from taskbot.adapters.telegram_login import TelegramLogin
from taskbot.application.access_tokens import AccessTokenService
from taskbot.application.accounts import AccountService
from taskbot.application.admin_accounts import AdminAccountService
from taskbot.application.admin_audit import AdminAudit
from taskbot.application.admin_sign_in import AdminSignInService
from taskbot.application.alerts import AlertService
from taskbot.application.back_office import BackOffice
from taskbot.application.bearers import BearerService
from taskbot.application.bulk_tasks import BulkTaskService
from taskbot.application.categories import CategoryService
from taskbot.application.dead_letters import DeadLetterService
from taskbot.application.export import ExportService
from taskbot.application.invitations import InvitationService
from taskbot.application.jobs import Jobs
from taskbot.application.maintenance import MaintenanceService
from taskbot.application.overview import OverviewService
from taskbot.application.reminder_plan import ReminderPlan
from taskbot.application.sign_in_limits import SignInLimits
from taskbot.application.statistics import StatisticsService
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService
from taskbot.domain.deadline_policy import DeadlinePolicy
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.entrypoints.alerting import alert_channels, stalled_after
from taskbot.entrypoints.api_policy import api_policy, rate_limiter
from taskbot.entrypoints.canary import canary_of
from taskbot.entrypoints.connections import close, redis_of
from taskbot.entrypoints.health import api_health
from taskbot.entrypoints.local_timezone import local_timezone
from taskbot.entrypoints.metrics import measured, process_metrics
from taskbot.entrypoints.panel import asides, wanted
from taskbot.entrypoints.settings import Settings


def _proofs(bot_token: str | None) -> TelegramLogin | None:
    return None if bot_token is None else TelegramLogin(bot_token)


def telegram_of(settings: Settings) -> dict[str, Any]:
    """What a container is told of Telegram by the settings alone."""
    token = settings.bot_token
    return {
        "bot_token": None if token is None else token.reveal(),
        "telegram_api_url": settings.telegram_api_url,
    }


class Container(containers.DeclarativeContainer):
    """Knows nothing of Telegram, so that the API and the commands start without it."""

    settings = providers.Dependency(instance_of=Settings)
    has_panel: providers.Provider[bool] = providers.Dependency(default=providers.Object(False))

    clock = providers.Singleton(SystemClock)
    deadline_policy = providers.Singleton(DeadlinePolicy)
    delivery_policy = providers.Singleton(DeliveryPolicy)
    default_timezone = providers.Singleton(local_timezone, settings.provided.timezone)

    database = providers.Singleton(create_database, settings.provided.database)
    transactions = providers.Singleton(SqlTransactions, database)
    queries = providers.Singleton(SqlQueries, database)
    dialogues = providers.Singleton(SqlDialogueStore, database, clock)
    stored_api_tokens = providers.Singleton(SqlApiTokenStore, database, clock)
    idempotency = providers.Singleton(SqlIdempotencyStore, database, clock)
    keys = providers.Singleton(SqlKeyStore, database)
    update_log = providers.Singleton(SqlUpdateLog, database)
    signs_of_life = providers.Singleton(SqlSignsOfLife, database, clock)
    vanishing = providers.Singleton(SqlVanishingMessages, database, clock)

    reminder_plan = providers.Singleton(ReminderPlan, deadline_policy)
    users = providers.Singleton(
        UserService, transactions, queries, clock, reminder_plan, default_timezone
    )
    accounts = providers.Singleton(AccountService, transactions, clock)
    exports = providers.Singleton(ExportService, queries, clock)
    exported_documents = providers.Singleton(JsonExports, exports)
    categories = providers.Singleton(CategoryService, transactions, queries, clock)
    tasks = providers.Singleton(TaskService, transactions, queries, clock, reminder_plan)
    bulk_tasks = providers.Singleton(BulkTaskService, transactions, clock, reminder_plan)
    statistics = providers.Singleton(StatisticsService, queries, clock)
    access_tokens = providers.Singleton(AccessTokenService, transactions, queries, clock)

    passwords = providers.Singleton(Argon2Passwords)
    admin_audit = providers.Singleton(AdminAudit, transactions, clock)
    admin_accounts = providers.Singleton(
        AdminAccountService, transactions, queries, passwords, admin_audit, clock
    )

    bot_token: providers.Provider[str | None] = providers.Dependency(default=providers.Object(None))
    telegram_api_url: providers.Provider[str | None] = providers.Dependency(
        default=providers.Object(None)
    )
    alert_channels = providers.Singleton(alert_channels, settings, bot_token, telegram_api_url)
    alerts = providers.Singleton(AlertService, transactions, queries, clock, alert_channels)
    dead_letters = providers.Singleton(DeadLetterService, transactions, queries, clock)
    back_office = providers.Singleton(
        BackOffice.over,
        transactions,
        queries,
        clock,
        tasks=tasks,
        bulk_tasks=bulk_tasks,
        users=users,
        accounts=accounts,
        categories=categories,
        dead_letters=dead_letters,
        access_tokens=access_tokens,
    )
    maintenance = providers.Singleton(
        MaintenanceService,
        transactions,
        queries,
        alerts,
        clock,
        providers.Callable(stalled_after, settings),
        providers.List(dialogues, stored_api_tokens, vanishing),
        providers.List(idempotency, admin_accounts, signs_of_life),
    )
    canary = providers.Singleton(canary_of, settings, users, tasks, queries, clock)
    jobs = providers.Singleton(Jobs, alerts, maintenance, clock, canary)

    redis = providers.Singleton(redis_of, settings)
    rate_limiter = providers.Singleton(rate_limiter, redis, clock)
    sign_in_limits = providers.Singleton(SignInLimits, rate_limiter)
    admin_sign_in = providers.Singleton(
        AdminSignInService,
        transactions,
        queries,
        passwords,
        sign_in_limits,
        admin_audit,
        clock,
    )
    invitations = providers.Singleton(
        InvitationService,
        transactions,
        queries,
        passwords,
        sign_in_limits,
        admin_audit,
        clock,
    )
    close = providers.Callable(close, database, redis)
    health = providers.Singleton(api_health, database, queries, clock, redis)
    metrics = providers.Singleton(process_metrics, database, redis)
    overview = providers.Singleton(
        OverviewService,
        providers.Singleton(SqlOperatorQueries, database),
        queries,
        signs_of_life,
        health,
        clock,
        providers.Callable(stalled_after, settings),
    )
    asides = providers.Singleton(
        asides,
        is_enabled=providers.Callable(wanted, settings, by_default=has_panel),
        sign_in=admin_sign_in,
        invitations=invitations,
        accounts=admin_accounts,
        back_office=back_office,
        database=database,
        clock=clock,
        keys=keys,
        overview=overview,
        timezone=default_timezone,
    )
    bearers = providers.Singleton(BearerService, access_tokens, queries, clock)
    api = providers.Singleton(
        create_api,
        tasks=tasks,
        bearers=bearers,
        bulk_tasks=bulk_tasks,
        categories=categories,
        users=users,
        statistics=statistics,
        accounts=accounts,
        exports=exports,
        access_tokens=access_tokens,
        dead_letters=dead_letters,
        clock=clock,
        keys=keys,
        proofs=providers.Callable(_proofs, bot_token),
        idempotency=idempotency,
        policy=providers.Singleton(api_policy, settings, rate_limiter, metrics),
        health=health,
        metrics=metrics.provided.text,
        asides=asides,
    )
    web = providers.Singleton(measured, api, metrics)
