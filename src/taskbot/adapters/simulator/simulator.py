"""The simulator: what a Bot API call goes through from the token to the answer."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from aiogram.methods import TelegramMethod
from attrs import field, frozen

from taskbot.adapters.simulator import (
    methods_inline,
    methods_messages,
    methods_profile,
    methods_updates,
)
from taskbot.adapters.simulator.calls import Call, CallLog
from taskbot.adapters.simulator.connections import Connection
from taskbot.adapters.simulator.faults import Fault, Faults
from taskbot.adapters.simulator.files import Upload
from taskbot.adapters.simulator.limits import Limits
from taskbot.adapters.simulator.parameters import described, read_method
from taskbot.adapters.simulator.refusals import Refusal
from taskbot.adapters.simulator.sending import Caller
from taskbot.adapters.simulator.state import Account
from taskbot.adapters.simulator.storage import Storage
from taskbot.adapters.simulator.webhooks import Webhooks
from taskbot.adapters.simulator.world import World

logger = logging.getLogger(__name__)

TOKEN: Final = re.compile(r"(?P<bot>[0-9]{1,16}):[A-Za-z0-9_-]+")
NOT_IN_A_WEBHOOK_ANSWER: Final = re.compile(
    r"get.*|setwebhook|deletewebhook|close|logout", re.IGNORECASE
)
METHODS: Final[dict[str, tuple[type[TelegramMethod[Any]], Any]]] = {
    kind.__api_method__.lower(): (kind, handler)
    for module in (methods_inline, methods_messages, methods_profile, methods_updates)
    for kind, handler in module.METHODS
}


@frozen
class Reply:
    """A Bot API answer. Source: https://core.telegram.org/bots/api#making-requests."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(factory=dict)

    @classmethod
    def to(cls, refusal: Refusal) -> "Reply":
        body: dict[str, Any] = {
            "ok": False,
            "error_code": refusal.code,
            "description": refusal.description,
        }
        headers = {}
        if refusal.retry_after is not None:
            body["parameters"] = {"retry_after": refusal.retry_after}
            headers["Retry-After"] = str(refusal.retry_after)
        if refusal.migrate_to_chat_id is not None:
            body["parameters"] = {"migrate_to_chat_id": refusal.migrate_to_chat_id}
        return cls(refusal.code, body, headers)


class Simulator:
    """A stand-in for Telegram. Open it before the first call, close it after the last.

    *clock* gives aware datetimes. With a *storage_path* (one SQLite file) everything that was
    answered survives a kill. *accepted_token* turns every other token into a 401; without it any
    well-formed one will do. *stall_seconds* bounds a stalled call, *webhook_pause* is the unit of
    the growing pauses between deliveries, *random* decides faults that have a probability.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        storage_path: Path | None = None,
        accepted_token: str | None = None,
        stall_seconds: float = 30.0,
        webhook_pause: float = 1.0,
        random: Random | None = None,
    ) -> None:
        def now() -> float:
            return clock().timestamp()

        self._accepted_token = accepted_token
        self._stall_seconds = stall_seconds
        self.world = World(Storage(storage_path), now)
        self.faults = Faults(random or Random())  # noqa: S311 - dice for tests, not a secret
        self.limits = Limits(now)
        self.calls = CallLog(now)
        self.webhooks = Webhooks(self.world, self._execute, unit=webhook_pause)
        self.world.on_update = self.webhooks.deliver
        self.world.on_webhook = self.webhooks.changed

    async def open(self) -> None:
        self.world.open()
        self.world.changes.begin()
        self.webhooks.resume()

    def stop_waiting(self) -> None:
        """End every long poll and stalled call at once, so that a server can stop."""
        self.world.changes.end()

    async def close(self) -> None:
        self.stop_waiting()
        await self.webhooks.close()
        self.world.close()

    async def reset(self) -> None:
        """Forget persons, messages, updates, faults, limits and calls.

        A bot that runs meanwhile goes on: its webhook, its commands and all counters stay.
        """
        await self.webhooks.close()
        self.faults.clear()
        self.limits.change(per_bot=30.0, per_chat=1.0, enforce=False)
        self.calls.clear()
        self.world.clear()

    def redeliver(self, update_id: int) -> bool:
        """Deliver an update once more to the current bot. Return whether it is known."""
        account = self.world.current
        queue = self.world.queue_of(account)
        if account.webhook is None:
            is_known = queue.replay(update_id)
        else:
            update = queue.history.get(update_id)
            is_known = update is not None
            if update is not None:
                queue.pending[update_id] = update
                self.world.save(update)
                self.webhooks.deliver(account, update)
        self.world.commit()
        return is_known

    def bot_of(self, token: str) -> int:
        """Raise `Refusal` 401 unless *token* is accepted."""
        match = TOKEN.fullmatch(token)
        if match is None:
            raise Refusal(401, "invalid token specified")
        if self._accepted_token is not None and token != self._accepted_token:
            raise Refusal(401)
        return int(match["bot"])

    async def call(
        self,
        token: str,
        name: str,
        raw: Mapping[str, Any],
        *,
        uploads: Mapping[str, Upload],
        connection: Connection,
    ) -> Reply | None:
        """Perform one Bot API call. None means: break the connection instead of answering."""
        try:
            bot = self.bot_of(token)
        except Refusal as refusal:
            call = self.calls.begin(name, bot=None)
            return self._refused(call, refusal)
        call = self.calls.begin(name, bot=bot)
        if not self.world.is_open:
            return self._refused(call, Refusal(500, "restart"))
        try:
            account = self.world.account_of(bot)
            caller = Caller(self.world, account, connection)
            return await self._perform(caller, call, raw, uploads)
        except Refusal as refusal:
            return self._refused(call, refusal)
        except Exception:
            logger.exception("the simulator failed at %s", name)
            return self._refused(call, Refusal(500))
        finally:
            if self.world.is_open:
                self.world.commit()

    def _refused(self, call: Call, refusal: Refusal) -> Reply:
        reply = Reply.to(refusal)
        call.outcome = reply.body
        return reply

    async def _perform(
        self, caller: Caller, call: Call, raw: Mapping[str, Any], uploads: Mapping[str, Upload]
    ) -> Reply | None:
        name = call.method.lower()
        if name not in METHODS:
            raise Refusal(404, "method not found")
        kind, handler = METHODS[name]
        call.method = kind.__api_method__
        call.parameters = _shown(raw)
        method = read_method(kind, raw, uploads)
        call.parameters = described(method)
        chat_id = getattr(method, "chat_id", None)
        call.person = chat_id if isinstance(chat_id, int) else None
        fault = self.faults.draw(name, call.person)
        if fault is not None:
            await self._suffer(fault, caller, call)
            if caller.connection.is_gone:
                call.outcome = {"ok": False, "fault": fault.kind}
                return None
        self.limits.spend(name, bot=caller.account.number, chat_id=call.person)
        if self.world.changes.is_over and name == "getupdates":
            raise Refusal(500, "restart")
        result = await handler(caller, method)
        if fault is not None and fault.kind.startswith("accept-then-"):
            self.world.commit()
            if fault.kind == "accept-then-reset" or await self._is_left(fault, caller, call):
                call.outcome = {"ok": False, "fault": fault.kind}
                return None
        call.outcome = {"ok": True}
        return Reply(200, {"ok": True, "result": result})

    async def _suffer(self, fault: Fault, caller: Caller, call: Call) -> None:
        """Raise the fault's `Refusal`, or hold a stalled call.

        It is performed late if somebody still waits for it at the end.
        """
        refusal = fault.refusal(call.person)
        if refusal is not None:
            raise refusal
        if fault.kind == "stall":
            await self._is_left(fault, caller, call)

    async def _is_left(self, fault: Fault, caller: Caller, call: Call) -> bool:
        """Give no answer for a while; return whether nobody waits for it any more."""
        call.outcome = {"ok": False, "fault": fault.kind}
        caller.connection.watch(self.world.changes.notify)
        await self.world.changes.until(
            lambda: caller.connection.is_gone or not self.faults.holds(fault),
            seconds=self._stall_seconds,
        )
        return caller.connection.is_gone

    async def _execute(self, account: Account, name: str, raw: dict[str, Any]) -> None:
        """A call from a webhook's answer; nobody sees its result.

        Source: https://core.telegram.org/bots/faq#how-can-i-make-requests-in-response-to-updates.
        """
        if NOT_IN_A_WEBHOOK_ANSWER.fullmatch(name):
            return
        call = self.calls.begin(name, bot=account.bot_id)
        try:
            await self._perform(Caller(self.world, account), call, raw, {})
        except Refusal as refusal:
            self._refused(call, refusal)
        self.world.commit()


def _shown(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "***" if name == "secret_token" else value for name, value in raw.items()}
