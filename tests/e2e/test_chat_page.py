"""The chat page in a real browser: what a person does and sees, with a test as the bot."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    Update,
)
from attrs import define

from support.browser import ABSENT, Browser, is_there, running_browser, take_picture
from support.simulator import RunningSimulator, running_simulator

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(not is_there(), reason=ABSENT),
]

ANNA: Final = 11
JOHN: Final = 12
HOSTILE: Final = "<script>owned = 1</script><img src=x onerror='owned = 1'>"
PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@define
class HandBot:
    """A bot that does nothing by itself: each test says what it answers."""

    bot: Bot
    offset: int = 0

    async def hears(self) -> Update:
        """Wait for the next update."""
        (update,) = await self.bot.get_updates(offset=self.offset, limit=1, timeout=20)
        self.offset = update.update_id + 1
        return update

    async def hears_text(self) -> str:
        message = (await self.hears()).message
        assert message is not None
        return message.text or ""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with running_browser(language="en-GB") as browser:
        yield browser


@pytest.fixture
async def sim() -> AsyncIterator[RunningSimulator]:
    async with running_simulator() as sim:
        yield sim


@pytest.fixture
async def hand(sim: RunningSimulator) -> AsyncIterator[HandBot]:
    async with sim.bot() as bot:
        await bot.delete_webhook()  # the first call makes it the bot that people talk to
        yield HandBot(bot)


@pytest.fixture
async def page(browser: Browser, sim: RunningSimulator) -> Browser:
    """The page as a phone shows it, before anybody is there."""
    await browser.resize(390, 844)
    await browser.open(sim.url)
    await browser.complaints()
    await browser.requested()
    return browser


@pytest.fixture
async def chat(page: Browser, sim: RunningSimulator, hand: HandBot) -> Browser:
    """Anna's chat on the page; she has pressed Start."""
    await sim.control.person(ANNA, "Anna", language_code="ru")
    await sim.control.send(ANNA, "/start")
    await page.open(f"{sim.url}/#{ANNA}")
    await page.find(".mine", "/start")
    await hand.hears()
    return page


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=label, callback_data=label) for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=[row])


async def test_a_person_is_made_starts_the_bot_writes_and_presses(
    page: Browser, hand: HandBot
) -> None:
    await hand.bot.set_my_description("Remembers everything")
    await page.click("button", "Anna (ru)")
    await page.find("#about", "Remembers everything")
    await page.click("#start")
    assert await hand.hears_text() == "/start"
    await page.find("#composer")
    height = await page.run("return document.getElementById('text').clientHeight")
    await page.type("#text", "Water the flowers\n")
    heard = (await hand.hears()).message
    assert heard is not None
    assert heard.text == "Water the flowers"
    assert heard.from_user is not None
    assert heard.from_user.language_code == "ru"
    await hand.bot.send_message(
        heard.chat.id,
        "Noted: <b>Water</b> the <i>flowers</i>",
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard("Done", "Later"),
    )
    shown = await page.text(".theirs b")
    await page.click(".inline-button", "Done")
    query = (await hand.hears()).callback_query
    assert query is not None
    assert query.message is not None
    await page.find(".inline-button.waiting", "Done")
    await hand.bot.edit_message_text(
        "Done: water the flowers", chat_id=heard.chat.id, message_id=query.message.message_id
    )
    await hand.bot.answer_callback_query(query.id, text="Well done!")
    await page.find(".toast", "Well done!")
    edited = await page.text(".theirs", "Done: water the flowers")

    assert height >= 40
    assert shown == "Water"
    assert query.data == "Done"
    assert "edited" in edited
    assert not await page.run("return document.querySelectorAll('.inline-button').length")
    assert await page.complaints() == []


async def test_an_alert_waits_in_a_dialog_until_it_is_read(chat: Browser, hand: HandBot) -> None:
    await hand.bot.send_message(ANNA, "Delete it?", reply_markup=keyboard("Delete"))
    await chat.click(".inline-button", "Delete")
    query = (await hand.hears()).callback_query
    assert query is not None
    await hand.bot.answer_callback_query(query.id, text="This cannot be undone", show_alert=True)

    shown = await chat.text("dialog")
    await chat.click("dialog button", "OK")
    await chat.until("return !document.querySelector('dialog')")

    assert "This cannot be undone" in shown


async def test_markup_in_a_message_stays_text(
    chat: Browser, sim: RunningSimulator, hand: HandBot
) -> None:
    await chat.type("#text", f"{HOSTILE}\n")
    await hand.bot.send_message(ANNA, f"bot: {HOSTILE}")
    await sim.control.person(JOHN, HOSTILE)

    mine = await chat.text(".mine .text", "onerror")
    theirs = await chat.text(".theirs .text", "onerror")
    await chat.until(
        "return document.querySelector('#people-list').textContent.includes('onerror')"
    )

    assert HOSTILE in mine
    assert HOSTILE in theirs
    assert await chat.run("return typeof owned") == "undefined"
    assert not await chat.run("return document.querySelectorAll('body script, body img').length")


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<b onclick='owned = 1'>a</b>", "<b>a</b>"),
        ("<img src=x onerror='owned = 1'>a", "a"),
        ("<script>owned = 1</script>a", "a"),
        ("<svg onload='owned = 1'><a href='x'>a</a></svg>", "a"),
        ("<a href='javascript:owned = 1'>a</a>", "a"),
        ("<a href=' JaVaScRiPt:owned = 1'>a</a>", "a"),
        ("<a href='data:text/html,x'>a</a>", "a"),
        ("<iframe src='//example.com'>a</iframe>b", "b"),
        ("<span class='dialog' style='position:fixed' id='text'>a</span>", "a"),
        ("<span class='hashtag dialog' style='position:fixed'>a</span>", "a"),
        ("<blockquote class='x'><u>a</u></blockquote>", "<blockquote><u>a</u></blockquote>"),
        ("<form action='/'><input name=x>a</form>", "a"),
    ],
)
async def test_even_hostile_html_of_the_server_is_inert(
    page: Browser, html: str, kept: str
) -> None:
    rebuilt = await page.run(
        """
        const [html] = arguments;
        return import("/page/formatted.js").then(({ formatted }) => {
            const box = document.createElement("div");
            box.append(formatted(html));
            document.body.append(box);
            for (const node of box.querySelectorAll("*")) node.click();
            box.remove();
            return box.innerHTML.replace('<span class="hashtag">a</span>', "a");
        });
        """,
        html,
    )

    assert rebuilt == kept
    assert await page.run("return typeof owned") == "undefined"


async def test_the_page_asks_nobody_but_the_simulator(
    chat: Browser, sim: RunningSimulator, hand: HandBot
) -> None:
    await hand.bot.send_photo(
        ANNA, BufferedInputFile(PIXEL, "dot.png"), caption="https://a.example/"
    )
    await hand.bot.send_document(ANNA, BufferedInputFile(b"1,2", "list.csv"))
    await sim.control.send(ANNA, location={"latitude": 55.75, "longitude": 37.62})
    await chat.find(".document", "55.7500")
    await chat.until("return [...document.images].every((image) => image.complete)")

    urls = [url for url in await chat.requested() if urlsplit(url).scheme not in {"data", "chrome"}]

    assert any(url.startswith(f"{sim.url}/sim/files/") for url in urls)
    assert {url for url in urls if not url.startswith((f"{sim.url}/", "about:", "blob:"))} == set()
    assert await chat.complaints() == []


async def test_a_deleted_message_vanishes_and_an_edited_one_changes(
    chat: Browser, sim: RunningSimulator, hand: HandBot
) -> None:
    first = await hand.bot.send_message(ANNA, "Soon gone")
    second = await hand.bot.send_message(ANNA, "Draft")
    await chat.find(".theirs", "Soon gone")
    await chat.find(".theirs", "Draft")
    await hand.bot.delete_message(ANNA, first.message_id)
    await hand.bot.edit_message_text("Final", chat_id=ANNA, message_id=second.message_id)

    await chat.find(".theirs", "Final")
    await chat.until("return document.querySelectorAll('.theirs').length === 1")


async def test_after_an_outage_nothing_is_missing(
    chat: Browser, sim: RunningSimulator, hand: HandBot
) -> None:
    gone = await hand.bot.send_message(ANNA, "Deleted meanwhile")
    await chat.find(".theirs", "Deleted meanwhile")
    await _connect(chat, is_there=False)
    await chat.find("#offline")
    await hand.bot.send_message(ANNA, "Written meanwhile")
    await hand.bot.delete_message(ANNA, gone.message_id)

    await _connect(chat, is_there=True)

    await chat.find(".theirs", "Written meanwhile")
    await chat.until("return document.querySelectorAll('.theirs').length === 1")
    await chat.until("return document.getElementById('offline').hidden")


async def _connect(browser: Browser, *, is_there: bool) -> None:
    speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    await browser.devtools("Network.emulateNetworkConditions", offline=not is_there, **speed)


async def test_people_are_switched_and_their_unread_messages_counted(
    chat: Browser, sim: RunningSimulator, hand: HandBot
) -> None:
    await chat.resize(1200, 800)
    await sim.control.person(JOHN, "John", language_code="en")
    await sim.control.send(JOHN, "Hello")
    await chat.find(".person", "Hello")
    await hand.bot.send_message(JOHN, "One")
    await hand.bot.send_message(JOHN, "Two")

    await chat.until("return document.querySelector('.person .badge')?.innerText.startsWith('2')")
    await chat.click(".person", "John")
    await chat.find(".theirs", "Two")
    await chat.until("return !document.querySelector('.person .badge')")

    assert await chat.run("return location.hash") == f"#{JOHN}"
    assert await chat.run("return document.querySelectorAll('.mine').length") == 1


async def test_the_bots_keyboard_and_commands_are_pressed_instead_of_typed(
    page: Browser, sim: RunningSimulator, hand: HandBot
) -> None:
    await hand.bot.set_my_commands([BotCommand(command="tasks", description="What is open")])
    await sim.control.person(ANNA, "Anna")
    await sim.control.send(ANNA, "/start")
    await hand.hears()
    await page.open(f"{sim.url}/#{ANNA}")
    rows = [[KeyboardButton(text="My tasks")]]
    await hand.bot.send_message(ANNA, "Hi", reply_markup=ReplyKeyboardMarkup(keyboard=rows))

    await page.click(".reply-button", "My tasks")
    pressed = await hand.hears_text()
    await page.find(".mine", "My tasks")
    await page.until(
        "document.querySelector('#commands').click(); return document.querySelector('.menu')"
    )
    await page.click(".menu-item", "/tasks")
    chosen = await hand.hears_text()

    assert pressed == "My tasks"
    assert chosen == "/tasks"


async def test_a_forced_reply_and_an_own_edit_reach_the_bot(chat: Browser, hand: HandBot) -> None:
    asked = await hand.bot.send_message(ANNA, "What is it called?", reply_markup=ForceReply())
    await chat.find("#context", "What is it called?")
    await chat.type("#text", "Bred\n")
    reply = (await hand.hears()).message
    await chat.find(".mine .quote", "What is it called?")
    await chat.type("#text", "\ue013")  # arrow up
    await chat.find("#context", "Edit message")
    await chat.type("#text", "\ue003\ue003ead\n")  # backspace
    edited = (await hand.hears()).edited_message

    assert reply is not None
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.message_id == asked.message_id
    assert edited is not None
    assert edited.text == "Bread"
    await chat.find(".mine", "edited")


async def test_shift_and_enter_make_a_new_line(chat: Browser, hand: HandBot) -> None:
    await chat.type("#text", "one\ue008\ue007\ue008two\n")

    assert await hand.hears_text() == "one\ntwo"


async def test_a_blocked_bot_hears_of_it_and_can_be_unblocked(chat: Browser, hand: HandBot) -> None:
    await chat.click("#chat-menu")
    await chat.click(".menu-item", "Block the bot")
    blocked = (await hand.hears()).my_chat_member
    await chat.click("#start", "Unblock the bot")
    unblocked = (await hand.hears()).my_chat_member
    await chat.type("#text", "Back again\n")

    assert blocked is not None
    assert blocked.new_chat_member.status == "kicked"
    assert unblocked is not None
    assert unblocked.new_chat_member.status == "member"
    assert await hand.hears_text() == "Back again"


async def test_a_photo_is_enlarged_by_a_press(chat: Browser, hand: HandBot) -> None:
    await hand.bot.send_photo(ANNA, BufferedInputFile(PIXEL, "dot.png"))

    await chat.click(".photo")
    await chat.find(".photo-dialog img")
    await chat.click(".photo-tools button")

    await chat.until("return !document.querySelector('dialog')")


async def test_a_reader_of_old_messages_is_not_moved_but_told_of_new_ones(
    chat: Browser, hand: HandBot
) -> None:
    for number in range(30):
        await hand.bot.send_message(ANNA, f"Old {number}")
    await chat.find(".theirs", "Old 29")
    await chat.run("document.getElementById('scroller').scrollTo(0, 0)")
    await chat.find("#jump")
    await hand.bot.send_message(ANNA, "New one")

    await chat.until("return document.getElementById('jump').dataset.count === '1'")
    stood = await chat.run("return document.getElementById('scroller').scrollTop")
    await chat.click("#jump")
    await chat.until("return document.getElementById('jump').hidden")

    assert stood == 0


async def test_everything_is_cleared_only_after_a_question(
    chat: Browser, sim: RunningSimulator
) -> None:
    await chat.click("#back")
    await chat.click("#clear")
    await chat.click("dialog button", "Cancel")
    kept = await sim.control.request("GET", "/sim/persons")
    await chat.click("#clear")
    await chat.click("dialog button", "Clear")
    await chat.find("#welcome h2")

    assert [person["id"] for person in kept] == [ANNA]
    assert await sim.control.request("GET", "/sim/persons") == []


async def test_the_page_speaks_the_readers_language_until_another_is_chosen(
    page: Browser,
) -> None:
    english = await page.text("#welcome h2")
    await page.click("#language")
    await page.find("#welcome h2", "без Telegram")
    await page.run("location.reload()")
    await page.find("#welcome h2", "без Telegram")

    assert "without Telegram" in english
    assert await page.run("return document.documentElement.lang") == "ru"


async def test_the_theme_follows_the_system_until_one_is_chosen(page: Browser) -> None:
    background = "return getComputedStyle(document.body).backgroundColor"
    await page.prefer(dark=False)
    light = await page.run(background)
    await page.prefer(dark=True)
    await page.until(f"{background} !== arguments[0]", light)
    await page.click("#theme")
    chosen = await page.run(background)
    await page.prefer(dark=False)

    assert chosen == light


@pytest.mark.parametrize("width", [360, 1200])
async def test_nothing_is_wider_than_the_window(
    chat: Browser, hand: HandBot, tmp_path: Path, width: int
) -> None:
    await hand.bot.send_message(ANNA, "w" * 300, reply_markup=keyboard("A" * 60, "B" * 60))
    await hand.bot.send_document(ANNA, BufferedInputFile(b"1", f"{'n' * 90}.csv"))
    await hand.bot.send_message(ANNA, f"<pre>{'p' * 200}</pre>", parse_mode=ParseMode.HTML)
    await chat.find(".theirs", "ppp")

    picture = tmp_path / "page.png"
    await take_picture(chat, picture, width=width, height=700, scale=1)
    widest = await chat.run(
        """
        const wide = [...document.querySelectorAll(".app, .app *")].filter((node) =>
            node.checkVisibility() && !node.closest("svg, .sr-only"));
        return Math.max(...wide.map((node) => node.getBoundingClientRect().right));
        """
    )

    assert widest <= width
    assert int.from_bytes(picture.read_bytes()[16:20], "big") == width
