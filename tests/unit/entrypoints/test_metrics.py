"""Where a process shows what it measures."""

from pathlib import Path

import httpx
import pytest

from support.backends import migrated_sqlite
from taskbot.adapters.persistence.migrate import HEAD
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.metrics import (
    measure,
    metrics_listener,
    metrics_served,
    watch_delivery,
)
from taskbot.entrypoints.settings import read_settings
from taskbot.entrypoints.web_server import serving

pytestmark = pytest.mark.anyio


async def test_the_metrics_have_a_port_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {
        "TASKBOT_DATABASE_URL": migrated_sqlite(tmp_path),
        "TASKBOT_METRICS_PORT": "0",
        "TASKBOT_PORT": "0",
    }
    settings = read_settings(environment)
    container = Container(settings=settings)
    measure(container, "api")
    watch_delivery(container)
    listener = metrics_listener(settings)
    address = capsys.readouterr().out.removeprefix("Metrics").strip()
    async with (
        serving(container.web(), host=settings.host, port=settings.port) as api,
        metrics_served(container.metrics, listener),
        httpx.AsyncClient(trust_env=False) as client,
    ):
        await client.get(f"{api}/api/v1/health/live")
        page = (await client.get(address)).text
        at_the_api = await client.get(f"{api}/metrics")
    await container.close()

    route = 'method="GET",route="/api/v1/health/live"'
    assert address.startswith("http://127.0.0.1:")
    assert f'taskbot_http_requests_total{{{route},status="2xx"}} 1.0' in page
    assert "taskbot_reminders_due 0.0" in page
    assert "taskbot_database_connections_max 8.0" in page
    assert 'taskbot_dependency_up{dependency="database"} 1.0' in page
    assert f"taskbot_database_schema_revision {float(HEAD)}" in page
    assert f'schema="{HEAD}"' in page
    assert 'taskbot_role_info{role="api"} 1.0' in page
    assert at_the_api.status_code == 401


def test_without_a_port_nothing_more_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert metrics_listener(read_settings({"TASKBOT_DATA_DIR": str(tmp_path)})) is None
    assert capsys.readouterr().out == ""
