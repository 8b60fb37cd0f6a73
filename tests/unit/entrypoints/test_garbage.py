"""What stays is left alone by the collector of garbage; what comes after is not."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from taskbot.entrypoints.garbage import leave_alone_what_stays


class _Ring:
    """Refers to itself: nobody but the collector finds out that it is garbage."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def the_collector_as_it_was() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_is_there_is_passed_over_from_then_on() -> None:
    leave_alone_what_stays()

    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < gc.get_freeze_count() / 10


def test_garbage_of_before_is_not_kept() -> None:
    ring = _Ring()
    known = weakref.ref(ring)
    del ring

    leave_alone_what_stays()

    assert known() is None


def test_garbage_of_later_is_still_collected_by_itself() -> None:
    leave_alone_what_stays()
    known = weakref.ref(_Ring())

    kept = [[] for _ in range(3 * gc.get_threshold()[0])]  # type: list[list[int]]

    assert kept
    assert known() is None
