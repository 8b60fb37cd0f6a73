"""The heartbeat: what a process says of itself, and who hears it."""

import asyncio
import socket
import threading
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from support.builders import NOW
from support.simulator import eventually
from taskbot.adapters.clock import SystemClock
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.queue.between_processes import threads_check
from taskbot.application.health import Check, Facts, HealthService, Unwell
from taskbot.entrypoints import heartbeat
from taskbot.entrypoints.cli import main
from taskbot.entrypoints.heartbeat import FRESH_FOR, beating, problems_of
from taskbot.entrypoints.settings import Settings, read_settings
from taskbot.entrypoints.supervisor import environment_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat"


def settings_with(file: Path) -> Settings:
    return read_settings({"TASKBOT_HEARTBEAT_FILE": str(file)})


def health(problem: str | None = None) -> HealthService:
    async def look() -> Facts:
        if problem is not None:
            raise Unwell(problem)
        return {}

    return HealthService([Check(name="database", look=look)])


async def test_a_process_that_is_well_says_so_until_it_ends(file: Path) -> None:
    clock = ManualClock(NOW)

    async with beating(settings_with(file), health(), clock):
        assert list(problems_of(file, NOW + FRESH_FOR)) == []

    assert list(file.parent.iterdir()) == []
    assert "no heartbeat" in "".join(problems_of(file, NOW))


async def test_what_keeps_it_from_its_work_is_told(file: Path) -> None:
    async with beating(settings_with(file), health("does not answer"), ManualClock(NOW)):
        assert list(problems_of(file, NOW)) == ["database: does not answer"]


@pytest.mark.parametrize("ago", [FRESH_FOR, -FRESH_FOR])
async def test_a_process_that_is_silent_is_not_well(file: Path, ago: timedelta) -> None:
    async with beating(settings_with(file), health(), ManualClock(NOW)):
        (problem,) = problems_of(file, NOW + ago * 2)

    assert "no heartbeat for" in problem


async def test_one_of_several_that_is_silent_is_noticed(file: Path) -> None:
    first, second = ManualClock(NOW), ManualClock(NOW - 2 * FRESH_FOR)

    async with (
        beating(settings_with(file.with_name("heartbeat.0")), health(), first),
        beating(settings_with(file.with_name("heartbeat.1")), health(), second),
    ):
        (problem,) = problems_of(file, NOW)

    assert problem == "no heartbeat for 60 seconds"


def test_each_of_several_workers_has_a_heart_of_its_own(file: Path) -> None:
    first, second = (environment_of(number, settings_with(file)) for number in range(2))

    assert first["TASKBOT_HEARTBEAT_FILE"] == f"{file}.0"
    assert second["TASKBOT_HEARTBEAT_FILE"] == f"{file}.1"
    assert "TASKBOT_HEARTBEAT_FILE" not in environment_of(0, read_settings({}))


def test_what_is_no_heartbeat_is_not_taken_for_one(file: Path) -> None:
    file.write_text('{"at": "yesterday"}')

    assert list(problems_of(file, NOW)) == [f"{file} cannot be read"]


async def test_it_beats_again_and_again_and_outlives_a_failure(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "_BEAT_SECONDS", 0.001)
    clock, troubles = ManualClock(NOW), [RuntimeError("once")]

    async def look() -> Facts:
        if clock.now() > NOW and troubles:
            raise troubles.pop()
        return {}

    async def is_fresh() -> bool:
        return not list(problems_of(file, clock.now()))

    async with beating(
        settings_with(file), HealthService([Check(name="database", look=look)]), clock
    ):
        clock.advance(timedelta(hours=1))
        await eventually(is_fresh)
    assert not troubles


async def test_a_folder_that_is_not_there_stops_nobody(file: Path) -> None:
    nowhere = file.parent / "nowhere" / "heartbeat"

    async with beating(settings_with(nowhere), health(), ManualClock(NOW)):
        assert list(problems_of(nowhere, NOW)) != []


async def test_without_anybody_who_listens_nothing_is_looked_at() -> None:
    async def look() -> Facts:
        raise AssertionError("nobody asked")

    silent = HealthService([Check(name="database", look=look)])
    async with beating(read_settings({}), silent, ManualClock(NOW)):
        await asyncio.sleep(0)


@pytest.mark.parametrize("kind", ["path", "abstract"])
async def test_systemd_hears_that_it_is_ready_alive_and_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    address = str(tmp_path / "notify") if kind == "path" else f"\0{tmp_path}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", address.replace("\0", "@"))

        async with beating(read_settings({}), health("does not answer"), ManualClock(NOW)):
            said = systemd.recv(1000).decode().splitlines()
        last = systemd.recv(1000).decode()

    assert said == ["READY=1", "WATCHDOG=1", "STATUS=database: does not answer"]
    assert last == "STOPPING=1"


async def test_a_worker_whose_threads_have_ended_is_not_well() -> None:
    def look(*threads: threading.Thread) -> HealthService:
        worker: Any = SimpleNamespace(consumers={"reminders": threads[0]}, workers=threads[1:])
        return HealthService([threads_check(lambda: worker)])

    ended = threading.Thread(target=lambda: None)
    ended.start()
    ended.join()
    alive = threading.current_thread()

    assert not (await look(alive, alive).look()).failed
    assert [one.name for one in (await look(alive, ended).look()).failed] == ["threads"]
    assert [one.name for one in (await look(ended, alive).look()).failed] == ["threads"]


def test_the_command_tells_it_by_its_exit_status(file: Path) -> None:
    environment = {"TASKBOT_HEARTBEAT_FILE": str(file)}

    async def live_and_ask() -> Any:
        async with beating(settings_with(file), health(), SystemClock()):
            return await asyncio.to_thread(CliRunner().invoke, main, ["health"], env=environment)

    alive = asyncio.run(live_and_ask())
    gone = CliRunner().invoke(main, ["health"], env=environment)
    unset = CliRunner().invoke(main, ["health"], env={"TASKBOT_HEARTBEAT_FILE": ""})

    assert (alive.exit_code, alive.output) == (0, "all is well\n")
    assert gone.exit_code == 1
    assert "no heartbeat" in gone.output
    assert unset.exit_code == 1
    assert "TASKBOT_HEARTBEAT_FILE" in unset.output
