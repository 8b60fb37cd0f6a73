"""The composition root of a bot that works over the API. Importing it takes seconds (aiogram).

It has no database: what the bot itself must remember is in Redis.
"""

from datetime import timedelta
from typing import Final

from aiogram import Bot
from dependency_injector import containers, providers

from taskbot.adapters.api_client import (
    ApiAccessTokens,
    ApiAccounts,
    ApiCategories,
    ApiExports,
    ApiPeople,
    ApiProgress,
    ApiTasks,
    Connection,
    PersonSessions,
)
from taskbot.adapters.api_client.connection import Meter as ApiMeter
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import LocalRateLimiter, MemoryPersonLocks
from taskbot.adapters.pictures import PillowPainter
from taskbot.adapters.redis import (
    Redis,
    RedisApiTokenStore,
    RedisDialogueStore,
    RedisUpdateLog,
    RedisVanishingMessages,
)
from taskbot.adapters.sealed_api_tokens import SealedApiTokens
from taskbot.adapters.telegram import (
    Poller,
    Vanishing,
    create_dispatcher,
    create_talking_bot,
    publish_profile,
)
from taskbot.adapters.telegram.measuring import Meter
from taskbot.adapters.telegram_login import TelegramLogin
from taskbot.application.health import Rounds
from taskbot.application.ports import Quota, SendLimiter
from taskbot.entrypoints.bot_policy import flood_quota
from taskbot.entrypoints.doctor.in_chat import operators_doctor
from taskbot.entrypoints.metrics import plain_metrics
from taskbot.entrypoints.settings import Settings

_PATIENCE: Final = timedelta(seconds=6)
"""Somebody waits for an answer, if only for the one that there is none."""


async def _close(bot: Bot, connection: Connection) -> None:
    await bot.session.close()
    await connection.close()


class ApiBotContainer(containers.DeclarativeContainer):
    bot_token = providers.Dependency(instance_of=str)
    telegram_api_url: providers.Provider[str | None] = providers.Dependency(
        default=providers.Object(None)
    )
    api_url = providers.Dependency(instance_of=str)
    redis = providers.Dependency(instance_of=Redis)
    limiter: providers.Provider[SendLimiter] = providers.Dependency()

    settings = providers.Dependency(instance_of=Settings)
    flood_quota: providers.Provider[Quota | None] = providers.Callable(flood_quota, settings)
    is_only_reader: providers.Provider[bool] = providers.Object(True)

    metrics = providers.Singleton(plain_metrics)
    meter: providers.Provider[Meter | None] = providers.Object(None)
    api_meter: providers.Provider[ApiMeter | None] = providers.Object(None)

    clock = providers.Singleton(SystemClock)
    dialogues = providers.Singleton(RedisDialogueStore, redis)
    update_log = providers.Singleton(RedisUpdateLog, redis)
    vanishing = providers.Singleton(RedisVanishingMessages, redis)
    locks = providers.Singleton(MemoryPersonLocks)
    rates = providers.Singleton(LocalRateLimiter, clock)
    api_tokens = providers.Singleton(
        SealedApiTokens, providers.Singleton(RedisApiTokenStore, redis), bot_token
    )

    connection = providers.Singleton(Connection.to, api_url, patience=_PATIENCE, meter=api_meter)
    signer = providers.Singleton(TelegramLogin, bot_token)
    sessions = providers.Singleton(PersonSessions, connection, signer, api_tokens, clock)

    talking_bot = providers.Singleton(
        create_talking_bot, bot_token, limiter, clock, api_url=telegram_api_url, meter=meter
    )
    dispatcher = providers.Singleton(
        create_dispatcher,
        tasks=providers.Singleton(ApiTasks, sessions),
        categories=providers.Singleton(ApiCategories, sessions),
        users=providers.Singleton(ApiPeople, sessions),
        progress=providers.Singleton(ApiProgress, sessions),
        accounts=providers.Singleton(ApiAccounts, sessions),
        access_tokens=providers.Singleton(ApiAccessTokens, sessions),
        exports=providers.Singleton(ApiExports, sessions),
        painter=providers.Singleton(PillowPainter),
        vanishing=vanishing,
        clock=clock,
        dialogues=dialogues,
        update_log=update_log,
        locks=locks,
        rates=rates,
        flood_quota=flood_quota,
        is_only_reader=is_only_reader,
        meter=meter,
        operators_doctor=providers.Singleton(operators_doctor, settings),
    )
    polls = providers.Singleton(Rounds, clock)
    poller = providers.Singleton(Poller, talking_bot, dispatcher, rounds=polls)
    vanisher = providers.Singleton(Vanishing, talking_bot, vanishing, clock)
    publish_profile = providers.Callable(publish_profile, talking_bot)
    close = providers.Callable(_close, talking_bot, connection)
