"""Which tests one process runs one after the other, when several processes share them."""

from typing import Final

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # it has no types

TOGETHER: Final = ("tests/faults/", "tests/e2e/", "tests/adapters/persistence/test_plans.py")
"""They share what takes long to start, or mostly wait: beside each other they would wait at once,
and beside others they cost next to nothing."""


class Turns(LoadScopeScheduling):  # type: ignore[misc] # as above
    """What belongs together comes first; all other tests go to whoever is free.

    Not by the mark `xdist_group`, which pytest 9.2 made ineffective (pytest-xdist #1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)
