"""The API starts light, and alike whatever the environment says."""

import os
import subprocess
import sys

import pytest

START = """
import sys
from support.api import an_api
api = an_api()
print(api.app.debug, api.app.pdb_on_exception)
print(*sorted({name.partition(".")[0] for name in sys.modules} & {
    "aiogram", "aiohttp", "faker", "flask", "jinja2", "polyfactory", "pydantic", "sqlalchemy",
    "swagger_ui", "tornado",
}))
"""


@pytest.mark.slow
def test_the_api_loads_no_library_that_it_does_not_use() -> None:
    started = subprocess.run(
        [sys.executable, "-c", START],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(sys.path), "LITESTAR_DEBUG": "1", "LITESTAR_PDB": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert started.stdout.splitlines() == ["False False", ""]
