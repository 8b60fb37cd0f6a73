"""What there is to look at with these settings, and where."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx
from attrs import define, evolve

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.doctor import (
    ApiExamination,
    BotApi,
    FileExamination,
    TelegramExamination,
    WebhookExamination,
    WebhookWanted,
)
from taskbot.adapters.telegram.webhook_address import KINDS, derived_secret, marked_address
from taskbot.application.clock_skew import ClockSkew, Source
from taskbot.application.doctor import (
    Area,
    Examination,
    Practice,
    Problem,
    ProblemKind,
    Reason,
    Seen,
    Skipped,
    Visit,
)
from taskbot.application.ports import Clock
from taskbot.application.reminder_path import ReminderPath
from taskbot.entrypoints.doctor.configuration import (
    Configuration,
    Discretion,
    has_secrets,
    secret_settings,
)
from taskbot.entrypoints.setting_reading import ENV_FILE
from taskbot.entrypoints.settings import (
    Reading,
    Settings,
    database_name,
    read_what_can_be_used,
    variable_of,
)

if TYPE_CHECKING:
    from taskbot.adapters.persistence import Database
    from taskbot.adapters.persistence.examination import DatabaseExamination
    from taskbot.adapters.redis.examination import RedisExamination

# ruff: noqa: PLC0415 - libraries are loaded for what is set up

_ANSWER_SECONDS: Final = 5.0


def doctor_of_what_is_set() -> Practice:
    """For the command: settings are read as far as they can be used."""
    return practice(read_what_can_be_used)


def doctor_of_process(settings: Settings) -> Practice:
    """For a process at work with *settings*; what was set since it started is told besides."""

    def reading() -> Reading[Settings]:
        now = read_what_can_be_used()
        return evolve(now, settings=settings)

    return practice(reading)


def practice(reading: Callable[[], Reading[Settings]]) -> Practice:
    """A doctor who reads the settings anew each time."""
    return Practice(lambda: _visit(reading()), SystemClock())


@contextlib.asynccontextmanager
async def _visit(reading: Reading[Settings]) -> AsyncIterator[Visit]:
    async with contextlib.AsyncExitStack() as stack:
        surroundings = Surroundings(reading, SystemClock(), stack)
        yield Visit(surroundings.examinations(), Discretion.about(reading.settings))


@define(slots=False)
class Surroundings:
    """What is opened is opened once, at the first need; the *stack* closes it.

    Each method looks at one area: what breaks in it, even while it is being opened, breaks nothing
    else.
    """

    _reading: Reading[Settings]
    _clock: Clock
    _stack: contextlib.AsyncExitStack

    def examinations(self) -> list[Examination]:
        looks: dict[Area, Callable[[], Awaitable[Seen]]] = {
            Area.CONFIGURATION: Configuration(self._reading).look,
            Area.FILES: self._files,
            Area.DATABASE: self._database,
            Area.SCHEMA: self._schema,
            Area.REDIS: self._redis,
            Area.API: self._api,
            Area.CLOCK: self._clocks,
            Area.TELEGRAM: self._telegram,
            Area.WEBHOOK: self._webhook,
            Area.ALERTS: self._alerts,
            Area.MAIL: self._mail,
            Area.REMINDERS: self._reminders,
            Area.CANARY: self._canary,
        }
        return [Examination(area=area, look=look) for area, look in looks.items()]

    def _closes(self, close: Callable[[], Awaitable[object]]) -> None:
        """At the end; what cannot even be closed was told of before."""

        async def quietly() -> None:
            with contextlib.suppress(Exception):
                await close()

        self._stack.push_async_callback(quietly)

    @property
    def _settings(self) -> Settings:
        return self._reading.settings

    def _needs(self, setting: str) -> None:
        if self._reading.is_refused(setting):
            raise Skipped(reason=Reason.SETTING_REFUSED, name=variable_of(setting))

    def _needs_value(self, setting: str) -> None:
        self._needs(setting)
        if getattr(self._settings, setting) is None:
            raise Skipped(reason=Reason.NOT_SET, name=variable_of(setting))

    @property
    def _is_over_api(self) -> bool:
        settings = self._settings
        return settings.api_url is not None and settings.database_url is None

    def _needs_database(self) -> None:
        self._needs("database_url")
        self._needs("api_url")
        if self._is_over_api:
            raise Skipped(reason=Reason.OVER_API)

    async def _files(self) -> Seen:
        settings, files = self._settings, self._reading.files
        database = None
        if not (self._is_over_api or self._reading.is_refused("database_url")):
            database = self._database_examination.file
        return await FileExamination(
            env_file=Path(ENV_FILE),
            has_secrets=has_secrets(self._reading),
            secret_files=tuple(
                Path(files[variable_of(name)])
                for name in secret_settings()
                if variable_of(name) in files
            ),
            data_dir=None if self._is_over_api else settings.data_dir,
            database=database,
            log_dir=settings.log_dir,
            heartbeat_file=settings.heartbeat_file,
        ).look()

    @cached_property
    def _opened_database(self) -> "Database":
        from taskbot.adapters.persistence.examination import create_onlooker

        database = create_onlooker(self._settings.database)
        self._closes(database.dispose)
        return database

    @cached_property
    def _database_examination(self) -> "DatabaseExamination":
        from taskbot.adapters.persistence.examination import DatabaseExamination

        return DatabaseExamination(
            database=self._opened_database,
            url=self._settings.database,
            name=database_name(self._settings),
        )

    async def _database(self) -> Seen:
        self._needs_database()
        return await self._database_examination.look()

    async def _schema(self) -> Seen:
        self._needs_database()
        return await self._database_examination.schema()

    @cached_property
    def _redis_examination(self) -> "RedisExamination":
        from taskbot.adapters.redis import create_redis
        from taskbot.adapters.redis.examination import RedisExamination

        url = self._settings.redis_url
        if url is None:
            raise Skipped(reason=Reason.NOT_SET, name=variable_of("redis_url"))
        redis = create_redis(url.reveal())
        self._closes(redis.aclose)
        parts = urlsplit(url.reveal())
        name = f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
        return RedisExamination(redis=redis, name=parts.path if parts.scheme == "unix" else name)

    async def _redis(self) -> Seen:
        self._needs_value("redis_url")
        return await self._redis_examination.look()

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(timeout=_ANSWER_SECONDS)
        self._closes(client.aclose)
        return client

    async def _api(self) -> Seen:
        self._needs_value("api_url")
        return await ApiExamination(self._http, self._settings.api_url or "").look()

    async def _clocks(self) -> Seen:
        sources: dict[str, Source] = {}
        if not (self._is_over_api or self._reading.is_refused("database_url")):
            sources["database"] = self._database_examination.clock
        if self._settings.redis_url is not None:
            sources["redis"] = self._redis_examination.clock
        if self._settings.bot_token is not None:
            sources["telegram"] = self._bot_api().clock
        return await ClockSkew(sources, self._clock).look()

    def _bot_api(self) -> BotApi:
        self._needs("bot_token")
        self._needs("telegram_api_url")
        token = self._settings.bot_token
        if token is None:
            raise Skipped(reason=Reason.NO_TOKEN, name=variable_of("bot_token"))
        return BotApi(self._http, token.reveal(), self._settings.telegram_api_url)

    async def _telegram(self) -> Seen:
        return await TelegramExamination(self._bot_api()).look()

    async def _webhook(self) -> Seen:
        api = self._bot_api()
        self._needs("webhook_url")
        self._needs("webhook_secret")
        wanted = self._wanted_webhook()
        return await WebhookExamination(api=api, clock=self._clock, wanted=wanted).look()

    def _wanted_webhook(self) -> WebhookWanted | None:
        settings = self._settings
        if settings.webhook_url is None or settings.bot_token is None:
            return None
        token, chosen = settings.bot_token.reveal(), settings.webhook_secret
        secret = derived_secret(token) if chosen is None else chosen.reveal()
        url = marked_address(settings.webhook_url, secret=secret, token=token)
        return WebhookWanted(address=settings.webhook_url, url=url, kinds=KINDS)

    async def _alerts(self) -> Seen:
        if self._is_over_api:
            raise Skipped(reason=Reason.OVER_API)
        self._needs("alert_chat_id")
        self._needs("alert_email")
        settings = self._settings
        if settings.alert_chat_id is not None and settings.bot_token is not None:
            return await TelegramExamination(self._bot_api()).chat(settings.alert_chat_id)
        if settings.alert_chat_id is not None or settings.alert_email is not None:
            return Seen({"chat": settings.alert_chat_id, "mail": settings.alert_email})
        nobody = Problem(
            kind=ProblemKind.NO_ALERTS,
            remedy=f"{variable_of('alert_chat_id')}=123456789",
            is_grave=False,
        )
        return Seen(problems=[nobody])

    async def _mail(self) -> Seen:
        from taskbot.adapters.alerts.mail_examination import MailExamination
        from taskbot.entrypoints.alerting import mail_server

        self._needs_value("alert_email")
        self._needs_value("smtp_url")
        url = self._settings.smtp_url
        if url is None:
            raise AssertionError("it was looked at just before")
        return await MailExamination(mail_server(url.reveal())).look()

    async def _reminders(self) -> Seen:
        from taskbot.adapters.persistence import (
            SqlOperatorQueries,
            SqlQueries,
            SqlSignsOfLife,
        )
        from taskbot.entrypoints.alerting import stalled_after

        self._needs_database()
        if (file := self._database_examination.file) is not None and not file.exists():
            raise Skipped(reason=Reason.NOT_ASKED, name=Area.DATABASE)
        database = self._opened_database
        return await ReminderPath(
            queries=SqlQueries(database),
            figures=SqlOperatorQueries(database),
            signs_of_life=SqlSignsOfLife(database, self._clock),
            clock=self._clock,
            stalled_after=stalled_after(self._settings),
            is_one_process=self._settings.redis_url is None,
        ).look()

    async def _canary(self) -> Seen:
        from taskbot.entrypoints.doctor.canary import look_at_canary

        self._needs_value("canary_chat_id")
        self._needs_database()
        chat_id = self._settings.canary_chat_id
        schema = await self._database_examination.schema()
        if chat_id is None or schema.problems:
            raise Skipped(reason=Reason.NOT_ASKED, name=Area.SCHEMA)
        return await look_at_canary(self._settings, chat_id, self._clock)
