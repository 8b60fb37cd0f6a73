"""Other clocks: only what cannot be the way there and back is held against ours."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from support.builders import NOW
from taskbot.adapters.memory import ManualClock
from taskbot.application.clock_skew import ClockSkew, Source, Told
from taskbot.application.doctor import ProblemKind, Reason, Seen, Skipped, Verdict

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


def a_source(
    clock: ManualClock,
    *,
    ahead: timedelta = timedelta(0),
    there: timedelta = timedelta(0),
    back: timedelta = timedelta(0),
    within: timedelta = timedelta(0),
) -> Source:
    """Another clock, which is *ahead* of ours and answers after *there* and *back*."""

    async def tell() -> Told:
        clock.advance(there)
        at = clock.now() + ahead
        clock.advance(back)
        return Told(at, within)

    return tell


async def seen(**how: timedelta) -> Seen:
    clock = ManualClock(NOW)
    return await ClockSkew({"database": a_source(clock, **how)}, clock).look()


@pytest.mark.parametrize(
    ("seconds", "kind", "verdict"),
    [
        (-1.9, None, None),
        (1.9, None, None),
        (2, ProblemKind.CLOCK_BEHIND, Verdict.WARNING),
        (-2, ProblemKind.CLOCK_AHEAD, Verdict.WARNING),
        (30, ProblemKind.CLOCK_BEHIND, Verdict.FAILED),
        (-86400, ProblemKind.CLOCK_AHEAD, Verdict.FAILED),
    ],
)
async def test_two_seconds_are_a_warning_and_thirty_a_failure(
    seconds: float, kind: ProblemKind | None, verdict: Verdict | None
) -> None:
    problems = (await seen(ahead=timedelta(seconds=seconds))).problems

    assert [(one.kind, one.verdict) for one in problems] == ([(kind, verdict)] if kind else [])


async def test_by_how_much_and_whose_clock_is_said_with_what_mends_it() -> None:
    (problem,) = (await seen(ahead=timedelta(minutes=-5))).problems

    assert problem.values == {"other": "database", "seconds": "300"}
    assert problem.remedy == "timedatectl set-ntp true"


delays = st.timedeltas(min_value=timedelta(0), max_value=timedelta(seconds=4))


@given(there=delays, back=delays)
async def test_a_slow_way_there_and_back_is_never_taken_for_another_time(
    there: timedelta, back: timedelta
) -> None:
    assert not (await seen(there=there, back=back)).problems


async def test_a_clock_that_shows_whole_seconds_is_not_taken_at_its_word() -> None:
    assert not (await seen(ahead=timedelta(seconds=-2.5), within=SECOND)).problems
    assert (await seen(ahead=timedelta(seconds=-3.5), within=SECOND)).problems


async def test_a_source_that_fails_or_has_no_clock_is_left_out() -> None:
    clock = ManualClock(NOW)

    async def failing() -> Told:
        raise OSError

    async def without() -> None:
        return None

    sources: dict[str, Source] = {
        "redis": failing,
        "database": without,
        "telegram": a_source(clock),
    }
    found = await ClockSkew(sources, clock).look()

    assert found.facts == {"ahead_of_telegram_seconds": 0.0}


@pytest.mark.parametrize("has_source", [True, False])
async def test_with_no_other_clock_there_is_nothing_to_compare(*, has_source: bool) -> None:
    async def without() -> None:
        return None

    sources: dict[str, Source] = {"database": without} if has_source else {}
    with pytest.raises(Skipped) as skipped:
        await ClockSkew(sources, ManualClock(NOW)).look()

    assert skipped.value.reason is Reason.NOTHING_TO_COMPARE
