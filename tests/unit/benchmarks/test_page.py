"""The page that is made of the results."""

from pathlib import Path
from typing import Final

import pytest

from benchmarks.figures import Comparison, Figure, Summary
from benchmarks.page import render, shown, shown_section, shown_verdicts, table
from benchmarks.results import (
    Machine,
    Measured,
    Part,
    Results,
    Section,
    read_results,
    write_results,
)
from benchmarks.targets import at_least, at_most

DOCS: Final = Path(__file__).parents[3] / "docs" / "performance"
HERE: Final = Machine(
    cpu="Some CPU",
    cores=2,
    memory_mib=4096,
    kernel="Linux 6",
    python="3.11.7",
    versions={"PostgreSQL": "15"},
    database_settings={"fsync": "on"},
)


def a_part(*, commit: str = "abc", is_quick: bool = False, title: str = "The API") -> Part:
    summary = Summary(rate=1234.0, p50_ms=1.5, p99_ms=20.25, samples=9000, rounds=3)
    floor = Summary(rate=2000.0, p50_ms=0.5, p99_ms=2.0, samples=9000, rounds=3)
    usual = Summary(rate=400.0, p50_ms=4.5, p99_ms=9.0, samples=900, rounds=3)
    return Part(
        measured=Measured(
            at="2031-05-17 18:00 UTC",
            commit=commit,
            is_changed=False,
            is_quick=is_quick,
            seconds=10,
            load_before=0.1,
        ),
        machine=HERE,
        section=Section(
            title=title,
            sides=("taskbot", "bare", "usual"),
            about="What it\nis.",
            comparisons=[
                Comparison(name="get", ours=summary, floor=floor, rate_share=0.617, usual=usual)
            ],
            figures=[Figure(name="memory", value=95.04, unit="MiB", samples=2, spread=(95, 96))],
            verdicts=at_least("rate", 61.7, 60, "%") + at_most("memory", 130, 120, "MiB"),
        ),
    )


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, "ms", "–"),
        (0, "", "0"),
        (0.0123456, "ms", "0.0123 ms"),
        (12.345, "s", "12.3 s"),
        (61.66, "%", "61.7%"),
        (123.4, "MiB", "123 MiB"),
        (12345.6, "", "12,346"),
    ],
)
def test_numbers_are_shown_as_far_as_they_mean_something(
    value: float | None, unit: str, expected: str
) -> None:
    assert shown(value, unit) == expected


def test_a_table_has_its_numbers_on_the_right() -> None:
    assert table(["", "n"], [["a", "1"]], text_columns=1).splitlines() == [
        "|  | n |",
        "| --- | ---: |",
        "| a | 1 |",
    ]


def test_a_section_has_all_sides_below_each_other() -> None:
    lines = shown_section(a_part()).splitlines()

    assert "| **get**: taskbot | 1,234 | 1.5 | 20.2 | 9,000 | **62%** |" in lines
    assert "| get: bare | 2,000 | 0.5 | 2 | 9,000 |  |" in lines
    assert "| get: usual | 400 | 4.5 | 9 | 900 |  |" in lines
    assert "| memory | 95 MiB | 95 to 96 | 2 |" in lines
    assert "What it is." in lines
    assert "*2031-05-17 18:00 UTC, in 10 s; load average before: 0.1.*" in lines


def test_targets_say_whether_they_were_met() -> None:
    lines = shown_verdicts(a_part().section.verdicts).splitlines()

    assert lines[2:] == [
        "| rate | at least 60% | 61.7% | met |",
        "| memory | at most 120 MiB | 130 MiB | **not met** |",
    ]


def test_what_was_measured_together_is_told_together() -> None:
    results = Results(parts={"api": a_part(), "bot": a_part(), "start": a_part(commit="def")})

    page = render(results)

    assert "**api, bot**: 2031-05-17, commit `abc`;" in page
    assert "**start**: 2031-05-17, commit `def`;" in page
    assert "quick" not in page


def test_a_quick_run_says_that_it_is_one() -> None:
    assert "A quick run" in render(Results(parts={"api": a_part(is_quick=True)}))


def test_a_part_changes_its_section_alone(tmp_path: Path) -> None:
    file, order = tmp_path / "new" / "results.json", ["api", "bot"]
    write_results(file, Results().with_part("bot", a_part(title="Bot"), order=order))

    results = read_results(file).with_part("api", a_part(), order=order)
    write_results(file, results.with_part("api", a_part(commit="def"), order=order))

    found = read_results(file).parts
    assert [*found] == ["api", "bot"]
    assert found["bot"] == a_part(title="Bot")
    assert found["api"].measured.commit == "def"


def test_results_of_another_format_are_measured_anew(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text('{"format": 0, "parts": []}')

    assert read_results(file) == read_results(tmp_path / "none.json") == Results()


def test_the_page_is_what_the_results_say() -> None:
    assert (DOCS / "README.md").read_text() == render(read_results(DOCS / "results.json"))
