"""The canary as the settings want it."""

from datetime import timedelta

import pytest

from taskbot.application.jobs import SCHEDULE, Job
from taskbot.entrypoints.canary import schedule_of
from taskbot.entrypoints.settings import BadSetting, read_settings


def test_without_a_group_no_canary_comes_round() -> None:
    assert schedule_of(read_settings({"TASKBOT_CANARY_EVERY": "60"})) == SCHEDULE


def test_with_a_group_one_comes_round_as_often_as_is_wanted() -> None:
    settings = {"TASKBOT_CANARY_CHAT_ID": "-100123", "TASKBOT_CANARY_EVERY": "90"}

    *others, canary = schedule_of(read_settings(settings))

    assert tuple(others) == SCHEDULE
    assert (canary.job, canary.every) == (Job.SEND_CANARY, timedelta(seconds=90))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TASKBOT_CANARY_CHAT_ID", "7"),
        ("TASKBOT_CANARY_CHAT_ID", "0"),
        ("TASKBOT_CANARY_CHAT_ID", "anna"),
        ("TASKBOT_CANARY_EVERY", "59"),
        ("TASKBOT_CANARY_EVERY", "601"),
        ("TASKBOT_CANARY_EVERY", "often"),
    ],
)
def test_a_canary_that_cannot_be_sent_is_a_bad_setting(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({name: value})

    assert caught.value.name == name
