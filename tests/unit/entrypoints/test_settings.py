"""Settings: defaults that work, and one clear line for what does not."""

import logging
from pathlib import Path

import pytest

from taskbot.entrypoints.setting_values import LogFormat
from taskbot.entrypoints.settings import BadSetting, read_settings


def test_everything_has_a_default() -> None:
    settings = read_settings({})

    assert (settings.host, settings.port, settings.simulator_port) == ("127.0.0.1", 8080, 8081)
    assert settings.bot_token is None
    assert settings.log_format is LogFormat.AUTO
    assert settings.database == f"sqlite:///{Path('data').absolute() / 'taskbot.sqlite3'}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TASKBOT_PORT", "http"),
        ("TASKBOT_PORT", "65536"),
        ("TASKBOT_PORT", "-1"),
        ("TASKBOT_PORT", "８０８０"),
        ("TASKBOT_SIMULATOR_PORT", "1e3"),
        ("TASKBOT_HOST", " "),
        ("TASKBOT_BOT_TOKEN", "not-a-token"),
        ("TASKBOT_TELEGRAM_API_URL", "api.telegram.org"),
        ("TASKBOT_API_URL", "tasks.example.org"),
        ("TASKBOT_TELEGRAM_API_URL", "http://[::1"),
        ("TASKBOT_WEBHOOK_URL", "http://bot.example.org/telegram"),
        ("TASKBOT_WEBHOOK_URL", "bot.example.org/telegram"),
        ("TASKBOT_WEBHOOK_URL", "https://me@bot.example.org/telegram"),
        ("TASKBOT_WEBHOOK_URL", "https://bot.example.org/tele gram"),
        ("TASKBOT_WEBHOOK_URL", "https://bot.example.org/#telegram"),
        ("TASKBOT_WEBHOOK_URL", "https://bot.example.org:port/"),
        ("TASKBOT_WEBHOOK_URL", "https://[::1"),
        ("TASKBOT_WEBHOOK_SECRET", "with a space"),
        ("TASKBOT_WEBHOOK_SECRET", "пароль"),
        ("TASKBOT_WEBHOOK_SECRET", "x" * 257),
        ("TASKBOT_WEBHOOK_PORT", "x"),
        ("TASKBOT_UPDATES_PER_MINUTE", "-1"),
        ("TASKBOT_DATABASE_URL", "mysql://localhost/tasks"),
        ("TASKBOT_TIMEZONE", "Moscow"),
        ("TASKBOT_TRUSTED_PROXIES", "*"),
        ("TASKBOT_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TASKBOT_TRUSTED_PROXIES", "proxy.example.org"),
        ("TASKBOT_CORS_ORIGINS", "app.example.org"),
        ("TASKBOT_CORS_ORIGINS", "https://app.example.org/"),
        ("TASKBOT_CORS_ORIGINS", "https://App.example.org"),
        ("TASKBOT_CORS_ORIGINS", "https://*.example.org"),
        ("TASKBOT_CORS_ORIGINS", "https://app.example.org:443"),
        ("TASKBOT_CORS_ORIGINS", "https://app.example.org:port"),
        ("TASKBOT_CORS_ORIGINS", "https://user@app.example.org"),
        ("TASKBOT_CORS_ORIGINS", "*,https://app.example.org"),
        ("TASKBOT_CORS_ORIGINS", "null"),
        ("TASKBOT_API_REQUESTS_PER_MINUTE", "-1"),
        ("TASKBOT_API_REQUESTS_PER_MINUTE", "1.5"),
        ("TASKBOT_API_ANONYMOUS_PER_MINUTE", "1000001"),
        ("TASKBOT_PUBLIC_URL", "tasks.example.org"),
        ("TASKBOT_PUBLIC_URL", "https://tasks.example.org/taskbot"),
        ("TASKBOT_PUBLIC_URL", "https://tasks.example.org/#x"),
        ("TASKBOT_PUBLIC_URL", "javascript:alert(1)"),
        ("TASKBOT_LOG_LEVEL", "loud"),
        ("TASKBOT_LOG_FORMAT", "xml"),
        ("TASKBOT_LOG_FILE_MIB", "0"),
        ("TASKBOT_LOG_FILE_MIB", "much"),
        ("TASKBOT_LOG_FILES_KEPT", "-1"),
        ("TASKBOT_LOG_FILES_KEPT", "1001"),
        ("TASKBOT_SENTRY_DSN", "https://sentry.example.org/1"),
        ("TASKBOT_SENTRY_DSN", "https://key@sentry.example.org/"),
        ("TASKBOT_SENTRY_DSN", "https://key@sentry.example.org:port/1"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        read_settings({name: value})

    assert refusal.value.name == name
    assert str(refusal.value).startswith(f"{name}: ")
    assert "\n" not in str(refusal.value)


def test_a_refused_token_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as refusal:
        read_settings({"TASKBOT_BOT_TOKEN": "12345 secret"})

    assert "secret" not in str(refusal.value)


def test_an_empty_value_means_not_set() -> None:
    assert read_settings({"TASKBOT_PORT": "", "TASKBOT_BOT_TOKEN": ""}) == read_settings({})


def test_an_option_goes_before_the_environment() -> None:
    given = {"TASKBOT_API_URL": "https://there.example.org"}

    assert read_settings(given, api_url="https://here.example.org/").api_url == (
        "https://here.example.org"
    )
    assert read_settings(given, api_url=None).api_url == "https://there.example.org"
    with pytest.raises(BadSetting) as refusal:
        read_settings(given, api_url="nowhere")
    assert refusal.value.name == "TASKBOT_API_URL"


def test_a_token_does_not_show_itself() -> None:
    settings = read_settings({"TASKBOT_BOT_TOKEN": "123456:very-secret"})

    assert "very-secret" not in repr(settings)
    assert settings.bot_token is not None
    assert settings.bot_token.reveal() == "123456:very-secret"


def test_a_mistyped_name_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        read_settings({"TASKBOT_PROT": "8000"})

    assert "TASKBOT_PROT" in caplog.text


def test_the_file_is_read_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("TASKBOT_PORT=9001\nTASKBOT_SIMULATOR_PORT=9002\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASKBOT_PORT", "9003")
    monkeypatch.delenv("TASKBOT_SIMULATOR_PORT", raising=False)

    settings = read_settings()

    assert (settings.port, settings.simulator_port) == (9003, 9002)


def test_a_file_that_cannot_be_read_is_a_bad_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes(b"TASKBOT_PORT=\xff")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(BadSetting, match="it cannot be read") as refusal:
        read_settings()

    assert refusal.value.name == ".env"


def test_networks_are_read_one_by_one() -> None:
    settings = read_settings({"TASKBOT_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8 ,::1,"})

    assert settings.trusted_proxies == ("127.0.0.1/32", "10.0.0.0/8", "::1/128")
    assert read_settings({}).trusted_proxies == ()


@pytest.mark.parametrize(
    ("value", "origins"),
    [
        ("", ()),
        ("*", ("*",)),
        (
            "https://app.example.org, http://localhost:3000,http://[::1]:8080",
            ("https://app.example.org", "http://localhost:3000", "http://[::1]:8080"),
        ),
    ],
)
def test_origins_are_written_as_browsers_do(value: str, origins: tuple[str, ...]) -> None:
    assert read_settings({"TASKBOT_CORS_ORIGINS": value}).cors_origins == origins


@pytest.mark.parametrize(
    "url",
    [
        "https://bot.example.org",
        "https://bot.example.org:8443/a/b?c=d",
        "http://127.0.0.1:8082/telegram",
        "http://localhost:1/",
        "http://[::1]:8082/telegram",
    ],
)
def test_addresses_that_telegram_or_a_server_here_can_call_are_taken(url: str) -> None:
    assert read_settings({"TASKBOT_WEBHOOK_URL": url}).webhook_url == url
