"""What the benchmark makes of what it measured."""

import pytest
from hypothesis import given, strategies as st

from benchmarks.figures import Round, comparison, figure, percentile, significant, summary

values = st.lists(st.floats(0, 1e6), min_size=1, max_size=50)


@given(values, st.floats(0, 100))
def test_a_percentile_is_one_of_the_values_and_so_many_do_not_exceed_it(
    measured: list[float], per_cent: float
) -> None:
    found = percentile(measured, per_cent)

    assert found in measured
    assert sum(value <= found for value in measured) * 100 >= per_cent * len(measured) - 1e-6
    assert sum(value < found for value in measured) * 100 <= per_cent * len(measured)


@pytest.mark.parametrize(("per_cent", "expected"), [(0, 1), (1, 1), (50, 50), (99, 99), (100, 100)])
def test_percentiles_of_one_to_a_hundred(per_cent: float, expected: float) -> None:
    assert percentile(range(100, 0, -1), per_cent) == expected


def test_the_99th_of_few_values_is_the_largest() -> None:
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_what_lies_behind_four_digits_is_noise() -> None:
    assert [significant(value) for value in (12345.6, 0.00123456, 0.0)] == [12350, 0.001235, 0]


def test_a_summary_has_medians_of_rounds_and_percentiles_of_all_operations() -> None:
    rounds = [
        Round(10, 1.0, 0.01, [0.001, 0.002]),
        Round(30, 1.0, 0.06, [0.003]),
        Round(20, 1.0, 0.02, [0.004]),
    ]

    found = summary(rounds)

    assert (found.rate, found.cpu_ms) == (20, 1)
    assert (found.p50_ms, found.p99_ms) == (2, 4)
    assert (found.samples, found.rounds) == (4, 3)


def test_without_times_it_counts_the_operations() -> None:
    found = summary([Round(10, 2.0), Round(10, 2.0)])

    assert (found.samples, found.cpu_ms, found.p50_ms) == (20, None, None)


def test_sides_are_compared_round_by_round() -> None:
    """The second round was disturbed, on both sides: the share is what it always was."""
    ours = [Round(50, 1.0, 0.1), Round(5, 1.0, 0.1), Round(50, 1.0, 0.1)]
    floor = [Round(100, 1.0, 0.05), Round(10, 1.0, 0.05), Round(100, 1.0, 0.05)]

    found = comparison("ask", ours, floor)

    assert found.rate_share == 0.5
    assert found.cpu_share == 0.25


def test_what_is_usual_is_a_multiple_of_ours_round_by_round() -> None:
    ours = [Round(50, 1.0, 0.1), Round(5, 1.0, 0.1), Round(50, 1.0, 0.1)]
    usual = [Round(10, 1.0, 0.1), Round(1, 1.0, 0.1), Round(10, 1.0, 0.1)]

    found = comparison("ask", ours, ours, usual)

    assert found.usual == summary(usual)
    assert found.usual_cpu == 5
    assert comparison("ask", ours, ours).usual is None


def test_times_are_compared_by_their_medians() -> None:
    ours, floor = [Round(1, 1.0, taken=[0.006])], [Round(1, 1.0, taken=[0.002])]

    assert comparison("ask", ours, floor).time_ratio == 3


def test_a_figure_of_several_values_tells_their_spread() -> None:
    assert figure("start", [3.0, 1.0, 2.0], "s").spread == (1, 3)
    assert figure("start", [3.0], "s").spread is None
