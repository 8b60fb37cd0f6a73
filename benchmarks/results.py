"""`results.json`: every figure, in a section for each part, with where and when it was measured."""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from benchmarks.figures import Comparison, Figure
from benchmarks.targets import Verdict

FORMAT: Final = 1


class Machine(Struct, frozen=True, kw_only=True):
    """What it was measured on. *versions*: of programs and libraries, by name."""

    cpu: str
    cores: int
    memory_mib: int
    kernel: str
    python: str
    versions: dict[str, str]
    database_settings: dict[str, str]


class Measured(Struct, frozen=True, kw_only=True):
    """When and of what. *is_quick*: too short to tell anything but that it works."""

    at: str
    commit: str
    is_changed: bool
    is_quick: bool
    seconds: float
    load_before: float


class Section(Struct, frozen=True, kw_only=True):
    """What one part found out. *sides*: what ours is called, what the floor is, and the usual."""

    title: str
    sides: tuple[str, ...]
    about: str
    comparisons: list[Comparison] = []
    figures: list[Figure] = []
    verdicts: list[Verdict] = []
    notes: list[str] = []


class Part(Struct, frozen=True, kw_only=True):
    measured: Measured
    machine: Machine
    section: Section


class Results(Struct, frozen=True, kw_only=True):
    format: int = FORMAT
    parts: dict[str, Part] = {}

    def with_part(self, name: str, part: Part, *, order: list[str]) -> "Results":
        """The other parts stay as they were measured; they stand in *order*."""
        parts = self.parts | {name: part}
        known = [each for each in order if each in parts]
        return Results(parts={each: parts[each] for each in known})


def read_results(file: Path) -> Results:
    """What *file* has; nothing where there is none, or of another format."""
    if not file.exists():
        return Results()
    found = msgspec.json.decode(file.read_bytes(), type=dict[str, msgspec.Raw])
    if "format" not in found or msgspec.json.decode(found["format"]) != FORMAT:
        return Results()
    return msgspec.json.decode(file.read_bytes(), type=Results)


def write_results(file: Path, results: Results) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
