"""What the doctor found: for a person at a terminal, and for programs."""

import json
from collections.abc import Iterator
from typing import Any, Final

import click

from taskbot.adapters.telegram.texts.doctor import advice_text, problem_text, reason_text
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.doctor import Diagnosis, Report, Verdict
from taskbot.application.health import Facts
from taskbot.domain.user import Language

_FORMAT: Final = 1
"""Of the JSON; it rises when something in there is taken away or means something else."""
_MARKS: Final = {
    Verdict.OK: ("✓", "ok  ", "green"),
    Verdict.WARNING: ("!", "WARN", "yellow"),
    Verdict.FAILED: ("✗", "FAIL", "red"),
    Verdict.SKIPPED: ("-", "skip", "bright_black"),
}
_WIDTH: Final = 13
_UNITS: Final = {"_ms": " ms", "_seconds": " s"}


def _voice(report: Report) -> Voice:
    return Voice(language=Language.ENGLISH, timezone="UTC", now=report.at)


def as_text(report: Report, *, has_signs: bool) -> str:
    """*has_signs*: the terminal can show more than ASCII."""
    lines = [line for one in report.diagnoses for line in _lines(report, one, has_signs=has_signs)]
    return "\n".join([*lines, "", _summary(report)])


def _lines(report: Report, diagnosis: Diagnosis, *, has_signs: bool) -> Iterator[str]:
    voice = _voice(report)
    mark = _mark(diagnosis.verdict, has_signs=has_signs)
    told = reason_text(voice, diagnosis.skipped) if diagnosis.skipped else _facts(diagnosis.facts)
    yield f"{mark} {diagnosis.area:<{_WIDTH}} {told}".rstrip()
    for problem in diagnosis.problems:
        mark = _mark(problem.verdict, has_signs=has_signs)
        yield f"    {mark} {problem_text(voice, problem)}"
        if advice := advice_text(voice, problem):
            yield f"      {advice}"
        if problem.remedy is not None:
            yield click.style(f"          {problem.remedy}", bold=True)


def _mark(verdict: Verdict, *, has_signs: bool) -> str:
    sign, word, colour = _MARKS[verdict]
    return click.style(sign if has_signs else word, fg=colour)


def _facts(facts: Facts) -> str:
    told = []
    for name, fact in facts.items():
        if fact is None or fact == "" or (name.startswith("processes_") and not fact):
            continue
        unit = next((ending for ending in _UNITS if name.endswith(ending)), "")
        words = name.removesuffix(unit).replace("_", " ")
        told.append(f"{words} {fact}{_UNITS.get(unit, '')}")
    return ", ".join(told)


def _summary(report: Report) -> str:
    words = {
        Verdict.FAILED: "failed",
        Verdict.WARNING: "with warnings",
        Verdict.OK: "well",
        Verdict.SKIPPED: "skipped",
    }
    counts = [f"{number} {words[one]}" for one in words if (number := len(report.of(one)))]
    colour = _MARKS[report.verdict][2]
    return click.style(", ".join(counts), fg=colour, bold=True)


def as_json(report: Report) -> str:
    """See docs/how-to/find-out-what-is-wrong.md."""
    return json.dumps(
        {
            "format": _FORMAT,
            "at": report.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "verdict": report.verdict,
            "checks": [_as_object(report, one) for one in report.diagnoses],
        },
        indent=2,
    )


def _as_object(report: Report, diagnosis: Diagnosis) -> dict[str, Any]:
    voice = _voice(report)
    skipped = diagnosis.skipped
    return {
        "name": diagnosis.area,
        "verdict": diagnosis.verdict,
        "facts": dict(diagnosis.facts),
        "skipped": skipped and {"reason": skipped.reason, "text": reason_text(voice, skipped)},
        "problems": [
            {
                "kind": problem.kind,
                "verdict": problem.verdict,
                "text": problem_text(voice, problem),
                "advice": advice_text(voice, problem),
                "remedy": problem.remedy,
            }
            for problem in diagnosis.problems
        ],
    }
