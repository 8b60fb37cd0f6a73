"""The Bot API's methods about updates: polling, webhooks, answers to buttons.

Source: https://core.telegram.org/bots/api#getting-updates.
"""

import re
from typing import Any, Final

from aiogram.methods import (
    AnswerCallbackQuery,
    Close,
    DeleteWebhook,
    GetUpdates,
    GetWebhookInfo,
    LogOut,
    SetWebhook,
)
from aiogram.types import WebhookInfo

from taskbot.adapters.simulator.formatted_text import utf16_length
from taskbot.adapters.simulator.refusals import bad_request, conflict
from taskbot.adapters.simulator.sending import Caller
from taskbot.adapters.simulator.state import Webhook
from taskbot.adapters.simulator.telegram_objects import to_json
from taskbot.adapters.simulator.updates import QUERY_LIFETIME

LONGEST_POLL: Final = 50
MOST_UPDATES: Final = 100
ANSWER_LENGTH: Final = 200
SECRET_LENGTH: Final = 256
SECRET: Final = re.compile(r"[A-Za-z0-9_-]*")
WEBHOOK_PORTS: Final = frozenset({"80", "88", "443", "8443"})
URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[^\]/]+\]|[^/:?#\s]+)(?::(?P<port>\d+))?\S*"
)
LOOPBACK: Final = re.compile(r"localhost|127\.\d+\.\d+\.\d+|\[::1\]")
OLD_QUERY: Final = "query is too old and response timeout expired or query ID is invalid"


async def get_updates(caller: Caller, call: GetUpdates) -> list[dict[str, Any]]:
    """Wait up to 50 seconds. A later call takes the turn: this one then ends with a 409."""
    world, account, queue = caller.world, caller.account, caller.queue
    if account.webhook is not None:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    if call.allowed_updates is not None and call.allowed_updates != account.allowed_updates:
        account.allowed_updates = call.allowed_updates
        world.save(account)
    limit = call.limit if call.limit and 0 < call.limit <= MOST_UPDATES else MOST_UPDATES
    turn = queue.take_turn(
        what="terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    world.forget_updates(account, queue.confirmed_by(call.offset or 0))
    world.forget_updates(account, queue.expired(world.now()))
    world.commit()
    caller.connection.watch(world.changes.notify)
    try:
        await world.changes.until(
            lambda: queue.turn is not turn or queue.is_waiting or caller.connection.is_gone,
            seconds=min(max(call.timeout or 0, 0), LONGEST_POLL),
        )
        if queue.turn is not turn:
            raise conflict(queue.taken_by)
        if caller.connection.is_gone:
            return []
    finally:
        if queue.turn is turn:
            queue.turn = None
    return [update.to_update() for update in queue.take(limit)]


async def set_webhook(caller: Caller, call: SetWebhook) -> bool:
    account = caller.account
    if not call.url:
        return _remove_webhook(caller, drop=bool(call.drop_pending_updates))
    secret = call.secret_token
    if secret is not None and len(secret) > SECRET_LENGTH:
        raise bad_request("secret token is too long")
    if secret is not None and SECRET.fullmatch(secret) is None:
        raise bad_request("secret token contains unallowed characters")
    _check_webhook_url(call.url)
    account.webhook = Webhook(
        url=call.url,
        secret_token=secret,
        max_connections=min(max(call.max_connections or 40, 1), 100),
        ip_address=call.ip_address,
    ).to_json()
    if call.allowed_updates is not None:
        account.allowed_updates = call.allowed_updates
    _drop_pending(caller, drop=bool(call.drop_pending_updates))
    caller.queue.take_turn(what="terminated by setWebhook request")
    caller.queue.turn = None
    caller.world.save(account)
    caller.world.on_webhook(account)
    return True


def _check_webhook_url(url: str) -> None:
    """HTTPS on Telegram's ports; on the loopback anything, as a local Bot API server allows."""
    match = URL.fullmatch(url)
    if match is None:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if LOOPBACK.fullmatch(match["host"]):
        return
    if match["scheme"] != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (match["port"] or "443") not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


async def delete_webhook(caller: Caller, call: DeleteWebhook) -> bool:
    return _remove_webhook(caller, drop=bool(call.drop_pending_updates))


def _remove_webhook(caller: Caller, *, drop: bool) -> bool:
    caller.account.webhook = None
    _drop_pending(caller, drop=drop)
    caller.world.save(caller.account)
    caller.world.on_webhook(caller.account)
    return True


def _drop_pending(caller: Caller, *, drop: bool) -> None:
    if drop:
        caller.world.forget_updates(caller.account, list(caller.queue.pending.values()))


async def get_webhook_info(caller: Caller, call: GetWebhookInfo) -> dict[str, Any]:
    account = caller.account
    shown: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(caller.queue.pending),
    }
    if account.webhook is not None:
        webhook = Webhook.from_json(account.webhook)
        shown |= {
            "url": webhook.url,
            "ip_address": webhook.ip_address,
            "max_connections": webhook.max_connections,
            "last_error_date": webhook.last_error_date,
            "last_error_message": webhook.last_error_message,
        }
    shown["allowed_updates"] = account.allowed_updates or None
    return to_json(WebhookInfo(**shown))


async def answer_callback_query(caller: Caller, call: AnswerCallbackQuery) -> bool:
    pressed = caller.account.pressed.get(call.callback_query_id)
    is_old = pressed is None or caller.world.now() - pressed.date > QUERY_LIFETIME
    if pressed is None or is_old or pressed.answer is not None:
        raise bad_request(OLD_QUERY)
    if utf16_length(call.text or "") > ANSWER_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    pressed.answer = {
        "text": call.text,
        "show_alert": bool(call.show_alert),
        "url": call.url,
    }
    caller.world.save(pressed)
    return True


async def log_out(caller: Caller, call: LogOut) -> bool:
    return True


async def close(caller: Caller, call: Close) -> bool:
    return True


METHODS: Final = (
    (GetUpdates, get_updates),
    (SetWebhook, set_webhook),
    (DeleteWebhook, delete_webhook),
    (GetWebhookInfo, get_webhook_info),
    (AnswerCallbackQuery, answer_callback_query),
    (LogOut, log_out),
    (Close, close),
)
