"""The Bot API's method of inline mode: offering messages that a person may send anywhere.

Source: https://core.telegram.org/bots/api#inline-mode. Of all kinds of results this simulator knows
articles that send text. Nothing is kept in a cache: each query is asked.
"""

import re
from typing import Any, Final

from aiogram.methods import AnswerInlineQuery
from aiogram.types import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    TelegramObject,
)

from taskbot.adapters.simulator.keyboards import inline_rows
from taskbot.adapters.simulator.methods_updates import OLD_QUERY
from taskbot.adapters.simulator.refusals import bad_request
from taskbot.adapters.simulator.sending import Caller, message_text, text_fields
from taskbot.adapters.simulator.updates import INLINE_QUERY_LIFETIME

RESULTS: Final = 50
ID_BYTES: Final = 64
OFFSET_BYTES: Final = 64
START_PARAMETER: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
CACHE_SECONDS: Final = 300


async def answer_inline_query(caller: Caller, call: AnswerInlineQuery) -> bool:
    question = caller.account.questions.get(call.inline_query_id)
    is_old = question is None or caller.world.now() - question.date > INLINE_QUERY_LIFETIME
    if question is None or is_old or question.answer is not None:
        raise bad_request(OLD_QUERY)
    if len(call.results) > RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    results = [_offered(result) for result in call.results]
    if len({result["id"] for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len((call.next_offset or "").encode()) > OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    question.answer = {
        "results": results,
        "next_offset": call.next_offset or "",
        "button": _button(call.button),
        "cache_time": CACHE_SECONDS if call.cache_time is None else call.cache_time,
        "is_personal": bool(call.is_personal),
    }
    caller.world.save(question)
    return True


def _offered(result: TelegramObject) -> dict[str, Any]:
    if not isinstance(result, InlineQueryResultArticle):
        raise bad_request("RESULT_TYPE_INVALID")
    if not 0 < len(result.id.encode()) <= ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not result.title.strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.input_message_content
    if not isinstance(content, InputTextMessageContent):
        raise bad_request("SEND_MESSAGE_TYPE_INVALID")
    text = message_text(content.message_text, content.parse_mode, content.entities)
    return {
        "id": result.id,
        "title": result.title,
        "description": result.description or "",
        **text_fields(text),
        "inline_keyboard": inline_rows(result.reply_markup),
    }


def _button(button: InlineQueryResultsButton | None) -> dict[str, Any] | None:
    """What is shown above the results; of its two kinds the one that starts the bot."""
    if button is None:
        return None
    if not button.text.strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if not button.start_parameter:
        raise bad_request("START_PARAM_EMPTY")
    if START_PARAMETER.fullmatch(button.start_parameter) is None:
        raise bad_request("START_PARAM_INVALID")
    return {"text": button.text, "start_parameter": button.start_parameter}


METHODS: Final = ((AnswerInlineQuery, answer_inline_query),)
