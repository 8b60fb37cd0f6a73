"""Sending: what came of messages with reminders, and how long messages wait for their turn."""

from datetime import timedelta
from typing import Final

from attrs import frozen
from prometheus_client import CollectorRegistry

from taskbot.adapters.observability.definitions import (
    OTHER,
    CounterDefinition,
    HistogramDefinition,
    Label,
)
from taskbot.application.ports import (
    DeliveryProblem,
    LimitReached,
    Notification,
    Notifier,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Receipt,
    Refused,
    SendLimiter,
)

_PROBLEMS: Final[dict[type[BaseException], str]] = {
    LimitReached: "limit",
    NotSent: "not_sent",
    OutcomeUnknown: "unknown",
    PersonUnreachable: "unreachable",
    Refused: "refused",
    NotifierRejected: "rejected",
}
NOTIFICATIONS: Final = CounterDefinition(
    "taskbot_notifications_total",
    "Messages with reminders, one or several, by what came of them.",
    (
        Label(
            "outcome",
            "`limit`: too many messages; `not_sent`: no connection, or a failure over there; "
            "`unknown`: no answer; `unreachable`: blocked, or the account is gone; "
            "`refused`: the message, for good; `rejected`: the bot's token",
            ("sent", *_PROBLEMS.values(), OTHER),
        ),
    ),
)
_TRAFFIC: Final = Label(
    "traffic", "`reply`: somebody waits for it, so it goes first", ("reminder", "reply")
)
WAIT: Final = HistogramDefinition(
    "taskbot_send_wait_seconds",
    "How long a message was told to wait, to keep Telegram's limits.",
    (_TRAFFIC,),
    buckets=(0.001, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)
NO_TURN: Final = CounterDefinition(
    "taskbot_send_no_turn_total",
    "Messages for which no moment was free soon enough: reminders go back into the plan, "
    "replies go all the same.",
    (_TRAFFIC,),
)
PAUSES: Final = CounterDefinition(
    "taskbot_send_pauses_total", "How often everybody had to stop sending, as Telegram had asked."
)
PAUSE_SECONDS: Final = CounterDefinition(
    "taskbot_send_pause_seconds_total", "For how long, all these together."
)


class NotificationMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        number = NOTIFICATIONS.on(registry)
        self._sent = number.labels("sent")
        self._problems = {kind: number.labels(name) for kind, name in _PROBLEMS.items()}
        self._other = number.labels(OTHER)

    def sent(self) -> None:
        self._sent.inc()

    def failed(self, problem: BaseException) -> None:
        self._problems.get(type(problem), self._other).inc()


@frozen
class MeasuredNotifier:
    _inner: Notifier
    _meter: NotificationMeter

    async def send(self, notification: Notification) -> Receipt:
        try:
            receipt = await self._inner.send(notification)
        except DeliveryProblem as problem:
            self._meter.failed(problem)
            raise
        self._meter.sent()
        return receipt


class LimitMeter:
    def __init__(self, registry: CollectorRegistry) -> None:
        wait, no_turn = WAIT.on(registry), NO_TURN.on(registry)
        self._wait = {traffic: wait.labels(traffic) for traffic in ("reminder", "reply")}
        self._no_turn = {traffic: no_turn.labels(traffic) for traffic in ("reminder", "reply")}
        self._pauses = PAUSES.on(registry)
        self._pause_seconds = PAUSE_SECONDS.on(registry)

    def told(self, traffic: str, wait: timedelta | None) -> None:
        if wait is None:
            self._no_turn[traffic].inc()
        else:
            self._wait[traffic].observe(wait.total_seconds())

    def paused(self, duration: timedelta) -> None:
        self._pauses.inc()
        self._pause_seconds.inc(max(duration.total_seconds(), 0.0))


@frozen
class MeasuredLimiter:
    _inner: SendLimiter
    _meter: LimitMeter

    async def reserve(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        wait = await self._inner.reserve(telegram_id, patience=patience)
        self._meter.told("reminder", wait)
        return wait

    async def take_turn(self, telegram_id: int) -> timedelta:
        return await self._inner.take_turn(telegram_id)

    async def reserve_reply(self, telegram_id: int, *, patience: timedelta) -> timedelta | None:
        wait = await self._inner.reserve_reply(telegram_id, patience=patience)
        self._meter.told("reply", wait)
        return wait

    async def pause(self, duration: timedelta) -> None:
        await self._inner.pause(duration)
        self._meter.paused(duration)

    async def pause_left(self) -> timedelta:
        return await self._inner.pause_left()
