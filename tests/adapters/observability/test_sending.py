"""Messages with reminders by what came of them, and waits for Telegram's limits."""

from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from support.builders import NOW, a_user
from taskbot.adapters.memory import LocalSendLimiter, ManualClock, RecordingNotifier
from taskbot.adapters.observability import (
    LimitMeter,
    MeasuredLimiter,
    MeasuredNotifier,
    NotificationMeter,
)
from taskbot.application.ports import (
    DeliveryProblem,
    LimitReached,
    Notification,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Refused,
)

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
PROBLEMS: dict[str, DeliveryProblem] = {
    "limit": LimitReached(SECOND),
    "not_sent": NotSent("no route"),
    "unknown": OutcomeUnknown("no answer"),
    "unreachable": PersonUnreachable("blocked"),
    "refused": Refused("a mistake"),
    "rejected": NotifierRejected("token"),
    "other": DeliveryProblem("of a kind that is still to come"),
}


async def test_messages_are_counted_by_what_came_of_them() -> None:
    registry, inner = CollectorRegistry(), RecordingNotifier()
    inner.problems.extend([None, *PROBLEMS.values()])
    notifier = MeasuredNotifier(inner, NotificationMeter(registry))
    message = Notification(user=a_user(), notices=())

    assert (await notifier.send(message)).message_id == 1
    for problem in PROBLEMS.values():
        with pytest.raises(type(problem)):
            await notifier.send(message)

    for outcome in ("sent", *PROBLEMS):
        labels = {"outcome": outcome}
        assert registry.get_sample_value("taskbot_notifications_total", labels) == 1, outcome


async def test_waits_are_measured_by_who_waits() -> None:
    registry, clock = CollectorRegistry(), ManualClock(NOW)
    limiter = MeasuredLimiter(LocalSendLimiter(clock, per_bot=2), LimitMeter(registry))

    waits = [await limiter.reserve(chat, patience=SECOND) for chat in (1, 2, 3, 4)]
    reply = await limiter.reserve_reply(5, patience=SECOND)

    def value(name: str, traffic: str, **more: Any) -> float | None:
        return registry.get_sample_value(f"taskbot_send_{name}", {"traffic": traffic, **more})

    assert [None if wait is None else wait / SECOND for wait in waits] == [0, 0.5, 1, None]
    assert value("wait_seconds_count", "reminder") == 3
    assert value("wait_seconds_sum", "reminder") == 1.5
    assert value("wait_seconds_bucket", "reminder", le="0.001") == 1
    assert value("no_turn_total", "reminder") == 1
    assert reply is not None
    assert value("wait_seconds_sum", "reply") == reply / SECOND


async def test_pauses_are_counted_and_kept() -> None:
    registry, clock = CollectorRegistry(), ManualClock(NOW)
    limiter = MeasuredLimiter(LocalSendLimiter(clock), LimitMeter(registry))

    await limiter.pause(5 * SECOND)
    await limiter.pause(2 * SECOND)

    assert await limiter.pause_left() == 5 * SECOND
    assert registry.get_sample_value("taskbot_send_pauses_total") == 2
    assert registry.get_sample_value("taskbot_send_pause_seconds_total") == 7


async def test_a_turn_is_the_limiters_own() -> None:
    limiter = MeasuredLimiter(
        LocalSendLimiter(ManualClock(NOW), per_bot=2), LimitMeter(CollectorRegistry())
    )
    await limiter.reserve(1, patience=SECOND)
    wait = await limiter.reserve(2, patience=SECOND)

    assert await limiter.take_turn(2) == wait == SECOND / 2
