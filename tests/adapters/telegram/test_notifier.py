"""Every outcome of sending a reminder, against a server that misbehaves on demand."""

import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from support.builders import NOW, a_reminder, a_task, a_user
from support.simulator import TOKEN, RunningSimulator, running_simulator, serving
from support.telegram import a_bot
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.simulator import Simulator
from taskbot.adapters.telegram import TelegramNotifier
from taskbot.adapters.telegram.bot import REQUEST_SECONDS
from taskbot.application.ports import (
    DeliveryProblem,
    LimitReached,
    Notice,
    Notification,
    NotifierRejected,
    NotSent,
    OutcomeUnknown,
    PersonUnreachable,
    Refused,
)
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.delivery_policy import DeliveryPolicy
from taskbot.domain.task import Task

pytestmark = pytest.mark.anyio

PERSON = 7


@pytest.fixture
async def sim() -> AsyncIterator[RunningSimulator]:
    """A simulator with somebody who has started the bot."""
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await bot.get_me()
        await sim.control.person(PERSON)
        await sim.control.send(PERSON, "/start")
        yield sim


def a_notification(*, late_by: timedelta | None = None, task: Task | None = None) -> Notification:
    user = a_user(telegram_id=PERSON)
    task = task or a_task(
        owner_id=user.id,
        title="Buy <milk>",
        deadline=TimedDeadline(NOW + timedelta(hours=1), user.timezone),
    )
    reminder = a_reminder(task_id=task.id, owner_id=user.id)
    return Notification(user=user, notices=(Notice(task, (reminder,), late_by),))


async def problem_at(url: str, *, request_seconds: float = 5.0) -> DeliveryProblem:
    """The problem that one try to send meets."""
    async with a_bot(url, request_seconds=request_seconds) as bot:
        notifier = TelegramNotifier(bot, ManualClock(NOW))
        with pytest.raises(DeliveryProblem) as caught:
            await notifier.send(a_notification())
    assert TOKEN not in str(caught.value)
    assert "a-made-up-token" not in str(caught.value)
    assert caught.value.__cause__ is None, "the original error may name the address"
    return caught.value


async def test_the_receipt_names_the_message(sim: RunningSimulator) -> None:
    async with a_bot(sim.url) as bot:
        receipt = await TelegramNotifier(bot, ManualClock(NOW)).send(a_notification())

    (message,) = [one for one in await sim.control.messages(PERSON) if one["from"] == "bot"]
    assert receipt.message_id == message["message_id"]
    assert "Buy <milk>" in message["text"]


async def test_a_message_goes_without_a_form() -> None:
    heads: dict[str, str] = {}

    async def app(
        scope: dict[str, list[tuple[bytes, bytes]]], receive: object, send: object
    ) -> None:
        heads.update((name.decode(), value.decode()) for name, value in scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"<html>"})  # type: ignore[operator]

    async with serving(app) as url:
        await problem_at(url)

    assert heads["content-type"] == "application/json"


async def test_too_many_messages_tell_how_long_to_wait(sim: RunningSimulator) -> None:
    await sim.control.fault("429", method="sendMessage", retry_after=17)

    problem = await problem_at(sim.url)

    assert isinstance(problem, LimitReached)
    assert problem.retry_after == timedelta(seconds=17)
    assert len(await sim.control.calls("sendMessage")) == 1, "waiting is not the notifier's"


@pytest.mark.parametrize("kind", ["403-blocked", "403-deactivated", "400-chat-not-found"])
async def test_who_cannot_be_reached_is_unreachable(sim: RunningSimulator, kind: str) -> None:
    await sim.control.fault(kind, method="sendMessage")

    assert isinstance(await problem_at(sim.url), PersonUnreachable)


async def test_who_blocked_the_bot_is_unreachable(sim: RunningSimulator) -> None:
    await sim.control.block(PERSON)

    assert isinstance(await problem_at(sim.url), PersonUnreachable)


async def test_a_person_who_never_started_is_unreachable() -> None:
    async with running_simulator() as sim:
        await sim.control.person(PERSON)

        assert isinstance(await problem_at(sim.url), PersonUnreachable)


async def test_a_chat_that_moved_is_followed_once(sim: RunningSimulator) -> None:
    await sim.control.fault("migrated", method="sendMessage")

    async with a_bot(sim.url) as bot:
        notifier = TelegramNotifier(bot, ManualClock(NOW))
        with pytest.raises(DeliveryProblem):
            await notifier.send(a_notification())

    targets = [one["parameters"]["chat_id"] for one in await sim.control.calls("sendMessage")]
    assert len(targets) == 2
    assert str(targets[0]) == str(PERSON)
    assert str(targets[1]) != str(PERSON)


async def test_a_message_that_is_refused_is_refused(
    sim: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "taskbot.adapters.telegram.notifier.words.reminder"
    monkeypatch.setattr(words, lambda *_, **__: "<br>")

    problem = await problem_at(sim.url)

    assert isinstance(problem, Refused)
    assert "can't parse entities" in str(problem)


async def test_a_message_that_cannot_be_written_is_refused(
    sim: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise KeyError("Buy <milk>")

    monkeypatch.setattr("taskbot.adapters.telegram.notifier.words.reminder", broken)
    async with a_bot(sim.url) as bot:
        with pytest.raises(Refused) as caught:
            await TelegramNotifier(bot, ManualClock(NOW)).send(a_notification())

    assert str(caught.value) == "the message could not be written (KeyError)"


async def test_an_error_of_the_servers_says_that_nothing_was_sent(sim: RunningSimulator) -> None:
    await sim.control.fault("500", method="sendMessage")

    assert isinstance(await problem_at(sim.url), NotSent)


async def test_no_answer_in_time_leaves_the_outcome_unknown(sim: RunningSimulator) -> None:
    await sim.control.fault("stall", method="sendMessage")

    assert isinstance(await problem_at(sim.url, request_seconds=0.3), OutcomeUnknown)


async def test_a_connection_that_breaks_leaves_the_outcome_unknown(sim: RunningSimulator) -> None:
    await sim.control.fault("accept-then-reset", method="sendMessage")

    assert isinstance(await problem_at(sim.url), OutcomeUnknown)
    assert [one for one in await sim.control.messages(PERSON) if one["from"] == "bot"]


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"

    problem = await problem_at(address)

    assert isinstance(problem, NotSent)
    assert str(problem) == "no connection to Telegram (ClientConnectorError)"


async def test_a_name_that_is_nobodys_was_not_sent_to() -> None:
    assert isinstance(await problem_at("http://telegram.invalid"), NotSent)


async def test_a_server_that_does_not_take_the_connection_was_not_sent_to() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(2)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        try:
            problem = await problem_at(f"http://127.0.0.1:{address[1]}", request_seconds=0.5)
        finally:
            for one in waiting:
                one.close()

    assert isinstance(problem, NotSent)


async def test_an_unknown_token_is_rejected() -> None:
    simulator = Simulator(accepted_token="1:another-one")
    async with running_simulator(simulator=simulator) as sim:
        problem = await problem_at(sim.url)

    assert isinstance(problem, NotifierRejected)


async def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown() -> None:
    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"<html>"})  # type: ignore[operator]

    async with serving(app) as url:
        assert isinstance(await problem_at(url), OutcomeUnknown)


async def test_the_language_and_the_clock_are_the_persons(sim: RunningSimulator) -> None:
    user = a_user(telegram_id=PERSON, language="ru", timezone="Asia/Tokyo")
    task = a_task(owner_id=user.id, deadline=TimedDeadline(NOW + timedelta(hours=2), user.timezone))
    reminder = a_reminder(task_id=task.id, owner_id=user.id)
    notice = Notice(task, (reminder,), late_by=timedelta(minutes=21))
    late = Notification(user=user, notices=(notice,))

    async with a_bot(sim.url) as bot:
        await TelegramNotifier(bot, ManualClock(NOW)).send(late)

    (message,) = [one for one in await sim.control.messages(PERSON) if one["from"] == "bot"]
    assert "📅 сегодня в 23:00 (через 2 часа)" in message["text"]
    assert "Простите, напоминание опоздало на 21 минуту." in message["text"]


def test_a_lease_outlasts_a_send_and_ends_soon_after() -> None:
    two_answers = timedelta(seconds=2 * REQUEST_SECONDS)  # a chat that moved is asked twice

    assert two_answers < DeliveryPolicy().lease <= timedelta(seconds=35)
