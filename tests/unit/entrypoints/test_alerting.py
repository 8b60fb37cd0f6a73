"""Ways to the operator, and errors in the log that become alerts."""

import asyncio
import logging

import pytest

from taskbot.adapters.alerts import Mail, TelegramChat
from taskbot.adapters.memory import RecordingAlerts
from taskbot.application.ports import AlertKind, StorageUnavailable
from taskbot.entrypoints.alerting import alert_channels, errors_become_alerts
from taskbot.entrypoints.settings import BadSetting, read_settings

pytestmark = pytest.mark.anyio

_log = logging.getLogger("taskbot.tests")
MAIL = {
    "TASKBOT_ALERT_EMAIL": "operator@example.org",
    "TASKBOT_SMTP_URL": "smtps://anna:p%40ss@mail.example.org",
}


def test_without_settings_there_is_no_way() -> None:
    assert alert_channels(read_settings({}), "1:token", None) == []


def test_both_ways_can_be_set_up() -> None:
    settings = read_settings(MAIL | {"TASKBOT_ALERT_CHAT_ID": "-100123"})

    chat, mail = alert_channels(settings, "1:token", None)

    assert isinstance(chat, TelegramChat)
    assert isinstance(mail, Mail)
    assert (chat.name, mail.name) == ("Telegram chat -100123", "e-mail to operator@example.org")


@pytest.mark.parametrize(
    ("missing", "settings"),
    [
        ("TASKBOT_BOT_TOKEN", {"TASKBOT_ALERT_CHAT_ID": "7"}),
        ("TASKBOT_SMTP_URL", {"TASKBOT_ALERT_EMAIL": "operator@example.org"}),
    ],
)
def test_half_of_a_way_is_a_bad_setting(missing: str, settings: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as caught:
        alert_channels(read_settings(settings), None, None)

    assert caught.value.name == missing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TASKBOT_ALERT_CHAT_ID", "anna"),
        ("TASKBOT_ALERT_CHAT_ID", "0"),
        ("TASKBOT_ALERT_EMAIL", "anna"),
        ("TASKBOT_SMTP_URL", "http://mail.example.org"),
        ("TASKBOT_SMTP_URL", "smtp://mail:port"),
        ("TASKBOT_MESSAGES_PER_SECOND", "0"),
        ("TASKBOT_MESSAGES_PER_CHAT", "many"),
        ("TASKBOT_STALLED_AFTER", "-1"),
    ],
)
def test_bad_values_name_their_variable(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({name: value})

    assert caught.value.name == name


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_errors_in_the_log_become_alerts_without_what_was_filled_in() -> None:
    alerts = RecordingAlerts()
    with errors_become_alerts(alerts):
        _log.error("update %s failed: %s", 17, "Walk the dog")
        _log.error("the %s broke down", "bot", exc_info=RuntimeError("Walk the dog"))
        _log.warning("nothing to worry about")
        await _settle()

    assert {alert.kind for alert in alerts.alerts} == {AlertKind.CRITICAL_ERROR}
    assert [alert.subject for alert in alerts.alerts] == [
        "taskbot.tests: update %s failed: %s",
        "taskbot.tests: the %s broke down (RuntimeError)",
    ]


async def test_errors_in_a_thread_become_alerts_too() -> None:
    alerts = RecordingAlerts()
    with errors_become_alerts(alerts):
        await asyncio.to_thread(_log.error, "broken")
        await _settle()

    assert len(alerts.alerts) == 1


async def test_a_storm_of_the_same_error_is_one_alert() -> None:
    alerts = RecordingAlerts()
    with errors_become_alerts(alerts):
        for number in range(100):
            _log.error("update %s failed", number)
        await _settle()

    assert len(alerts.alerts) == 1


async def test_alerts_raise_no_alerts_and_neither_does_a_storage_that_is_away() -> None:
    alerts = RecordingAlerts()
    with errors_become_alerts(alerts):
        logging.getLogger("taskbot.application.alerts").error("alert")
        logging.getLogger("another.library").error("not ours")
        _log.error("dispatch failed", exc_info=StorageUnavailable("away"))
        await _settle()

    assert alerts.alerts == []


async def test_afterwards_the_log_is_only_a_log() -> None:
    alerts = RecordingAlerts()
    with errors_become_alerts(alerts):
        pass
    _log.error("too late")
    await _settle()

    assert alerts.alerts == []
