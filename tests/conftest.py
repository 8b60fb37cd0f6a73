"""What every test shares."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from support import browser, canaries, postgres, redis, workers
from support.counting import uncounted
from support.nursery import COUNTING
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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Let workers begin uncounted. What they start is counted: pytest-cov sees to it there."""
    os.environ.pop(COUNTING, None)


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        workers.begin()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    if not hasattr(session.config, "workerinput"):
        return (yield)
    with workers.collection():
        return (yield)


# pytest-cov lets `no_cover` be of effect for the call of the test alone.
@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    canaries.keep_watch()
    with _uncounted_if_marked(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    with _uncounted_if_marked(item):
        yield
    canaries.complain()


def _uncounted_if_marked(item: pytest.Item) -> AbstractContextManager[None]:
    names: list[str] = getattr(item, "fixturenames", [])
    is_marked = item.get_closest_marker("no_cover") or "no_cover" in names
    return uncounted() if is_marked else nullcontext()


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
        (
            "a browser",
            browser.ABSENT,
            "Install Chromium and its driver (Debian: chromium, chromium-driver).",
        ),
    ):
        if number := sum(absent in reason for reason in reasons):
            terminalreporter.section(f"NOT TESTED: {name}", sep="!", yellow=True)
            terminalreporter.line(
                f"{absent}: {number} tests were skipped, so nothing is known of how this "
                f"works on {name}. {remedy}"
            )
