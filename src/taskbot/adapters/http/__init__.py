"""The REST API."""

from taskbot.adapters.http.app import create_api
from taskbot.adapters.http.export_document import JsonExports
from taskbot.adapters.http.policy import ApiPolicy
from taskbot.adapters.http.rate_limits import Limits

__all__ = ["ApiPolicy", "JsonExports", "Limits", "create_api"]
