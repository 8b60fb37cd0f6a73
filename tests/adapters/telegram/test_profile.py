"""How the bot presents itself."""

import pytest

from support.simulator import running_simulator
from support.telegram import a_bot
from taskbot.adapters.telegram import publish_profile
from taskbot.adapters.telegram.texts import start
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio


async def test_commands_and_descriptions_are_published_in_every_language() -> None:
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await publish_profile(bot)

        english = await sim.control.request("GET", "/sim/bot")
        russian = await sim.control.request("GET", "/sim/bot", params={"language": "ru"})

    assert {"command": "create", "description": "a new task"} in english["commands"]
    assert {"command": "create", "description": "новая задача"} in russian["commands"]
    names = [one["command"] for one in english["commands"]]
    assert names == list(start.COMMANDS) == [one["command"] for one in russian["commands"]]
    assert not {"timezone", "language"} & set(names), "they work, and are in the settings"
    assert "exactly on time" in english["description"]
    assert "точно вовремя" in russian["description"]
    assert "точно вовремя" in russian["short_description"]


async def test_what_is_set_already_is_not_set_again() -> None:
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await publish_profile(bot)
        await publish_profile(bot)

        calls = [one["method"] for one in await sim.control.calls()]

    assert calls.count("setMyCommands") == len(Language)
    assert calls.count("setMyDescription") == len(Language)
    assert calls.count("setMyShortDescription") == len(Language)


@pytest.mark.parametrize("kind", ["429", "500", "accept-then-reset"])
async def test_failing_to_publish_is_logged_and_not_fatal(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_simulator() as sim, a_bot(sim.url) as bot:
        await sim.control.fault(kind, times=None)

        await publish_profile(bot)

    assert "the bot's profile could not be published" in caplog.text
    assert "a-made-up-token" not in caplog.text
