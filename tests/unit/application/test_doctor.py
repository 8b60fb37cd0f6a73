"""The doctor: everything is looked at, whatever breaks, and said without secrets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from support.builders import NOW
from taskbot.adapters.memory import ManualClock
from taskbot.application.doctor import (
    Area,
    Examination,
    Practice,
    Problem,
    ProblemKind,
    Reason,
    Report,
    Seen,
    Skipped,
    Verdict,
    Visit,
)

pytestmark = pytest.mark.anyio

Look = Callable[[], Awaitable[Seen]]


async def well() -> Seen:
    return Seen({"version": "7.0"})


async def worrying() -> Seen:
    return Seen(problems=[Problem(kind=ProblemKind.NO_ALERTS, is_grave=False)])


async def failing() -> Seen:
    worry = Problem(kind=ProblemKind.REDIS_EVICTS, is_grave=False)
    return Seen(problems=[worry, Problem(kind=ProblemKind.REDIS_AWAY)])


async def needless() -> Seen:
    raise Skipped(reason=Reason.NOT_SET, name="TASKBOT_REDIS_URL")


async def broken() -> Seen:
    raise RuntimeError("postgresql://root:hunter2@db")


async def silent() -> Seen:
    await asyncio.Event().wait()
    return Seen()


def a_practice(
    *,
    discreet: Callable[[str], str] = str,
    patience: timedelta = timedelta(seconds=5),
    **looks: Look,
) -> Practice:
    @contextlib.asynccontextmanager
    async def visit() -> AsyncIterator[Visit]:
        made = [Examination(area=Area(name), look=look) for name, look in looks.items()]
        yield Visit(made, discreet)

    return Practice(visit, ManualClock(NOW), patience)


def verdicts(report: Report) -> dict[str, str]:
    return {one.area.value: one.verdict.value for one in report.diagnoses}


async def test_each_area_has_the_gravest_verdict_of_what_was_found_there() -> None:
    report = await a_practice(
        configuration=well, alerts=worrying, redis=failing, mail=needless
    ).examine()

    assert verdicts(report) == {
        "configuration": "ok",
        "redis": "failed",
        "alerts": "warning",
        "mail": "skipped",
    }
    assert report.verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("looks", "verdict"),
    [
        ({"alerts": worrying, "mail": needless, "redis": well}, Verdict.WARNING),
        ({"mail": needless, "redis": well}, Verdict.OK),
        ({"mail": needless}, Verdict.OK),
    ],
)
async def test_warnings_fail_nothing_and_what_is_skipped_is_no_warning(
    looks: dict[str, Any], verdict: Verdict
) -> None:
    assert (await a_practice(**looks).examine()).verdict is verdict


async def test_areas_are_told_in_their_order_whichever_is_done_first() -> None:
    report = await a_practice(reminders=well, configuration=well, redis=well).examine()

    assert list(verdicts(report)) == ["configuration", "redis", "reminders"]


async def test_what_breaks_or_is_silent_is_a_finding_and_the_rest_is_looked_at() -> None:
    report = await a_practice(
        patience=timedelta(seconds=0.05), database=broken, redis=silent, files=well
    ).examine()

    kinds = {one.area: [p.kind for p in one.problems] for one in report.diagnoses}
    assert kinds == {
        Area.FILES: [],
        Area.DATABASE: [ProblemKind.BROKEN],
        Area.REDIS: [ProblemKind.NO_ANSWER],
    }
    assert "hunter2" not in str(report)


async def test_areas_are_looked_at_side_by_side() -> None:
    met = asyncio.Barrier(2)

    async def meet() -> Seen:
        await met.wait()
        return Seen()

    report = await a_practice(database=meet, redis=meet).examine()

    assert report.verdict is Verdict.OK


async def test_what_nobody_may_read_is_taken_out_of_facts_words_and_remedies() -> None:
    async def indiscreet() -> Seen:
        said = Problem(
            kind=ProblemKind.DATABASE_AWAY, values={"reason": "hunter2!"}, remedy="set hunter2"
        )
        return Seen({"name": "hunter2@db", "latency_ms": 1.5}, [said])

    report = await a_practice(
        database=indiscreet, discreet=lambda text: text.replace("hunter2", "…")
    ).examine()

    (told,) = report.diagnoses
    assert told.facts == {"name": "…@db", "latency_ms": 1.5}
    assert told.problems[0].values == {"reason": "…!"}
    assert told.problems[0].remedy == "set …"


async def test_those_who_ask_meanwhile_share_one_look() -> None:
    looks: list[int] = []
    go_on = asyncio.Event()

    async def slowly() -> Seen:
        looks.append(1)
        await go_on.wait()
        return Seen()

    practice = a_practice(redis=slowly)
    first, given_up, third = [asyncio.create_task(practice.examine()) for _ in range(3)]
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])
    go_on.set()

    assert await first is await third
    assert len(looks) == 1
    await practice.examine()
    assert len(looks) == 2
