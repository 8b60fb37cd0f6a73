"""What the tests of faults share: processes as a host runs them, and the page about reliability."""

import pytest

from support import reliability
from support.nursery import COUNTING


@pytest.fixture(autouse=True)
def untraced(monkeypatch: pytest.MonkeyPatch, no_cover: None) -> None:
    """Processes here are killed a hundred times: counting their lines doubles what they take."""
    monkeypatch.delenv(COUNTING, raising=False)


@pytest.fixture(scope="session", autouse=True)
def table() -> object:
    if reliability.IS_WHOLE:
        reliability.begin_page()
    yield
    if reliability.IS_WHOLE:
        reliability.write_page()
