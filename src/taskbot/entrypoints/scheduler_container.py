"""The composition root of `taskbot scheduler`, which does not need the bot."""

from dependency_injector import providers

from taskbot.adapters.queue.between_processes import (
    DramatiqJobQueue,
    DramatiqReminderQueue,
    create_broker,
)
from taskbot.application.dispatch import DispatchService
from taskbot.application.jobs import JobService
from taskbot.entrypoints.canary import schedule_of
from taskbot.entrypoints.container import Container


class SchedulerContainer(Container):
    redis_url = providers.Dependency(instance_of=str)

    broker = providers.Singleton(create_broker, redis_url)
    queue = providers.Singleton(DramatiqReminderQueue, broker)
    dispatch = providers.Singleton(
        DispatchService,
        Container.transactions,
        Container.queries,
        queue,
        Container.clock,
        Container.delivery_policy,
    )
    job_queue = providers.Singleton(DramatiqJobQueue, broker, Container.jobs.provided.do)
    scheduled_jobs = providers.Singleton(
        JobService,
        Container.transactions,
        Container.jobs,
        job_queue,
        Container.clock,
        providers.Callable(schedule_of, Container.settings),
    )
