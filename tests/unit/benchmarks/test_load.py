"""The load test sees what goes wrong: a fault that it overlooks would be taken for none."""

import json
import random
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from benchmarks.load.checks import kept_as_answered
from benchmarks.load.figures import Slope, percentile, spread
from benchmarks.load.findings import Observed, summed_up
from benchmarks.load.outcomes import Arrival, Fate, Outcome
from benchmarks.load.phases import Phase, Phases
from benchmarks.load.programs import Known, Memory
from benchmarks.load.reminders import Promises, numbers_in
from benchmarks.load.report import verdict
from benchmarks.load.sampling import Sampler
from benchmarks.load.telegram import parameters_in
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.persistence import SqlQueries, SqlTransactions, create_database, migrate
from taskbot.application.task_commands import CreateTask
from taskbot.entrypoints.library import Library

pytestmark = pytest.mark.anyio

STEADY: Final = Phase("steady", 0, 60)
OVERLOAD: Final = Phase("overload", 60, 90)
RECOVERY: Final = Phase("recovery", 90, 120)


def test_percentiles_are_values_that_were_measured() -> None:
    ordered = [float(number) for number in range(1, 101)]

    assert percentile(ordered, 0.5) == 50
    assert percentile(ordered, 0.99) == 99
    assert percentile([7.0], 0.99) == 7
    assert spread([]) == {"number": 0, "p50": None, "p99": None, "max": None}


def test_a_slope_is_found_among_noise_and_said_with_its_error() -> None:
    dice = random.Random(1)  # noqa: S311 - no secret
    points = [(x / 30, 100 + 0.5 * x / 30 + dice.gauss(0, 0.2)) for x in range(300)]

    slope = Slope.of(points)

    assert slope.value == pytest.approx(0.5, abs=3 * slope.standard_error)
    assert 0 < slope.standard_error < 0.02
    with pytest.raises(ValueError, match="three points"):
        Slope.of(points[:2])


def test_reminders_that_are_lost_doubled_or_from_nowhere_are_seen() -> None:
    promises = Promises(due={1: 10.0, 2: 20.0, 3: 30.0})
    arrivals = [Arrival(1, 10.5), Arrival(3, 30.25), Arrival(3, 31.0), Arrival(9, 40.0)]

    found = promises.compared(arrivals)

    assert (found.lost, found.doubled, found.unasked) == ([2], [3], [9])
    assert found.late == [0.25, 0.5]
    assert numbers_in("🔔 Напомнить due12\n🔔 Напомнить due7") == [12, 7]


def asked(moment: float, seconds: float, fate: Fate = Fate.DONE) -> Outcome:
    return Outcome("get one", moment, moment + seconds, fate)


def observed(*after: Outcome) -> Observed:
    """An API that answers in 0.1 s before the overload and, but for *after*, behind it."""
    moments = [number / 2 for number in range(240)]
    usual = [asked(moment, 0.1) for moment in moments if not OVERLOAD.has(moment)]
    phases = Phases([STEADY, OVERLOAD, RECOVERY])
    return Observed(phases, [*usual, *after], [], [], Promises(), Sampler([]))


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ([], 0),
        ([asked(97.5, 0.3)], 8),
        ([asked(97.5, 0.0, Fate.SHED)], 8),
        ([asked(119.0, 0.3)], None),
    ],
    ids=["at once", "slow for a while", "refused for a while", "not at all"],
)
def test_it_has_recovered_once_it_is_as_quick_as_before_for_good(
    after: list[Outcome], seconds: float | None
) -> None:
    assert observed(*after).recovery()["seconds"] == seconds


def test_what_was_refused_does_not_make_answers_look_quick() -> None:
    found = summed_up([asked(1, 0.4), asked(2, 0.001, Fate.SHED), asked(70, 9)], STEADY)

    assert (found["done"], found["shed"]) == (1, 1)
    assert found["seconds"] == {"number": 1, "p50": 0.4, "p99": 0.4, "max": 0.4}


async def test_whatever_is_not_as_it_was_answered_is_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'taskbot.sqlite3'}"
    migrate(url)
    database = create_database(url)
    core = Library.over(
        SqlTransactions(database), SqlQueries(database), clock=SystemClock(), timezone="UTC"
    )
    ada = await core.users.find_or_register(7)
    made = [
        (await core.tasks.create(CreateTask(actor=ada.id, title=title))).task
        for title in ("as answered", "another title", "should be gone", "refused")
    ]
    same, other, there, refused = map(str, (task.id for task in made))
    memory = Memory(
        kept={
            same: Known("as answered", made[0].priority, "open", made[0].version),
            other: Known("one title", made[1].priority, "open", made[1].version),
            there: Known("should be gone", made[2].priority, "open", made[2].version),
            "01ARZ3NDEKTSV4RRFFQ69G5FAV": Known("lost", 3, "open", 1),
        },
        deleted={there},
        refused={"refused"},
    )

    found = await kept_as_answered(database, memory)
    await database.dispose()

    assert found["wrong"] == 3
    assert {line.split()[0] for line in found["examples"]} == {*memory.kept} - {same}
    assert found["refused_and_there"] == 1
    assert refused not in memory.kept


def figures(**changes: Any) -> dict[str, Any]:
    api = {"failed": 0, "shed": 0, "limited": 0}
    return {
        "steady": {"api": api},
        "overload": {"api": api | {"shed": 900}},
        "after": {"api": api},
        "recovery": {"seconds": 2.0},
        "memory": {"api": {"mib_per_minute": 0.2}},
        "checks": {
            "accepted": {"wrong": 0, "refused_and_there": 0},
            "bot": {"unanswered": 0, "lost": 0, "doubled": 0},
            "reminders": {"lost": 0, "doubled": 0, "from_nowhere": 0, "not_recorded_as_sent": 0},
            "logs": {"error|critical": {"api": 0}},
        },
    } | changes


def test_a_run_is_well_or_says_what_is_not() -> None:
    refused = {"api": {"failed": 0, "shed": 3, "limited": 0}}

    assert verdict(figures()) == []
    assert verdict(figures(steady=refused)) == ["3 requests were refused at a steady load"]
    assert verdict(figures(memory={"bot": {"mib_per_minute": 1.5}})) == [
        "bot grew by 1.50 MiB a minute"
    ]
    assert verdict(figures(recovery={"seconds": None})) == [
        "the API did not recover from the overload"
    ]


def test_telegrams_stub_understands_forms_and_json_alike() -> None:
    keyboard = {"inline_keyboard": [[{"text": "Готово", "callback_data": "d:1"}]]}
    sent = {"chat_id": 7, "text": "Купить & молоко", "reply_markup": keyboard}
    form = urlencode(sent | {"reply_markup": json.dumps(keyboard)})

    assert parameters_in(json.dumps(sent).encode()) == parameters_in(form.encode())
    assert parameters_in(b"") == {}
