"""The words by which texts are found."""

import sys

from taskbot.application.search_words import search_words


def test_words_that_nobody_wrote_before_leave_nothing_behind_in_memory() -> None:
    search_words("молоко milk")
    before = sys.getallocatedblocks()

    for number in range(20_000):
        search_words(f"молоко{number} milks{number}")

    assert sys.getallocatedblocks() - before < 1_000
