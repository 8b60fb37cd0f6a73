"""The reference of all metrics."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from taskbot.adapters.observability.catalogue import SECTIONS
from taskbot.adapters.observability.definitions import Definition, HistogramDefinition

_HEAD: Final = """\
# Metrics

What taskbot's processes show at `/metrics`, for Prometheus. How to set that up:
[Watch over it](../how-to/monitoring.md). This page is written by `make reference` from the code.

Names and labels stay what they are within a major release; more of them may come at any time.
Each process shows what it has to do with: a worker what it sends, a scheduler what it claims,
`taskbot up` everything. So sum over all processes what counts up. What is stored once is shown by
the APIs and the schedulers alike, so take the maximum of it: `taskbot_reminders_due`,
`taskbot_reminders_oldest_due_seconds`, `taskbot_dead_letters`.

The processes of `taskbot worker --processes 4` are shown together at one port, each with one label
more: `process`, from `1` on. Beside ours there are `process_*` (memory, processor, open files,
start) and `python_*` of the client library.
"""


def as_markdown() -> str:
    return "\n".join([_HEAD, *_sections()])


def _sections() -> Iterator[str]:
    for title, definitions in SECTIONS.items():
        yield f"## {title}\n"
        yield "| metric | kind | labels | meaning |\n| --- | --- | --- | --- |"
        yield from map(_row, definitions)
        yield from _explained(definitions)


def _row(definition: Definition) -> str:
    labels = ", ".join(f"`{name}`" for name in definition.label_names)
    meaning = definition.meaning
    if isinstance(definition, HistogramDefinition):
        bounds = ", ".join(f"{bound:g}" for bound in definition.buckets)
        meaning += f" Buckets up to {bounds}."
    return f"| `{definition.name}` | {definition.kind} | {labels} | {meaning} |"


def _explained(definitions: Sequence[Definition]) -> Iterator[str]:
    """What the labels mean; of those that share a name, which metric has which."""
    labels = dict.fromkeys(label for one in definitions for label in one.labels)
    names = Counter(label.name for label in labels)
    yield ""
    for label in labels:
        owner = next(one.name for one in definitions if label in one.labels)
        whose = f" of `{owner}`" if names[label.name] > 1 else ""
        yield f"- `{label.name}`{whose}: {label.meaning}{_listed(label.values)}"
    if labels:
        yield ""


def _listed(values: tuple[str, ...] | None) -> str:
    return f" ({', '.join(f'`{value}`' for value in values)})" if values else ""
