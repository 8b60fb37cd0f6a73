"""The bot's own texts and commands, and the files it sends and fetches."""

import base64
import struct
import zlib

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BufferedInputFile,
    MenuButtonCommands,
)

from support.simulator import TOKEN, ControlError, RunningSimulator

pytestmark = pytest.mark.anyio


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


async def test_get_me_names_the_bot_of_the_token(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.is_bot, me.can_join_groups) == (4242, True, True)
    assert me.username is not None
    assert me.username.endswith("bot")


async def test_texts_are_kept_by_language(sim: RunningSimulator, bot: Bot) -> None:
    await bot.set_my_name("Tasks")
    await bot.set_my_name("Задачи", language_code="ru")
    await bot.set_my_description("Long")
    await bot.set_my_short_description("Short", language_code="ru")

    assert (await bot.get_me()).first_name == "Tasks"
    assert (await bot.get_my_name(language_code="ru")).name == "Задачи"
    assert (await bot.get_my_name(language_code="de")).name == "Tasks"
    assert (await bot.get_my_description(language_code="ru")).description == "Long"
    assert (await bot.get_my_short_description()).short_description == ""
    shown = await sim.control.request("GET", "/sim/bot", params={"language": "ru"})
    assert (shown["name"], shown["short_description"]) == ("Задачи", "Short")


async def test_an_empty_text_brings_the_default_back(bot: Bot) -> None:
    await bot.set_my_description("Long")

    await bot.set_my_description("")

    assert (await bot.get_my_description()).description == ""


async def test_a_description_has_512_characters_at_most(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest):
        await bot.set_my_description("x" * 513)

    assert await bot.set_my_description("x" * 512)


async def test_a_person_sees_the_narrowest_commands(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    def command(name: str) -> list[BotCommand]:
        return [BotCommand(command=name, description=f"/{name}")]

    await bot.set_my_commands(command("everyone"))
    await bot.set_my_commands(command("russian"), BotCommandScopeAllPrivateChats(), "ru")
    await bot.set_my_commands(command("ada"), BotCommandScopeChat(chat_id=ada))

    async def shown(**query: object) -> str:
        view = await sim.control.request("GET", "/sim/bot", params=query)
        return str(view["commands"][0]["command"])

    assert await shown() == "everyone"
    assert await shown(language="ru") == "russian"
    assert await shown(language="ru", person=ada) == "ada"
    assert [kept.command for kept in await bot.get_my_commands()] == ["everyone"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == []


@pytest.mark.parametrize(
    ("command", "description", "words"),
    [
        ("with space", "x", "BOT_COMMAND_INVALID"),
        ("задачи", "x", "BOT_COMMAND_INVALID"),
        ("x" * 33, "x", "BOT_COMMAND_INVALID"),
        ("ok", " ", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("ok", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_a_command_must_be_well_formed(
    bot: Bot, command: str, description: str, words: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.set_my_commands([BotCommand(command=command, description=description)])

    assert refused.value.message == f"Bad Request: {words}"


async def test_small_change_that_bots_make_at_the_start(bot: Bot, ada: int) -> None:
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    assert (await bot.get_chat_menu_button(ada)).type == "commands"
    assert (await bot.get_chat(ada)).first_name == "Ada"
    assert await bot.log_out()
    async with bot.context(auto_close=False):
        assert await bot.close()


async def test_a_photo_arrives_with_its_caption(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    picture = png(40, 30)

    sent = await bot.send_photo(
        ada, BufferedInputFile(picture, "week.png"), caption="<b>Week</b>", parse_mode="HTML"
    )

    shown = await sim.control.last(ada)
    assert sent.photo is not None
    assert (sent.photo[0].width, sent.photo[0].height) == (40, 30)
    assert sent.caption == "Week"
    assert shown["html"] == "<b>Week</b>"
    got = await sim.control.http.get(shown["photo"]["url"])
    assert got.content == picture
    assert got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"


async def test_a_sent_file_can_be_sent_again_and_downloaded(bot: Bot, ada: int) -> None:
    sent = await bot.send_document(ada, BufferedInputFile(b"BEGIN:VCALENDAR", "tasks.ics"))
    assert sent.document is not None

    again = await bot.send_document(ada, sent.document.file_id, caption="again")
    downloaded = await bot.download(sent.document.file_id)

    assert again.document == sent.document
    assert sent.document.file_name == "tasks.ics"
    assert sent.document.mime_type == "text/calendar"
    assert downloaded is not None
    assert downloaded.read() == b"BEGIN:VCALENDAR"


async def test_a_caption_can_be_edited_but_has_no_text(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_photo(ada, BufferedInputFile(png(4, 4), "x.png"), caption="one")

    await sent.edit_caption(caption="two")
    with pytest.raises(TelegramBadRequest) as no_text:
        await sent.edit_text("three")
    with pytest.raises(TelegramBadRequest) as too_long:
        await sent.edit_caption(caption="x" * 1025)

    assert (await sim.control.last(ada))["text"] == "two"
    assert no_text.value.message == "Bad Request: there is no text in the message to edit"
    assert too_long.value.message == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(1, 30), "PHOTO_INVALID_DIMENSIONS"),
        (png(9_000, 1_001), "PHOTO_INVALID_DIMENSIONS"),
        (b"", "file must be non-empty"),
    ],
)
async def test_what_is_no_photo_is_refused(bot: Bot, ada: int, content: bytes, words: str) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_photo(ada, BufferedInputFile(content, "x.png"))

    assert refused.value.message == f"Bad Request: {words}"


async def test_an_unknown_file_is_refused(sim: RunningSimulator, bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.get_file("nope")
    missing = await sim.control.http.get(f"/file/bot{TOKEN}/documents/file_9.txt")
    unauthorized = await sim.control.http.get("/file/botx/documents/file_9.txt")

    assert refused.value.message == "Bad Request: invalid file_id"
    assert (missing.status_code, unauthorized.status_code) == (404, 401)


async def test_a_document_is_never_shown_in_the_browser(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    page = b"<script>alert(1)</script>"
    await sim.control.send(
        ada,
        document={
            "data": base64.b64encode(page).decode(),
            "name": "x.html",
            "mime_type": "text/html",
        },
    )

    got = await sim.control.http.get((await sim.control.last(ada))["document"]["url"])

    assert got.content == page
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"] == "attachment"
    assert "sandbox" in got.headers["content-security-policy"]


async def test_a_person_sends_a_photo_that_the_bot_can_fetch(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    picture = png(8, 8)
    parts = {"photo": ("me.png", picture, "image/png"), "caption": (None, "me")}

    await sim.control.request("POST", f"/sim/persons/{ada}/send", files=parts)
    await sim.control.send(ada, photo=base64.b64encode(picture).decode())

    first, second = [update.message for update in (await bot.get_updates())[1:]]
    assert first is not None
    assert second is not None
    assert first.photo is not None
    assert first.caption == "me"
    assert second.photo is not None
    downloaded = await bot.download(first.photo[-1])
    assert downloaded is not None
    assert downloaded.read() == picture


async def test_a_broken_upload_is_refused_clearly(sim: RunningSimulator, ada: int) -> None:
    with pytest.raises(ControlError) as no_base64:
        await sim.control.send(ada, photo="%%%")
    with pytest.raises(ControlError) as no_picture:
        await sim.control.send(ada, photo=base64.b64encode(b"x").decode())
    with pytest.raises(ControlError) as odd_part:
        await sim.control.request("POST", f"/sim/persons/{ada}/send", files={"x": ("x", b"x")})

    assert no_base64.value.status == no_picture.value.status == odd_part.value.status == 400


async def test_photos_and_documents_do_not_stand_in_for_each_other(bot: Bot, ada: int) -> None:
    photo = await bot.send_photo(ada, BufferedInputFile(png(4, 4), "x.png"))
    document = await bot.send_document(ada, BufferedInputFile(b"x", "x"))
    assert photo.photo is not None
    assert document.document is not None

    again = await bot.send_photo(ada, photo.photo[0].file_id)
    with pytest.raises(TelegramBadRequest) as as_document:
        await bot.send_document(ada, photo.photo[0].file_id)
    with pytest.raises(TelegramBadRequest) as as_photo:
        await bot.send_photo(ada, document.document.file_id)

    assert again.photo == photo.photo
    assert "Photo as Document" in as_document.value.message
    assert "Document as Photo" in as_photo.value.message


async def test_a_photo_over_10_mb_is_refused(bot: Bot, ada: int) -> None:
    content = png(4, 4) + b"x" * (10 * 1024 * 1024)

    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_photo(ada, BufferedInputFile(content, "x.png"))

    assert refused.value.message == (
        f"Bad Request: file of size {len(content)} bytes is too big for a photo; "
        "the maximum size is 10485760 bytes"
    )


async def test_a_file_over_20_mb_cannot_be_fetched(bot: Bot, ada: int) -> None:
    content = b"x" * (20 * 1024 * 1024 + 1)
    sent = await bot.send_document(ada, BufferedInputFile(content, "x.bin"))
    assert sent.document is not None

    with pytest.raises(TelegramBadRequest) as refused:
        await bot.get_file(sent.document.file_id)

    assert refused.value.message == "Bad Request: file is too big"


async def test_an_unknown_language_is_refused(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.set_my_name("x", language_code="klingon")

    assert refused.value.message == "Bad Request: LANG_CODE_INVALID"


async def test_more_than_100_commands_are_refused(bot: Bot) -> None:
    commands = [BotCommand(command=f"c{number}", description="x") for number in range(101)]

    with pytest.raises(TelegramBadRequest) as refused:
        await bot.set_my_commands(commands)

    assert refused.value.message == "Bad Request: BOT_COMMANDS_TOO_MUCH"
