"""Where things are."""

from typing import Final

from taskbot.domain.ids import CategoryId, TaskId

PREFIX: Final = "/api/v1"
DOCS_PATH: Final = f"{PREFIX}/docs"
OPENAPI_PATH: Final = f"{PREFIX}/openapi.json"
HEALTH_PATH: Final = f"{PREFIX}/health"
METRICS_PATH: Final = "/metrics"
SIGN_IN_PATH: Final = f"{PREFIX}/auth/telegram"


def task_path(task_id: TaskId) -> str:
    return f"{PREFIX}/tasks/{task_id}"


def category_path(category_id: CategoryId) -> str:
    return f"{PREFIX}/categories/{category_id}"
