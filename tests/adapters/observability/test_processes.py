"""A worker's processes are shown together, and told apart."""

from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from taskbot.adapters.observability import Metrics, TransactionMeter
from taskbot.adapters.observability.processes import ProcessSource
from taskbot.entrypoints.metrics import metrics_collected, metrics_served
from taskbot.entrypoints.web_server import address_of, listen, listen_here

pytestmark = pytest.mark.anyio


def _process() -> Metrics:
    metrics = Metrics()
    metrics.describe("worker", schema="0012")
    metrics.meter(TransactionMeter)
    return metrics


async def test_what_two_processes_count_is_neither_added_up_nor_mixed(tmp_path: Path) -> None:
    sockets = [tmp_path / "1.sock", tmp_path / "2.sock", tmp_path / "gone.sock"]
    listener = listen("127.0.0.1", 0)
    address = address_of("127.0.0.1", listener.getsockname()[1])
    async with (
        metrics_served(_process, listen_here(sockets[0])),
        metrics_served(_process, listen_here(sockets[1])),
        metrics_collected(sockets, listener),
        httpx.AsyncClient(trust_env=False) as client,
    ):
        text = (await client.get(f"{address}/metrics")).text

    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(set(names)) == len(names), "a family is in one piece"
    samples = {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }
    assert samples["taskbot_role_info", "1", "worker"] == 1
    assert samples["taskbot_role_info", "2", "worker"] == 1
    assert samples["taskbot_reminders_claimed_total", "1"] == 0
    assert samples["taskbot_source_up", "process-2"] == 1
    assert samples["taskbot_source_up", "process-3"] == 0
    memory = [key for key in samples if key[0] == "process_resident_memory_bytes"]
    assert len(memory) == 3, "that of the process that collects, too"


async def test_nothing_is_asked_where_nothing_is_shown(tmp_path: Path) -> None:
    nobody = tmp_path / "nobody.sock"

    async with metrics_collected([nobody], None):
        assert not nobody.exists()  # and that is no trouble


async def test_an_answer_that_is_none_is_an_error(tmp_path: Path) -> None:
    source = ProcessSource.at(tmp_path / "nobody.sock", number=1)

    with pytest.raises(httpx.ConnectError):
        await source.collect()
    await source.close()
