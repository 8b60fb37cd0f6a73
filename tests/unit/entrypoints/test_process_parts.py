"""The parts of a process: web server, log, zone of the machine, wiring, command line."""

import json
import logging
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
import tzlocal
from click.testing import CliRunner
from dependency_injector import providers

from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import LocalSendLimiter
from taskbot.adapters.redis import create_redis
from taskbot.entrypoints.api_bot_container import ApiBotContainer
from taskbot.entrypoints.cli import main
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.local_timezone import local_timezone
from taskbot.entrypoints.logs import configure_logging
from taskbot.entrypoints.settings import read_settings
from taskbot.entrypoints.web_server import AddressTaken, serving


async def hello(scope: object, receive: object, send: object) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"hello"})  # type: ignore[operator]


@pytest.mark.anyio
async def test_an_application_is_served_while_the_block_lasts() -> None:
    async with (
        serving(hello, host="127.0.0.1", port=0, lifespan="off") as address,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        answer = await client.get(address)

    assert answer.text == "hello"
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.get(address)


@pytest.mark.anyio
async def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(AddressTaken) as refusal:
            async with serving(hello, host="127.0.0.1", port=port):
                pass

    assert f"127.0.0.1:{port}" in str(refusal.value)


@pytest.mark.anyio
async def test_who_listens_everywhere_is_shown_at_the_loopback_address() -> None:
    async with serving(hello, host="0.0.0.0", port=0, lifespan="off") as address:
        assert address.startswith("http://127.0.0.1:")


async def who_asks(scope: dict[str, Any], receive: object, send: Any) -> None:
    seen = f"{scope['scheme']} {scope['client'][0]}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": seen})


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("trusted", "forwarded", "seen"),
    [
        ([], "203.0.113.7", "http 127.0.0.1"),
        (["10.0.0.0/8"], "203.0.113.7", "http 127.0.0.1"),
        (["127.0.0.1/32"], "203.0.113.7", "https 203.0.113.7"),
        (["127.0.0.0/8", "10.0.0.0/8"], "6.6.6.6, 203.0.113.7, 10.1.2.3", "https 203.0.113.7"),
        (["127.0.0.0/8"], "6.6.6.6, 203.0.113.7, 10.1.2.3", "https 10.1.2.3"),
    ],
)
async def test_only_trusted_proxies_are_believed(
    trusted: list[str], forwarded: str, seen: str
) -> None:
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    async with (
        serving(
            who_asks, host="127.0.0.1", port=0, lifespan="off", trusted_proxies=trusted
        ) as address,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        answer = await client.get(address, headers=headers)

    assert answer.text == seen


@pytest.mark.anyio
async def test_a_trusted_proxy_is_known_on_a_socket_of_both_families() -> None:
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    async with (
        serving(
            who_asks, host="::", port=0, lifespan="off", trusted_proxies=["127.0.0.0/8"]
        ) as address,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        answer = await client.get(address.replace("[::1]", "127.0.0.1"), headers=headers)

    assert answer.text == "https 203.0.113.7"


def _fail_with(text: str) -> None:
    raise RuntimeError(text)


def test_every_log_line_is_one_json_object_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = logging.root.handlers[:], logging.root.level
    try:
        configure_logging(read_settings({"TASKBOT_LOG_FORMAT": "json"}))
        log = logging.getLogger("taskbot.somewhere")
        log.info("asking https://api.telegram.org/bot123456789:AbCdEfGhIjKlMn/getMe")
        try:
            _fail_with("tb_0123456789abcdefghijABCDEFGHIJ012345 leaked")
        except RuntimeError:
            log.exception("it broke")
    finally:
        logging.captureWarnings(capture=False)
        logging.root.handlers[:], level = before[0], before[1]
        logging.root.setLevel(level)

    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["level"] for line in lines] == ["info", "error"]
    assert "AbCdEf" not in written
    assert "abcdefghij" not in written
    assert "RuntimeError" in lines[1]["exception"]


def test_a_chosen_zone_goes_before_the_machines() -> None:
    assert local_timezone("Asia/Tokyo") == "Asia/Tokyo"


@pytest.mark.parametrize(("named", "taken"), [("Europe/Moscow", "Europe/Moscow"), ("Moon", "UTC")])
def test_the_machines_zone_is_taken_if_it_has_a_name(
    named: str, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tzlocal, "get_localzone_name", lambda: named)

    assert local_timezone(None) == taken


def test_a_machine_whose_zone_has_no_name_lives_by_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    def unnamed() -> str:
        raise LookupError("no name")

    monkeypatch.setattr(tzlocal, "get_localzone_name", unnamed)

    assert local_timezone(None) == "UTC"


@pytest.mark.anyio
async def test_every_provider_of_the_container_can_be_built(tmp_path: Path) -> None:
    environment = {
        "TASKBOT_DATA_DIR": str(tmp_path),
        "TASKBOT_REDIS_URL": "redis://127.0.0.1:1/0",
        "TASKBOT_CANARY_CHAT_ID": "-1001",
    }
    container = Container(settings=read_settings(environment))

    for name, provider in container.providers.items():
        if not isinstance(provider, providers.Dependency) and name != "close":
            assert provider() is not None, name

    await container.close()


async def _checks(tmp_path: Path, **environment: str) -> list[tuple[str, bool]]:
    container = Container(settings=read_settings({"TASKBOT_DATA_DIR": str(tmp_path)} | environment))
    health = await container.health().look()
    await container.close()
    return [(finding.name, finding.is_needed) for finding in health.findings]


@pytest.mark.anyio
async def test_redis_is_looked_at_where_there_is_one_and_never_needed(tmp_path: Path) -> None:
    alone = await _checks(tmp_path)
    shared = await _checks(tmp_path, TASKBOT_REDIS_URL="redis://127.0.0.1:1/0")

    assert alone == [("database", True), ("schema", True), ("reminders", False)]
    assert shared == [*alone[:2], ("redis", False), *alone[2:]]


def test_a_bad_setting_ends_the_command_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASKBOT_PORT", "many")

    ended = CliRunner().invoke(main, ["up"])

    assert ended.exit_code == 1
    assert ended.output == "Error: TASKBOT_PORT: a port is a whole number from 0 to 65535\n"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "TASKBOT_BOT_TOKEN: is needed by processes of their own"),
        (
            {"TASKBOT_BOT_TOKEN": "123456:made-up-for-the-tests"},
            "TASKBOT_REDIS_URL: is needed by a bot without the database",
        ),
    ],
)
def test_a_bot_over_the_api_says_in_a_line_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    ended = CliRunner().invoke(main, ["bot", "--api-url", "https://tasks.example.org"])

    assert ended.exit_code == 1
    assert ended.output.startswith(f"Error: {told}")
    assert ended.output.count("\n") == 1


_CALLED = {
    "TASKBOT_BOT_TOKEN": "123456:made-up-for-the-tests",
    "TASKBOT_WEBHOOK_URL": "https://bot.example.org/telegram",
    "TASKBOT_REDIS_URL": "redis://127.0.0.1:1/0",
}


@pytest.mark.parametrize("options", [[], ["--api-url", "https://tasks.example.org"]])
@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"TASKBOT_WEBHOOK_URL": ""}, "TASKBOT_WEBHOOK_URL: is needed for --webhook"),
        ({"TASKBOT_REDIS_URL": ""}, "TASKBOT_REDIS_URL: is needed"),
        (
            {"TASKBOT_WEBHOOK_URL": "https://bot.example.org:1234"},
            "TASKBOT_WEBHOOK_URL: Telegram calls https:// at the ports 443, 80, 88 and 8443",
        ),
        (
            {"TASKBOT_WEBHOOK_URL": "http://127.0.0.1:8082"},
            "TASKBOT_WEBHOOK_URL: Telegram calls https://",
        ),
    ],
)
def test_a_bot_that_cannot_be_called_says_in_a_line_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    changed: dict[str, str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (_CALLED | changed).items():
        monkeypatch.setenv(name, value)

    ended = CliRunner().invoke(main, ["bot", "--webhook", *options])

    assert ended.exit_code == 1
    assert ended.output.startswith(f"Error: {told}")
    assert ended.output.count("\n") == 1


@pytest.mark.anyio
async def test_every_provider_of_a_bot_over_the_api_can_be_built() -> None:
    redis = create_redis("redis://127.0.0.1:1/0")
    container = ApiBotContainer(
        api_url="https://tasks.example.org",
        bot_token="123456:made-up-for-the-tests",
        redis=redis,
        limiter=LocalSendLimiter(SystemClock()),
        settings=read_settings({"TASKBOT_ALERT_CHAT_ID": "-100123"}),
    )

    for name in ("dispatcher", "poller", "api_tokens", "signer"):
        assert container.providers[name]() is not None

    await container.close()
    await redis.aclose()


def test_the_settings_are_listed() -> None:
    listed = CliRunner().invoke(main, ["settings"])

    assert listed.exit_code == 0
    assert "TASKBOT_BOT_TOKEN" in listed.output


def test_a_telegram_id_is_a_positive_number_of_52_bits() -> None:
    for wrong in ("0", "-5", "abc", str(2**52)):
        ended = CliRunner().invoke(main, ["token", "create", "--telegram-id", wrong])

        assert ended.exit_code == 2
