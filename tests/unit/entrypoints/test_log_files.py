"""Log files that processes share: nothing is lost, torn or kept for ever."""

import logging
import multiprocessing
import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from taskbot.entrypoints.log_files import SharedLogFile

WRITERS: Final = 4
LINES: Final = 400


def _line(text: str) -> logging.LogRecord:
    return logging.makeLogRecord({"msg": text})


def _write(path: Path, writer: int) -> None:
    handler = SharedLogFile(path, most_bytes=10_000, kept=100)
    for number in range(LINES):
        handler.handle(_line(f"{writer}-{number} {'x' * (number % 90)}."))
    handler.close()


def test_several_processes_write_one_file_and_lose_nothing_when_it_is_put_away(
    tmp_path: Path,
) -> None:
    context = multiprocessing.get_context("fork")
    path = tmp_path / "api.log"

    writers = [context.Process(target=_write, args=(path, one)) for one in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    files = [one for one in tmp_path.iterdir() if one.suffix != ".lock"]
    lines = [line for one in files for line in one.read_text().splitlines()]
    found = Counter(line.partition(" ")[0] for line in lines)
    assert len(files) > 5
    assert all(re.fullmatch(r"\d-\d+ x*\.", line) for line in lines)
    assert found == {f"{one}-{number}": 1 for one in range(WRITERS) for number in range(LINES)}


def test_no_more_is_kept_than_was_asked_for(tmp_path: Path) -> None:
    handler = SharedLogFile(tmp_path / "bot.log", most_bytes=100, kept=2)

    for number in range(12):
        handler.handle(_line(f"{number:02} {'x' * 46}"))
    handler.close()

    kept = {one.name: one.read_text()[:2] for one in tmp_path.iterdir() if one.suffix != ".lock"}
    assert kept == {"bot.log.1": "10", "bot.log.2": "08"}


def test_nothing_may_be_kept_at_all(tmp_path: Path) -> None:
    handler = SharedLogFile(tmp_path / "bot.log", most_bytes=100, kept=0)

    for number in range(5):
        handler.handle(_line(f"{number:02} {'x' * 46}"))
    handler.close()

    assert (tmp_path / "bot.log").read_text() == f"04 {'x' * 46}\n"
    assert not (tmp_path / "bot.log.1").exists()


def test_who_takes_the_file_away_gets_a_new_one_written(tmp_path: Path) -> None:
    path = tmp_path / "bot.log"
    handler = SharedLogFile(path, most_bytes=1000, kept=1)

    handler.handle(_line("one"))
    path.rename(tmp_path / "elsewhere")
    handler.handle(_line("two"))
    path.unlink()
    handler.handle(_line("three"))
    handler.close()

    assert (tmp_path / "elsewhere").read_text() == "one\n"
    assert path.read_text() == "three\n"


def test_a_file_that_cannot_be_written_is_told_of_once_and_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "log"
    handler = SharedLogFile(folder / "bot.log", most_bytes=1000, kept=1)

    (folder / "bot.log").unlink()
    folder.rmdir()
    for text in ("one", "two"):
        handler.handle(_line(text))
    folder.mkdir()
    handler.handle(_line("three"))
    handler.close()

    told = capsys.readouterr().err.splitlines()
    assert told == [f"{folder / 'bot.log'} cannot be written: No such file or directory"]
    assert (folder / "bot.log").read_text() == "three\n"


def test_the_file_is_not_for_everybody(tmp_path: Path) -> None:
    SharedLogFile(tmp_path / "bot.log", most_bytes=1000, kept=1).close()

    assert (tmp_path / "bot.log").stat().st_mode & 0o007 == 0
