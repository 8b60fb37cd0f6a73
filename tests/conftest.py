"""What every test shares."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from support import canaries, postgres, redis
from support.turns import Turns

settings.register_profile(
    "taskbot",
    deadline=None,  # a slow machine is no failure
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("taskbot")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_runtest_setup() -> None:
    canaries.keep_watch()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    canaries.complain()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Turns:
    return Turns(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in plain words what a green run has not shown."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for name, absent, remedy in (
        (
            "PostgreSQL",
            postgres.ABSENT,
            f"Set {postgres.VARIABLE} to a server where databases may be created.",
        ),
        (
            "Redis",
            redis.ABSENT,
            f"Install redis-server, and set {redis.VARIABLE} if one is to be used that runs.",
        ),
    ):
        if number := sum(absent in reason for reason in reasons):
            terminalreporter.section(f"NOT TESTED: {name}", sep="!", yellow=True)
            terminalreporter.line(
                f"{absent}: {number} tests were skipped, so nothing is known of how this "
                f"works on {name}. {remedy}"
            )
