"""The units for systemd."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from attrs import fields_dict

from taskbot.entrypoints.cli import main
from taskbot.entrypoints.settings import Settings, variable_of

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "systemd"
UNITS: Final = sorted(path.name for path in FOLDER.glob("*.service"))
PROGRAM: Final = "/opt/taskbot/bin/taskbot"
HARDENED: Final = {
    "User=taskbot",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "RestrictNamespaces=yes",
    "MemoryDenyWriteExecute=yes",
    "SystemCallFilter=@system-service",
}


def lines(unit: str) -> list[str]:
    return (FOLDER / unit).read_text().splitlines()


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_hardened(unit: str) -> None:
    assert set(lines(unit)) >= HARDENED


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_runs_a_command_with_settings_that_there_are(unit: str) -> None:
    known = {variable_of(name) for name in fields_dict(Settings)}  # type: ignore[arg-type] # as there
    text = (FOLDER / unit).read_text()
    (command,) = re.findall(rf"{PROGRAM} (\w+)", text)

    assert command in main.commands
    given = set(re.findall(r"^Environment=(TASKBOT_[A-Z_]+)=", text, re.MULTILINE))
    assert given <= known | {f"{name}_FILE" for name in known}
    credentials = set(re.findall(r"^LoadCredential=(\w+):", text, re.MULTILINE))
    assert credentials == set(re.findall(r"_FILE=%d/(\w+)$", text, re.MULTILINE))


@pytest.mark.parametrize("unit", [unit for unit in UNITS if not re.search("migrate|backup", unit)])
def test_every_process_is_watched_and_started_again(unit: str) -> None:
    assert {"Type=notify", "WatchdogSec=60", "Restart=always"} <= set(lines(unit))


def test_systemd_itself_has_nothing_to_say_against_them(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: the units were not verified")
    for path in FOLDER.iterdir():
        name = path.name.replace("@.", "@1.")
        (tmp_path / name).write_text(path.read_text().replace(PROGRAM, "/bin/true"))
    units = [str(path) for path in tmp_path.glob("*.service")]

    done = subprocess.run(
        ["systemd-analyze", "verify", *units, str(tmp_path / "taskbot-backup.timer")],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert [line for line in done.stderr.splitlines() if "taskbot" in line] == []
    assert done.returncode == 0, done.stderr
