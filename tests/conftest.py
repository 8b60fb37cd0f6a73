"""What every test shares."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "taskbot",
    deadline=None,  # a slow machine is no failure
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("taskbot")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
