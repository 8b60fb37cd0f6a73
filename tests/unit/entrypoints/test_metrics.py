"""Where a process shows what it measures."""

from pathlib import Path

import httpx
import pytest

from support.backends import migrated_sqlite
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.metrics import metrics_served
from taskbot.entrypoints.settings import read_settings
from taskbot.entrypoints.web_server import serving

pytestmark = pytest.mark.anyio


async def test_the_metrics_have_a_port_of_their_own(tmp_path: Path) -> None:
    environment = {
        "TASKBOT_DATABASE_URL": migrated_sqlite(tmp_path),
        "TASKBOT_METRICS_PORT": "0",
        "TASKBOT_PORT": "0",
    }
    settings = read_settings(environment)
    container = Container(settings=settings)
    async with (
        serving(container.web(), host=settings.host, port=settings.port) as api,
        metrics_served(settings, container.metrics()) as address,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        assert address is not None
        await client.get(f"{api}/api/v1/health/live")
        page = (await client.get(address)).text
        at_the_api = await client.get(f"{api}/metrics")
    await container.close()

    route = 'method="GET",route="/api/v1/health/live"'
    assert address.startswith("http://127.0.0.1:")
    assert f'taskbot_http_requests_total{{{route},status="2xx"}} 1.0' in page
    assert "taskbot_reminders_due 0.0" in page
    assert "taskbot_database_connections_max 8.0" in page
    assert at_the_api.status_code == 401


async def test_without_a_port_nothing_more_is_served(tmp_path: Path) -> None:
    settings = read_settings({"TASKBOT_DATA_DIR": str(tmp_path)})
    container = Container(settings=settings)

    async with metrics_served(settings, container.metrics()) as address:
        assert address is None
    await container.close()
