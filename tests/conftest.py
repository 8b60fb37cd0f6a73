"""What every test shares."""

import pytest
from hypothesis import HealthCheck, settings

from support.postgres import ABSENT, VARIABLE

settings.register_profile(
    "taskbot",
    deadline=None,  # a slow machine is no failure
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("taskbot")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in plain words what a green run has not shown."""
    skipped = terminalreporter.stats.get("skipped", [])
    without_postgres = sum(ABSENT in str(report.longrepr) for report in skipped)
    if without_postgres:
        terminalreporter.section("NOT TESTED: PostgreSQL", sep="!", yellow=True)
        terminalreporter.line(
            f"{ABSENT}: {without_postgres} tests were skipped, so nothing is known of how this "
            f"works on PostgreSQL. Set {VARIABLE} to a server where databases may be created."
        )
