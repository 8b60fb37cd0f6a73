"""Writes the page about reliability at the end of a whole run."""

import pytest

from support import reliability


@pytest.fixture(scope="session", autouse=True)
def table() -> object:
    if reliability.IS_WHOLE:
        reliability.begin_page()
    yield
    if reliability.IS_WHOLE:
        reliability.write_page()
