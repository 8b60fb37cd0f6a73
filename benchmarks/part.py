"""Measures one part, in a process of its own: none finds what another left in memory."""

import argparse
import os
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from benchmarks import machine
from benchmarks.place import Place
from benchmarks.results import Measured, Part, Section
from benchmarks.scale import Scale


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("file", type=Path, help="where to write what was found")
    parser.add_argument("--postgres", required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    place, scale = Place(given.postgres, given.redis), Scale(is_quick=given.quick)
    described, load = machine.describe(place), os.getloadavg()[0]
    module: Any = import_module(f"benchmarks.scenarios.{given.name.replace('-', '_')}")
    at, begun = machine.now(), time.perf_counter()
    section: Section = uvloop.run(module.measure(place, scale))
    head, is_changed = machine.commit()
    measured = Measured(
        at=at,
        commit=head,
        is_changed=is_changed,
        is_quick=scale.is_quick,
        seconds=round(time.perf_counter() - begun),
        load_before=round(load, 2),
    )
    part = Part(measured=measured, machine=described, section=section)
    given.file.write_bytes(msgspec.json.encode(part))


if __name__ == "__main__":
    main()
