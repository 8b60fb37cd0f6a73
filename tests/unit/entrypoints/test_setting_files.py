"""Settings that stand in files: secrets of containers, credentials of systemd."""

import logging
from pathlib import Path

import pytest

from taskbot.entrypoints.settings import BadSetting, Settings, read_settings

TOKEN = "123456:a-token-of-nobody"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot_token"


def read(file: Path, **more: str) -> Settings:
    return read_settings({"TASKBOT_BOT_TOKEN_FILE": str(file), **more})


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_is_read_from_the_file_that_is_named(file: Path, end: str) -> None:
    file.write_bytes((TOKEN + end).encode())

    settings = read(file)

    assert settings.bot_token is not None
    assert settings.bot_token.reveal() == TOKEN


def test_any_setting_may_stand_in_a_file_and_no_name_is_warned_of(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text("8123\n")

    with caplog.at_level(logging.WARNING):
        settings = read_settings({"TASKBOT_PORT_FILE": str(file), "TASKBOT_BOT_TOKEN_FILE": ""})

    assert settings.port == 8123
    assert not caplog.records


def test_a_value_and_a_file_for_one_setting_are_refused(file: Path) -> None:
    file.write_text(TOKEN)

    with pytest.raises(BadSetting, match="TASKBOT_BOT_TOKEN is set as well") as refusal:
        read(file, TASKBOT_BOT_TOKEN=TOKEN)

    assert refusal.value.name == "TASKBOT_BOT_TOKEN_FILE"
    assert TOKEN not in str(refusal.value)


def test_an_option_goes_before_a_file(file: Path) -> None:
    file.write_text("https://there.example.org")
    given = {"TASKBOT_API_URL_FILE": str(file)}

    assert read_settings(given, api_url="https://here.example.org").api_url == (
        "https://here.example.org"
    )
    with pytest.raises(BadSetting) as refusal:
        read_settings(given, api_url="nowhere")
    assert refusal.value.name == "TASKBOT_API_URL"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"7" * 100_000, "larger than any setting"),
        (b"secret but no token", "a bot token looks like"),
        (TOKEN.encode() + b"\n\n", "a bot token looks like"),
    ],
)
def test_a_file_that_is_of_no_use_is_refused_by_its_variable_and_not_repeated(
    file: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(BadSetting, match=reason) as refusal:
        read(file)

    assert refusal.value.name == "TASKBOT_BOT_TOKEN_FILE"
    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["", "\0"])
def test_a_name_of_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadSetting, match="TASKBOT_BOT_TOKEN_FILE"):
        read_settings({"TASKBOT_BOT_TOKEN_FILE": f"{tmp_path}{name}"})
