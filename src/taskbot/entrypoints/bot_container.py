"""The composition root of processes that talk to Telegram. Importing it takes seconds (aiogram).

Providers make things when they are asked for: a process with one role makes what that needs.
"""

from aiogram import Bot
from dependency_injector import providers

from taskbot.adapters.memory import LocalRateLimiter, LocalSendLimiter, MemoryPersonLocks
from taskbot.adapters.pictures import PillowPainter
from taskbot.adapters.queue import InProcessJobQueue, InProcessReminderQueue
from taskbot.adapters.sealed_api_tokens import SealedApiTokens
from taskbot.adapters.telegram import (
    Poller,
    TelegramNotifier,
    Vanishing,
    create_bot,
    create_dispatcher,
    create_talking_bot,
    publish_profile,
)
from taskbot.adapters.telegram.measuring import Meter
from taskbot.application.delivery import DeliveryService
from taskbot.application.dispatch import DispatchService
from taskbot.application.health import Rounds
from taskbot.application.jobs import JobService
from taskbot.application.ports import Quota
from taskbot.entrypoints.bot_policy import flood_quota
from taskbot.entrypoints.canary import schedule_of
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.doctor.in_chat import operators_doctor


async def _close(*bots: Bot) -> None:
    for bot in bots:
        await bot.session.close()


class TelegramContainer(Container):
    """Bot, dispatch and delivery, over the in-process queue and a limiter of one's own.

    Whoever shares Redis overrides the limiter, and what is kept where the next one finds it; who is
    one of several that get updates the locks and the rates, too: see `roles.converse`. `bot` sends
    what has waited its turn, reminders; `talking_bot` does the waiting itself.
    """

    meter: providers.Provider[Meter | None] = providers.Object(None)
    bot = providers.Singleton(
        create_bot, Container.bot_token, api_url=Container.telegram_api_url, meter=meter
    )
    limiter = providers.Singleton(
        LocalSendLimiter,
        Container.clock,
        per_bot=Container.settings.provided.messages_per_second,
        per_chat=Container.settings.provided.messages_per_chat,
    )
    talking_bot = providers.Singleton(
        create_talking_bot,
        Container.bot_token,
        limiter,
        Container.clock,
        api_url=Container.telegram_api_url,
        meter=meter,
    )
    locks = providers.Singleton(MemoryPersonLocks)
    rates = providers.Singleton(LocalRateLimiter, Container.clock)
    is_only_reader: providers.Provider[bool] = providers.Object(True)
    flood_quota: providers.Provider[Quota | None] = providers.Callable(
        flood_quota, Container.settings
    )
    api_tokens = providers.Singleton(
        SealedApiTokens, Container.stored_api_tokens, Container.bot_token
    )
    dispatcher = providers.Singleton(
        create_dispatcher,
        tasks=Container.tasks,
        categories=Container.categories,
        users=Container.users,
        progress=Container.statistics,
        accounts=Container.accounts,
        access_tokens=Container.access_tokens,
        exports=Container.exported_documents,
        painter=providers.Singleton(PillowPainter),
        vanishing=Container.vanishing,
        clock=Container.clock,
        dialogues=Container.dialogues,
        update_log=Container.update_log,
        locks=locks,
        rates=rates,
        flood_quota=flood_quota,
        is_only_reader=is_only_reader,
        meter=meter,
        operators_doctor=providers.Singleton(operators_doctor, Container.settings),
    )

    polls = providers.Singleton(Rounds, Container.clock)
    poller = providers.Singleton(Poller, talking_bot, dispatcher, rounds=polls)
    vanisher = providers.Singleton(Vanishing, talking_bot, Container.vanishing, Container.clock)
    publish_profile = providers.Callable(publish_profile, talking_bot)

    close_bots = providers.Callable(_close, bot, talking_bot)

    notifier = providers.Singleton(TelegramNotifier, bot, Container.clock)
    delivery = providers.Singleton(
        DeliveryService,
        Container.transactions,
        Container.queries,
        notifier,
        limiter,
        Container.alerts,
        Container.clock,
        Container.delivery_policy,
    )
    queue = providers.Singleton(InProcessReminderQueue, delivery.provided.deliver)
    dispatch = providers.Singleton(
        DispatchService,
        Container.transactions,
        Container.queries,
        queue,
        Container.clock,
        Container.delivery_policy,
    )
    job_queue = providers.Singleton(InProcessJobQueue, Container.jobs.provided.do)
    scheduled_jobs = providers.Singleton(
        JobService,
        Container.transactions,
        Container.jobs,
        job_queue,
        Container.clock,
        providers.Callable(schedule_of, Container.settings),
    )
