"""What was answered survives a restart, and a kill."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from support.simulator import Control, running_simulator

pytestmark = pytest.mark.anyio

GO = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]])
SERVER = """
import asyncio, sys
from pathlib import Path
import uvicorn
from taskbot.adapters.simulator import Simulator, create_simulator_app

async def main():
    simulator = Simulator(storage_path=Path(sys.argv[1]))
    await simulator.open()
    app = create_simulator_app(simulator)
    config = uvicorn.Config(
        app, fd=int(sys.argv[2]), log_level="warning", access_log=False, lifespan="off"
    )
    await uvicorn.Server(config).serve()
    await simulator.close()

asyncio.run(main())
"""


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "simulator.sqlite3"
    async with running_simulator(storage_path=path) as sim, sim.bot() as bot:
        await sim.control.person(7, "Ada")
        await sim.control.send(7, "/start")
        await bot.set_my_commands([BotCommand(command="new", description="New")])
        sent = await bot.send_message(7, "<b>x</b>", parse_mode="HTML", reply_markup=GO)
        document = await bot.send_document(7, BufferedInputFile(b"content", "x.txt"))
        pressed = await sim.control.press(7, sent.message_id, data="go", wait=0)
        before = await sim.control.messages(7)
        updates = await bot.get_updates()

    async with running_simulator(storage_path=path) as sim, sim.bot() as bot:
        after = await sim.control.messages(7)
        pending = await bot.get_updates()
        commands = await bot.get_my_commands()
        assert document.document is not None
        downloaded = await bot.download(document.document)
        answered = await bot.answer_callback_query(pressed["callback_query_id"])
        next_id = await sim.control.send(7, "again")
        latest = (await bot.get_updates())[-1]

    assert after == before
    assert pending == updates
    assert [command.command for command in commands] == ["new"]
    assert downloaded is not None
    assert downloaded.read() == b"content"
    assert answered
    assert next_id == before[-1]["message_id"] + 1
    assert latest.update_id == updates[-1].update_id + 1


async def test_a_confirmed_update_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite3"
    async with running_simulator(storage_path=path) as sim, sim.bot() as bot:
        await sim.control.person(7)
        await sim.control.send(7, "/start")
        updates = await bot.get_updates()
        await bot.get_updates(offset=updates[-1].update_id + 1)

    async with running_simulator(storage_path=path) as sim, sim.bot() as bot:
        assert await bot.get_updates() == []


async def test_a_reset_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite3"
    async with running_simulator(storage_path=path) as sim, sim.bot() as bot:
        await bot.get_me()
        await sim.control.person(7)
        await sim.control.reset()

    async with running_simulator(storage_path=path) as sim:
        assert await sim.control.request("GET", "/sim/persons") == []


async def test_persons_talk_to_the_bot_they_talked_to_before(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite3"
    async with running_simulator(storage_path=path) as sim:
        for token in ("1:a", "2:a", "1:a"):
            await sim.control.http.get(f"/bot{token}/getMe")

    async with running_simulator(storage_path=path) as sim:
        assert (await sim.control.request("GET", "/sim/bot"))["id"] == 1


@pytest.mark.slow
async def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite3"
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = start(path, listener.fileno())
        try:
            async with Control(url) as control:
                await control.person(7)
                await control.send(7, "/start")
                body = {"chat_id": 7, "text": "promised"}
                sent = await control.request("POST", "/bot1:a/sendMessage", json=body)
        finally:
            process.kill()
            process.wait(timeout=20)

    async with running_simulator(storage_path=path) as sim, sim.bot("1:a") as bot:
        messages = await sim.control.messages(7)
        updates = await bot.get_updates()

    assert [message["text"] for message in messages] == ["/start", "promised"]
    assert messages[-1]["message_id"] == sent["result"]["message_id"]
    assert [update.message.text for update in updates if update.message] == ["/start"]


def start(path: Path, listener: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVER, str(path), str(listener)], pass_fds=[listener]
    )
