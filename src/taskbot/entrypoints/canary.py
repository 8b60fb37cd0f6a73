"""The canary, where the operator has given it a chat."""

from collections.abc import Sequence
from datetime import timedelta

from taskbot.application.canary import CanaryService
from taskbot.application.jobs import SCHEDULE, Entry, Job, Place
from taskbot.application.ports import Clock, Queries
from taskbot.application.tasks import TaskService
from taskbot.application.users import UserService
from taskbot.entrypoints.settings import Settings


def canary_of(
    settings: Settings, users: UserService, tasks: TaskService, queries: Queries, clock: Clock
) -> CanaryService | None:
    """None where no chat is named."""
    if settings.canary_chat_id is None:
        return None
    return CanaryService(users, tasks, queries, clock, settings.canary_chat_id)


def schedule_of(settings: Settings) -> Sequence[Entry]:
    """The jobs that come round: with the canary's, where there is one."""
    if settings.canary_chat_id is None:
        return SCHEDULE
    every = timedelta(seconds=settings.canary_every)
    return (*SCHEDULE, Entry(Job.SEND_CANARY, every, Place.HERE))
