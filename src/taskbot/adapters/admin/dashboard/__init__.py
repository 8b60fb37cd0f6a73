"""The page that an operator looks at first: how taskbot is doing, and what to do about it."""

from taskbot.adapters.admin.dashboard.page import Dashboard

__all__ = ["Dashboard"]
