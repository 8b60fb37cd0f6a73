"""The secrets that containers are given, and the samples that are none."""

import stat
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import fields
from dotenv import dotenv_values

from taskbot.entrypoints.setting_values import Secret
from taskbot.entrypoints.settings import BadSetting, Settings, read_settings, variable_of

PROJECT: Final = Path(__file__).parents[2]
SCRIPT: Final = PROJECT / "deploy" / "make-secrets.sh"
TOKEN: Final = "123456789:of-nobody"


def make(folder: Path, *, said: str = "") -> str:
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT), str(folder)],
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout if done.returncode == 0 else ""


def samples() -> dict[str, str]:
    """What `.env.example` says, commented lines included."""
    text = (PROJECT / ".env.example").read_text().replace("# TASKBOT_", "TASKBOT_")
    lines = [line for line in text.splitlines() if line.startswith("TASKBOT_")]
    return dict(line.split("=", 1) for line in lines)


def test_what_the_script_makes_is_what_the_settings_take(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    make(folder, said=f"{TOKEN}\n")

    settings = read_settings(
        {
            "TASKBOT_BOT_TOKEN_FILE": str(folder / "bot_token"),
            "TASKBOT_DATABASE_URL_FILE": str(folder / "database_url"),
            "TASKBOT_REDIS_URL_FILE": str(folder / "redis_url"),
        }
    )
    password = (folder / "database_password").read_text().strip()
    assert settings.bot_token == Secret(TOKEN)
    assert settings.database == f"postgresql://taskbot:{password}@postgres:5432/taskbot"
    assert settings.redis_url is not None
    assert (
        settings.redis_url.reveal().split("@")[0].removeprefix("redis://:")
        in (folder / "redis.conf").read_text()
    )
    assert len(password) == 40


def test_nobody_else_may_enter_and_what_is_mounted_may_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    make(folder, said=TOKEN + "\n")

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o444}


def test_what_is_there_stays(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make(folder, said=TOKEN + "\n")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    assert make(folder) == ""

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_no_token_makes_no_file(tmp_path: Path) -> None:
    make(tmp_path, said="\n")

    assert not (tmp_path / "bot_token").exists()


@pytest.mark.parametrize("name", samples())
def test_a_sample_is_no_secret(name: str) -> None:
    with pytest.raises(BadSetting, match="the sample's secret") as refusal:
        read_settings({name: samples()[name]})

    assert refusal.value.name == name


def test_there_is_a_sample_of_every_secret() -> None:
    attributes: Any = fields(Settings)  # type: ignore[arg-type] # the decorator is not annotated
    secret = {variable_of(one.name) for one in attributes if "Secret" in str(one.type)}

    assert secret == samples().keys()


def test_whoever_copies_the_samples_is_stopped_by_them() -> None:
    given = {k: v or "" for k, v in dotenv_values(PROJECT / ".env.example").items()}

    with pytest.raises(BadSetting, match="the sample's secret"):
        read_settings(given)
