"""The examples for integrators are run, not only read."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from support.api import an_api
from support.core import a_core
from support.simulator import serving
from taskbot.adapters.api_client.sync import SyncCategories, SyncMe, SyncTasks, SyncTokens
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import ManualClock

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "api-client.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
SAID = [
    "Water the plants ['lead', 'due']\nWater the plants completed\n",
    "1 open\n",
    "500 characters, and at most 200 fit\nsomebody was quicker: Buy oat milk\n",
]


@pytest.mark.parametrize(
    ("example", "said"), [*zip(EXAMPLES, SAID, strict=True)], ids=["tasks", "sync", "refusals"]
)
async def test_each_example_runs_as_it_stands(example: str, said: str) -> None:
    api = an_api(core=a_core(clock=ManualClock(SystemClock().now(), skips_sleep=True)))
    ada = await api.person()
    async with serving(api.app) as url:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-W", "error", "-c", example),
            env=os.environ | {"TASKS_API": url, "TASKS_TOKEN": ada.secret, "NO_PROXY": "*"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)

    assert (out.decode(), err.decode()) == (said, "")


def test_every_method_is_named_on_the_page() -> None:
    for part in (SyncTasks, SyncCategories, SyncMe, SyncTokens):
        for method in (name for name in vars(part) if not name.startswith("_")):
            assert f"`{method}`" in PAGE.read_text(), method
