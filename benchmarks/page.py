"""The page of `docs/performance`, from what was measured and the template beside this module."""

from collections.abc import Callable, Sequence
from pathlib import Path
from string import Template
from typing import Final

from benchmarks.figures import Comparison, Figure, Summary
from benchmarks.results import Part, Results
from benchmarks.targets import Verdict

_TEMPLATE: Final = Path(__file__).with_name("performance.md.in")
_NOTHING: Final = "–"


def render(results: Results) -> str:
    template = Template(_TEMPLATE.read_text())
    sections = [shown_section(part) for part in results.parts.values()]
    text = template.substitute(
        measured=_shown_machines(results),
        targets=shown_verdicts([v for p in results.parts.values() for v in p.section.verdicts]),
        sections="\n".join(sections),
    )
    return text.rstrip() + "\n"


def shown(value: float | None, unit: str = "") -> str:
    """To three digits, thousands with commas; a dash where nothing was measured."""
    if value is None:
        return _NOTHING
    rounded = float(f"{value:.3g}")
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{rounded:g}"  # noqa: PLR2004 - digits
    return number + ("" if not unit else unit if unit == "%" else f" {unit}")


def shown_section(part: Part) -> str:
    section, measured = part.section, part.measured
    lines = [f"## {section.title}", "", _one_line(section.about), ""]
    when = f"{measured.at}, in {measured.seconds:.0f} s"
    lines += [f"*{when}; load average before: {measured.load_before:g}.*", ""]
    if section.comparisons:
        lines += [_table_of(section.comparisons, section.sides), ""]
    if section.figures:
        lines += [_figures(section.figures), ""]
    lines += [f"- {_one_line(note)}" for note in section.notes]
    return "\n".join(lines).rstrip() + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def shown_verdicts(verdicts: Sequence[Verdict]) -> str:
    rows = [
        [
            one.what,
            f"{one.bound} {shown(one.limit, one.unit)}",
            shown(one.value, one.unit),
            "met" if one.is_met else "**not met**",
        ]
        for one in verdicts
    ]
    return table(["what", "target", "measured", ""], rows, text_columns=1)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, text_columns: int) -> str:
    """In Markdown; columns behind the first *text_columns* hold numbers."""
    marks = ["---" if at < text_columns else "---:" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, marks, *rows])


def _table_of(compared: Sequence[Comparison], sides: Sequence[str]) -> str:
    """Of all sides below each other: wide tables cannot be read on a phone."""
    columns: list[tuple[str, Callable[[Summary], float | None]]] = [
        ("per second", lambda s: s.rate),
        ("CPU ms", lambda s: s.cpu_ms),
        ("p50 ms", lambda s: s.p50_ms),
        ("p99 ms", lambda s: s.p99_ms),
    ]
    everything = [s for one in compared for s in (one.ours, one.floor) if s is not None]
    kept = [(name, of) for name, of in columns if any(of(s) is not None for s in everything)]

    def row(name: str, side: Summary, ratio: str) -> list[str]:
        return [name, *(shown(of(side)) for _, of in kept), f"{side.samples:,}", ratio]

    rows = []
    for one in compared:
        if one.floor is None:
            rows.append(row(f"**{one.name}**", one.ours, ""))
            continue
        rows.append(row(f"**{one.name}**: {sides[0]}", one.ours, _ratio(one)))
        rows.append(row(f"{one.name}: {sides[1]}", one.floor, ""))
        if one.usual is not None:
            rows.append(row(f"{one.name}: {sides[2]}", one.usual, ""))
    has_rates = any(one.rate_share is not None for one in compared)
    last = "of the floor's rate (CPU)" if has_rates else "times the floor's"
    return table(["", *(name for name, _ in kept), "n", last], rows, text_columns=1)


def _ratio(one: Comparison) -> str:
    if one.rate_share is None:
        return "" if one.time_ratio is None else f"**{one.time_ratio:.2f}**"
    cpu = "" if one.cpu_share is None else f" ({one.cpu_share:.0%})"
    return f"**{one.rate_share:.0%}**{cpu}"


def _figures(figures: Sequence[Figure]) -> str:
    rows = [
        [
            one.name,
            shown(one.value, one.unit),
            _NOTHING if one.spread is None else " to ".join(map(shown, one.spread)),
            f"{one.samples:,}",
        ]
        for one in figures
    ]
    return table(["", "median", "from, to", "n"], rows, text_columns=1)


def _shown_machines(results: Results) -> str:
    """Who was measured together stands in one line."""
    lines = []
    groups: dict[str, list[str]] = {}
    for name, part in results.parts.items():
        groups.setdefault(_shown_machine(part), []).append(name)
    for machine, names in groups.items():
        lines.append(f"**{', '.join(names)}**: {machine}")
    if any(part.measured.is_quick for part in results.parts.values()):
        lines.append(
            "**A quick run**: too short to tell anything but that the benchmark works. "
            "Its figures are no measurement."
        )
    return "\n\n".join(lines)


def _shown_machine(part: Part) -> str:
    one, of = part.machine, part.measured
    versions = ", ".join(f"{name} {version}" for name, version in one.versions.items())
    settings = ", ".join(f"{name} = {value}" for name, value in one.database_settings.items())
    changed = ", with changes that are not committed" if of.is_changed else ""
    quick = ", quick" if of.is_quick else ""
    return (
        f"{of.at[:10]}, commit `{of.commit}`{changed}{quick}; {one.cpu}, "
        f"{one.cores} cores, {one.memory_mib / 1024:.0f} GiB; {one.kernel}; Python {one.python}; "
        f"{versions}; PostgreSQL has {settings}."
    )
