"""One pipe for everything that is logged: what a line has, and what it never has."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

from support import canaries
from support.log_lines import log_lines
from taskbot.application.ports import StorageUnavailable
from taskbot.application.traces import traced
from taskbot.entrypoints.logs import configure_logging
from taskbot.entrypoints.settings import BadSetting, read_settings

TOKEN: Final = "7000000001:ABCdefGHIjklMNOpqrsTUVwxyz"
_log: Final = logging.getLogger("taskbot.tests")


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("taskbot")
    before = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:], level, our_level = before
    root.setLevel(level)
    ours.setLevel(our_level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def _configure(process: str | None = None, **settings: str) -> None:
    configure_logging(
        read_settings({f"TASKBOT_{name.upper()}": value for name, value in settings.items()}),
        process,
    )


def _told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_has_time_level_logger_event_and_where_it_is_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _configure("api")

    _log.info("%d of %s", 3, "them")

    (line,) = _told(capsys)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line.pop("timestamp"))
    assert line.pop("pid") > 0
    assert line == {
        "level": "info",
        "logger": "taskbot.tests",
        "event": "3 of them",
        "process": "api",
    }


def test_a_line_has_the_ids_of_what_is_being_done() -> None:
    with log_lines() as lines:
        with traced(trace_id="update-7", update_id="7"):
            _log.info("one")
            with traced(trace_id=None, reminder_id="r"):
                _log.info("two", extra={"status": 3, "nobody_knows": "this"})
        _log.info("three")

    ids = [{k: v for k, v in line.items() if k.endswith("_id") or k == "status"} for line in lines]
    assert ids == [
        {"trace_id": "update-7", "update_id": "7"},
        {"update_id": "7", "reminder_id": "r", "status": 3},
        {},
    ]
    assert "nobody_knows" not in str(lines)


async def _fails(words: str) -> None:
    raise ValueError(words)


def test_what_broke_is_told_with_its_place_and_without_its_words() -> None:
    with log_lines() as lines:
        try:
            try:
                asyncio.run(_fails("what people wrote"))
            except ValueError as error:
                raise OSError(28, "No space left on device", "/home/somebody") from error
        except OSError:
            _log.exception("it broke")
        group = ExceptionGroup("what people wrote", [KeyError("what people wrote")])
        _log.error("both broke", exc_info=StorageUnavailable("disk full").with_traceback(None))
        _log.error("many broke", exc_info=group)

    broken = [line["exception"] for line in lines]
    assert re.fullmatch(
        r"builtins\.ValueError at\n(  \S+:\d+ in \w+\n)+which led to\n"
        r"builtins\.OSError \(No space left on device\) at\n  \S+test_logs\.py:\d+ in \w+",
        broken[0],
    )
    assert broken[1] == "taskbot.application.ports.repositories.StorageUnavailable (disk full) at"
    assert broken[2].endswith("of which 1 is\n  builtins.KeyError at")
    assert "people wrote" not in str(lines)
    assert "somebody" not in str(lines)


def test_what_looks_like_a_secret_is_taken_out_wherever_it_is() -> None:
    with canaries.let_out(), log_lines() as lines, traced(request_id=TOKEN):
        _log.info("cannot connect to https://api/bot%s/getMe", TOKEN)
        _log.info("sent %s", {"token": f"tb_{'x' * 36}"}, extra={"user_id": f"tb_{'y' * 36}"})

    assert lines[0]["request_id"] == "[secret]"
    assert lines[0]["event"] == "cannot connect to https://api/bot[secret]/getMe"
    assert (lines[1]["event"], lines[1]["user_id"]) == ("sent {'token': '[secret]'}", "[secret]")


def test_what_cannot_be_written_in_utf_8_is_written_all_the_same() -> None:
    with log_lines() as lines:
        _log.info("a file of the name %s", "a\udcff")

    assert lines[0]["event"] == "a file of the name a\udcff"


@pytest.mark.parametrize("level", ["debug", "info", "error"])
def test_of_libraries_only_trouble_is_heard(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    _configure("up", log_level=level)

    for library in ("sqlalchemy.engine", "starlette_admin.views", "dramatiq.worker", "somebody"):
        logging.getLogger(library).info("SELECT what people wrote")
        logging.getLogger(library).error("trouble")
    structlog.get_logger("another").error("trouble", why="because")
    _log.debug("a detail")

    told = _told(capsys)
    assert [line["event"] for line in told[:5]] == ["trouble"] * 5
    assert (told[4]["logger"], told[4]["why"]) == ("another", "because")
    assert [line["event"] for line in told[5:]] == (["a detail"] if level == "debug" else [])


def test_a_forgotten_exception_is_told_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def forget() -> None:
        task = asyncio.create_task(_fails("what people wrote"))
        await asyncio.wait([task])

    _configure("up")

    asyncio.run(forget())

    (line,) = _told(capsys)
    assert line["event"] == "Task exception was never retrieved"
    assert line["exception"].startswith("builtins.ValueError at")
    assert "people wrote" not in str(line)


def test_people_read_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    _configure("up", log_format="console")

    with traced(trace_id="update-7"):
        _log.warning("look out")

    line = capsys.readouterr().err
    assert re.match(r"\d{4}-\S+Z \[warning  \] look out", line)
    assert line.rstrip().endswith("[taskbot.tests] trace_id=update-7")


def test_a_process_that_stays_has_a_file_of_its_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "var" / "log"

    _configure("worker", log_dir=str(folder), log_format="auto")
    _log.info("at work")
    _configure(None, log_dir=str(folder))
    _log.info("a command that ends")

    (written,) = (json.loads(line) for line in (folder / "worker.log").read_text().splitlines())
    told = _told(capsys)
    assert written == told[0]
    assert (written["event"], written["process"]) == ("at work", "worker")
    assert [path.name for path in folder.iterdir()] == ["worker.log"]
    assert told[1]["process"] == "command"


def test_a_folder_that_cannot_be_written_is_a_bad_setting(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file")

    with pytest.raises(BadSetting) as refusal:
        _configure("api", log_dir=str(tmp_path / "log"))

    assert refusal.value.name == "TASKBOT_LOG_DIR"
    assert "api.log cannot be written: " in refusal.value.reason
