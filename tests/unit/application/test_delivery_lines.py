"""What the log is told of reminders, and by which ids it is found."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from support.builders import NOW, a_reminder
from support.core import Core, a_core
from support.log_lines import log_lines
from taskbot.application.delivery_lines import note_outcomes
from taskbot.application.ports import LimitReached, PersonUnreachable, Receipt, Refused
from taskbot.application.task_commands import CreateTask
from taskbot.application.traces import ids_of_this, trace_of_this, traced
from taskbot.application.users import MeetUser
from taskbot.domain.ids import UserId
from taskbot.domain.reminder import Reminder

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    with log_lines("taskbot.application.delivery_lines") as lines:
        yield lines


async def _anna(core: Core) -> UserId:
    return (await core.users.meet(MeetUser(telegram_id=7, name="Anna"))).user.id


async def _promise(core: Core, actor: UserId, *, trace: str | None) -> str:
    """Have a task with one reminder in an hour, promised by *trace*; give the task's id."""
    with traced(trace_id=trace):
        task = (await core.tasks.create(CreateTask(actor=actor, title="Buy milk"))).task
        await core.tasks.snooze(task.id, until=NOW + HOUR, actor=actor)
    return str(task.id)


def test_ids_are_those_of_the_blocks_around() -> None:
    with traced(trace_id="a", request_id="a"):
        with traced(trace_id=None, update_id="b"):
            assert ids_of_this() == {"request_id": "a", "update_id": "b"}
            assert trace_of_this() is None
        assert trace_of_this() == "a"
    assert ids_of_this() == {}


async def test_a_reminder_is_claimed_and_sent_under_the_trace_that_promised_it(
    lines: list[dict[str, Any]],
) -> None:
    core = a_core()
    task_id = await _promise(core, await _anna(core), trace="update-5")
    core.clock.advance(HOUR + SECOND)

    with traced(trace_id="not this"):
        await core.deliver_due()

    claimed, sent = lines
    assert claimed["event"] == "1 due, claimed, and workers rung for"
    assert claimed["trace_id"] == ["update-5"]
    assert sent["event"] == "the reminder was sent, 1.00 s after its moment"
    assert (sent["trace_id"], sent["task_id"]) == ("update-5", task_id)
    assert claimed["reminder_id"] == [sent["reminder_id"]]


async def test_each_reminder_of_a_message_has_its_own_line(lines: list[dict[str, Any]]) -> None:
    core = a_core()
    anna = await _anna(core)
    tasks = {await _promise(core, anna, trace=trace): trace for trace in ("a", None, "b")}
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert lines[0]["trace_id"] == ["a", "b"]
    assert {line["task_id"]: line.get("trace_id") for line in lines[1:]} == tasks


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (LimitReached(5 * SECOND), "the reminder is put off until 2100-03-15T13:00:05+00:00"),
        (PersonUnreachable("blocked"), "the reminder is on hold: "),
        (Refused("can't parse entities"), "the reminder was given up"),
    ],
)
async def test_what_was_not_sent_is_told_without_words_of_others(
    problem: Exception, said: str, lines: list[dict[str, Any]]
) -> None:
    class Failing:
        async def send(self, notification: object) -> Receipt:
            raise problem

    core = a_core(notifier=Failing())
    await _promise(core, await _anna(core), trace="update-5")
    core.clock.advance(HOUR)

    await core.deliver_due()

    assert lines[-1]["event"].startswith(said)
    assert lines[-1]["trace_id"] == "update-5"
    assert "parse entities" not in str(lines)


@pytest.mark.parametrize(
    ("settled", "said"),
    [
        (a_reminder().cancel(), "the reminder is not sent: nobody waits for it any more"),
        (a_reminder().leave_unknown(error="x"), "the reminder may have arrived, or not"),
    ],
)
def test_how_else_it_may_end_is_told(
    settled: Reminder, said: str, lines: list[dict[str, Any]]
) -> None:
    note_outcomes([settled])

    assert [(line["event"], line["reminder_id"]) for line in lines] == [(said, str(settled.id))]
