"""The README's example is run, not only read."""

import re
import subprocess
import sys
from pathlib import Path

from taskbot.entrypoints.reference.settings import settings

README = Path(__file__).parents[3] / "README.md"


def test_the_example_of_library_use_runs_as_it_stands() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)

    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (run.stdout, run.stderr) == ("Water the plants completed\n", "")


def test_its_table_of_settings_says_what_the_reference_says() -> None:
    told = re.findall(r"^\| `(TASKBOT_\w+)` \| (.*?) \| (.*) \|$", README.read_text(), re.MULTILINE)

    assert len(told) == 10
    for name, default, meaning in told:
        assert f"| `{name}` | {default} | {meaning} | " in settings()
