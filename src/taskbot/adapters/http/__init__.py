"""The REST API."""

from taskbot.adapters.http.app import create_api

__all__ = ["create_api"]
