"""A client of the REST API: for programs of a person, and for a bot that runs apart."""

from taskbot.adapters.api_client.account import (
    ApiAccessTokens,
    ApiAccounts,
    ApiExports,
    ApiProgress,
)
from taskbot.adapters.api_client.client import ApiClient
from taskbot.adapters.api_client.connection import Connection
from taskbot.adapters.api_client.errors import (
    ApiFailed,
    ApiRefused,
    ApiUnavailable,
    FieldRefusal,
    TooManyRequests,
)
from taskbot.adapters.api_client.interface import ApiCategories, ApiPeople, ApiTasks
from taskbot.adapters.api_client.person_sessions import PersonSessions
from taskbot.adapters.api_client.sync import SyncApiClient
from taskbot.adapters.api_client.task_conditions import TaskConditions
from taskbot.adapters.api_client.tokens import NewToken, TokenDetails

__all__ = [
    "ApiAccessTokens",
    "ApiAccounts",
    "ApiCategories",
    "ApiClient",
    "ApiExports",
    "ApiFailed",
    "ApiPeople",
    "ApiProgress",
    "ApiRefused",
    "ApiTasks",
    "ApiUnavailable",
    "Connection",
    "FieldRefusal",
    "NewToken",
    "PersonSessions",
    "SyncApiClient",
    "TaskConditions",
    "TokenDetails",
    "TooManyRequests",
]
