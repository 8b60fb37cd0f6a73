"""Where things are."""

from typing import Final

from taskbot.domain.ids import TaskId

PREFIX: Final = "/api/v1"
DOCS_PATH: Final = f"{PREFIX}/docs"


def task_path(task_id: TaskId) -> str:
    return f"{PREFIX}/tasks/{task_id}"
