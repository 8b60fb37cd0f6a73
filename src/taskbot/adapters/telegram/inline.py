"""Inline mode: in any chat `@bot words` offers a person's own tasks, to be sent there."""

import logging
import re
from typing import Final

from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.filters import Filter
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
)
from ulid import ULID

from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.listing import Tab, show_tab
from taskbot.adapters.telegram.listing.callbacks import packed, unpacked
from taskbot.adapters.telegram.screens import patiently
from taskbot.adapters.telegram.texts import finding as words
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import People, Tasks
from taskbot.application.ports import Clock, TaskOrder, TaskPage
from taskbot.application.search_words import LONGEST_SEARCH
from taskbot.application.task_commands import ListTasks
from taskbot.application.views import TaskCard
from taskbot.domain.ids import TaskId
from taskbot.domain.task import TaskStatus
from taskbot.domain.user import Language, User

_log = logging.getLogger(__name__)

_PAGE: Final = 20  # Telegram takes 50 at most
_CACHED_SECONDS: Final = 3  # long enough for whoever types and takes back a letter
_TASK_LINK: Final = re.compile(r"[?&]start=task_(?P<task>[0-9A-HJKMNP-TV-Z]{26})\b")
_FIND: Final = "find"
_HELLO: Final = "inline"  # only says where somebody came from
"""Payloads of /start, besides `task_` and an id."""


def build_router() -> Router:
    router = Router(name="inline")
    router.inline_query.register(offer)
    router.message.register(open_chosen, SentViaUs())
    return router


class SentViaUs(Filter):
    """A result of ours that was chosen in the chat with us: no words of the person's own."""

    async def __call__(self, message: Message, bot: Bot) -> bool:
        return message.via_bot is not None and message.via_bot.id == bot.id


async def offer(query: InlineQuery, bot: Bot, users: People, tasks: Tasks, clock: Clock) -> None:
    """Offer what the words find, or what is open if there are none; strangers stay strangers."""
    known = await users.find(query.from_user.id)
    if known is None:
        language = Language.guess(query.from_user.language_code)
        stranger = Voice(language=language, timezone="UTC", now=clock.now())
        await _answer(query, [], button=_button(stranger, words.OPEN_BOT, _HELLO))
        return
    voice = Voice.for_user(known, clock.now())
    page = await tasks.page(_wanted(query, known))
    cards = {
        card.task.id: card
        for card in await tasks.cards([one.task.id for one in page.items], actor=known.id)
    }
    name = await _own_name(bot)
    results = [
        _result(voice, cards[view.task.id], name) for view in page.items if view.task.id in cards
    ]
    button = None if results or query.offset else _nothing(voice, query)
    await _answer(query, results, following=_following(page), button=button)


def _wanted(query: InlineQuery, known: User) -> ListTasks:
    text = query.query.strip()[:LONGEST_SEARCH]
    return ListTasks(
        actor=known.id,
        timezone=known.timezone,
        status=None if text else TaskStatus.OPEN,
        text=text,
        order=TaskOrder.CREATED if text else TaskOrder.DEADLINE,
        descending=bool(text),
        limit=_PAGE,
        after=unpacked(query.offset),
    )


def _following(page: TaskPage) -> str:
    return "" if page.following is None else packed(page.following)


def _nothing(voice: Voice, query: InlineQuery) -> InlineQueryResultsButton:
    if query.query.strip():
        return _button(voice, words.NOTHING_FOUND, _FIND)
    return _button(voice, words.NOTHING_OPEN, _HELLO)


def _button(voice: Voice, label: str, payload: str) -> InlineQueryResultsButton:
    return InlineQueryResultsButton(text=voice.label(label), start_parameter=payload)


def _result(voice: Voice, card: TaskCard, name: str | None) -> InlineQueryResultArticle:
    """*name*: our own, for a link to the task, which opens it for its owner alone."""
    task = card.task
    markup = None
    if name is not None:
        link = f"https://t.me/{name}?start=task_{task.id}"
        open_task = InlineKeyboardButton(text=voice.label(words.OPEN_TASK), url=link)
        markup = InlineKeyboardMarkup(inline_keyboard=[[open_task]])
    return InlineQueryResultArticle(
        id=str(task.id),
        title=words.offered_title(voice, task),
        description=words.offered_line(voice, card),
        input_message_content=InputTextMessageContent(
            message_text=words.shared(voice, task),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=markup,
    )


async def _own_name(bot: Bot) -> str | None:
    """Asked for once, and known from then on."""
    try:
        return (await bot.me()).username
    except TelegramAPIError as error:
        _log.info("the bot's own name is not known: %s", type(error).__name__)
        return None


async def decline(query: InlineQuery, voice: Voice) -> None:
    """Say that something went wrong: a person who waits for results sees a button at least."""
    await _answer(query, [], button=_button(voice, words.NOT_NOW, _HELLO))


async def _answer(
    query: InlineQuery,
    results: list[InlineQueryResultArticle],
    *,
    following: str = "",
    button: InlineQueryResultsButton | None = None,
) -> None:
    try:
        await patiently(
            lambda: query.answer(
                list(results),
                cache_time=_CACHED_SECONDS,
                is_personal=True,
                next_offset=following,
                button=button,
            )
        )
    except TelegramBadRequest as error:
        if "query is too old" not in error.message:
            raise
        _log.info("an inline query was answered too late")  # the person typed on meanwhile


async def open_chosen(message: Message, turn: Turn, tasks: Tasks) -> None:
    """Show the task itself instead of taking its text for another one."""
    task_id = _linked_task(message)
    if task_id is None:
        await show_tab(turn, Tab.ALL, tasks)
    else:
        await show_card(turn, task_id, tasks)


def _linked_task(message: Message) -> TaskId | None:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    for button in (button for row in rows for button in row):
        if match := _TASK_LINK.search(button.url or ""):
            return TaskId(ULID.from_str(match["task"]))
    return None
