"""Error reports: what leaves the machine, and what never does."""

import logging
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest

from support.fake_sentry import FakeSentry, fake_sentry
from taskbot.application.traces import traced
from taskbot.entrypoints.error_tracking import only_what_may_leave, track_errors
from taskbot.entrypoints.settings import BadSetting, read_settings

_log: Final = logging.getLogger("taskbot.tests")
WORDS: Final = "Walk the dog"


@pytest.fixture
def sentry(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSentry]:
    sdk = pytest.importorskip("sentry_sdk")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    before = logging.getLogger().handlers[:]
    with fake_sentry() as server:
        track_errors(read_settings({"TASKBOT_SENTRY_DSN": server.dsn}), "worker")
        yield server
        sdk.get_client().close()
        sdk.get_global_scope().set_client(None)
        logging.getLogger().handlers[:] = before


def _break_down(words: str) -> None:
    request = {"title": words}
    raise ValueError(f"{request} is no title")


def test_an_error_is_reported_with_its_place_its_trace_and_nobody_s_words(
    sentry: FakeSentry,
) -> None:
    with traced(trace_id="update-7", update_id="7"):
        _log.warning("what came before: %s", WORDS)
        try:
            _break_down(WORDS)
        except ValueError:
            _log.exception("update %s failed: %s", 7, WORDS, extra={"words": WORDS})

    (event,) = sentry.wait_for(1)
    assert event["tags"] == {"trace_id": "update-7", "update_id": "7", "process": "worker"}
    assert event["logger"] == "taskbot.tests"
    assert event["logentry"] == {"message": "update %s failed: %s"}
    (error,) = event["exception"]["values"]
    assert error["type"] == "ValueError"
    assert [frame["function"] for frame in error["stacktrace"]["frames"]][-1] == "_break_down"
    assert event["release"].startswith("taskbot@")
    assert WORDS not in str(sentry.bodies)


def test_what_led_to_it_is_told_as_well_and_libraries_speak_in_our_words(
    sentry: FakeSentry,
) -> None:
    broken = KeyError(WORDS)
    broken.__cause__ = ValueError(WORDS)
    logging.getLogger("dramatiq").error(f"failed: {WORDS}", exc_info=broken)  # noqa: G004 - as libraries do
    logging.getLogger("taskbot.application.alerts").error("the operator is told otherwise")
    _log.info("nothing to worry about")

    _log.error("the last")

    event, last = sentry.wait_for(2)
    assert last["logentry"] == {"message": "the last"}
    assert event["logentry"] == {"message": "an error of dramatiq"}
    assert [one["type"] for one in event["exception"]["values"]] == ["ValueError", "KeyError"]
    assert WORDS not in str(sentry.bodies)


def test_nothing_but_what_is_known_leaves() -> None:
    event: dict[str, Any] = {
        "event_id": "1",
        "request": {"data": WORDS, "headers": {"Authorization": WORDS}},
        "user": {"name": WORDS},
        "breadcrumbs": {"values": [WORDS]},
        "extra": {"words": WORDS},
        "logger": "taskbot.x",
        "logentry": {"message": "broke", "params": [WORDS], "formatted": WORDS},
        "contexts": {"runtime": {"name": "CPython"}, "state": WORDS},
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "value": WORDS,
                    "mechanism": {"data": WORDS},
                    "stacktrace": {"frames": [{"function": "f", "vars": {"title": WORDS}}]},
                }
            ]
        },
        "something new": WORDS,
    }

    assert only_what_may_leave(event) == {
        "event_id": "1",
        "logger": "taskbot.x",
        "logentry": {"message": "broke"},
        "contexts": {"runtime": {"name": "CPython"}},
        "exception": {
            "values": [{"type": "ValueError", "stacktrace": {"frames": [{"function": "f"}]}}]
        },
    }


def test_without_an_address_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)

    track_errors(read_settings({}), "api")


def test_without_the_library_an_address_is_a_bad_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    settings = read_settings({"TASKBOT_SENTRY_DSN": "https://key@sentry.example.org/1"})

    with pytest.raises(BadSetting) as refusal:
        track_errors(settings, "api")

    assert str(refusal.value) == (
        "TASKBOT_SENTRY_DSN: needs a library more: pip install 'taskbot[sentry]'"
    )
