"""Whether a target was reached."""

import pytest

from benchmarks.targets import at_least, at_most


@pytest.mark.parametrize(("value", "is_met"), [(499.9, False), (500.0, True), (501.0, True)])
def test_what_should_be_at_least_so_much_may_be_just_that(value: float, is_met: bool) -> None:  # noqa: FBT001
    assert [one.is_met for one in at_least("sends", value, 500, "a second")] == [is_met]


@pytest.mark.parametrize(("value", "is_met"), [(1.19, True), (1.2, True), (1.21, False)])
def test_what_should_be_at_most_so_much_may_be_just_that(value: float, is_met: bool) -> None:  # noqa: FBT001
    assert [one.is_met for one in at_most("growth", value, 1.2, "times")] == [is_met]


def test_a_verdict_is_not_spoken_on_the_rounded_value() -> None:
    (verdict,) = at_least("sends", 499.99, 500, "a second")

    assert verdict.value == 500
    assert not verdict.is_met


def test_nothing_measured_is_no_verdict() -> None:
    assert at_least("sends", None, 500, "a second") == []
