"""Everything as a file."""

import json
from collections.abc import AsyncGenerator

import pytest

from support.telegram import Person, Stage
from taskbot.adapters.telegram import export
from taskbot.application.ports import StorageUnavailable
from taskbot.application.task_commands import CreateTask
from taskbot.domain.ids import UserId

pytestmark = pytest.mark.anyio


async def file_of(stage: Stage, person: Person) -> bytes:
    file = await stage.bot.get_file(person.shown["document"]["file_id"])
    assert file.file_path is not None
    content = await stage.bot.download_file(file.file_path)
    assert content is not None
    return content.read()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Everything that I keep of you"), ("ru", "Всё, что у меня о вас")]
)
async def test_everything_comes_as_a_file(stage: Stage, language: str, said: str) -> None:
    person = await stage.started(language=language)
    user = await stage.core.users.find_or_register(person.id)
    for number in range(120):  # some pages
        title = f"Купить молока {number}"
        await stage.core.tasks.create(CreateTask(actor=user.id, title=title))

    text = await person.send("/export")

    assert said in text
    assert person.shown["document"]["name"] == "taskbot-export-2100-03-15.json"
    document = json.loads(await file_of(stage, person))
    assert document["profile"]["telegram_id"] == person.id
    assert [task["title"] for task in document["tasks"]][-1] == "Купить молока 119"
    actions = await stage.sim.control.calls(method="sendChatAction")
    assert {one["parameters"]["action"] for one in actions} == {"upload_document"}


class _Endless:
    """More than Telegram takes; *given* is how much of it was asked for."""

    def __init__(self) -> None:
        self.given = 0
        self.is_closed = False

    async def document(self, *, actor: UserId) -> AsyncGenerator[bytes, None]:
        return self._pieces()

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                self.given += 400
                yield bytes(400)
        finally:
            self.is_closed = True


async def test_what_is_too_large_for_telegram_is_told_with_another_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_MEGABYTE", 1000)
    endless = _Endless()
    ada = await stage.started()
    monkeypatch.setattr(
        type(stage.backend.exports), "document", lambda _, actor: endless.document(actor=actor)
    )

    text = await ada.send("/export")

    assert "more than 50 MB" in text
    assert "GET /api/v1/me/export" in text
    assert (endless.given, endless.is_closed) == (50_400, True)
    assert not await stage.sim.control.calls(method="sendDocument")


async def test_what_takes_too_long_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_PATIENCE_SECONDS", 0.0)
    ada = await stage.started()

    assert "takes too long" in await ada.send("/export")


async def test_a_storage_that_breaks_off_leaves_no_half_a_file(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object, *, actor: UserId) -> AsyncGenerator[bytes, None]:
        async def pieces() -> AsyncGenerator[bytes, None]:
            yield b'{"format":'
            raise StorageUnavailable("gone")

        return pieces()

    ada = await stage.started()
    monkeypatch.setattr(type(stage.backend.exports), "document", broken)

    assert "cannot reach my memory" in await ada.send("/export")
    assert not await stage.sim.control.calls(method="sendDocument")
