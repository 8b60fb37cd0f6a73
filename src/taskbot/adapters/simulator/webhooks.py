"""Delivery of updates to a bot's webhook.

Source: https://core.telegram.org/bots/api#setwebhook and the public server: one update at a time
per lane, lanes side by side, repeated until a 2xx or until the update expires.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp

from taskbot.adapters.simulator.state import Account, Webhook
from taskbot.adapters.simulator.updates import PendingUpdate
from taskbot.adapters.simulator.world import World

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LONGEST_PAUSE: Final = 60.0
LONGEST_RETRY_AFTER: Final = 3600.0
ANSWER_SECONDS: Final = 60.0
SUCCESS: Final = 2

Execute = Callable[[Account, str, dict[str, Any]], Awaitable[None]]


class WebhookFailed(Exception):
    """The bot did not confirm an update. *pause* is what it asked for, in seconds."""

    def __init__(self, reason: str, *, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Webhooks:
    """*execute* performs a call that a bot put into its answer; *unit* is the first pause."""

    def __init__(self, world: World, execute: Execute, *, unit: float) -> None:
        self._world = world
        self._execute = execute
        self._unit = unit
        self._lanes: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def resume(self) -> None:
        for account in self._world.accounts:
            self.changed(account)

    def changed(self, account: Account) -> None:
        """A webhook was set or removed: begin again with what is pending."""
        for key, task in list(self._lanes.items()):
            if key[0] == account.number:
                task.cancel()
                del self._lanes[key]
        if account.webhook is not None:
            for update in list(self._world.queue_of(account).pending.values()):
                self.deliver(account, update)

    def deliver(self, account: Account, update: PendingUpdate) -> None:
        """See to it that the update's lane is being served."""
        key = (account.number, update.lane)
        running = self._lanes.get(key)
        if account.webhook is None or (running is not None and not running.done()):
            return
        task = asyncio.get_running_loop().create_task(self._serve(account, update.lane))
        self._lanes[key] = task

    async def close(self) -> None:
        tasks = list(self._lanes.values())
        self._lanes.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _next(self, account: Account, lane: str) -> PendingUpdate | None:
        queue = self._world.queue_of(account)
        self._world.forget_updates(account, queue.expired(self._world.now()))
        return next((update for update in queue.pending.values() if update.lane == lane), None)

    async def _serve(self, account: Account, lane: str) -> None:
        failures = 0
        while account.webhook is not None and (update := self._next(account, lane)):
            webhook = Webhook.from_json(account.webhook)
            try:
                answer = await self._post(webhook, update)
            except WebhookFailed as failure:
                self._note(account, str(failure))
                pause = 0.0 if failures == 0 else min(self._unit * 2**failures, LONGEST_PAUSE)
                failures += 1
                await asyncio.sleep(pause if failure.pause is None else failure.pause)
                continue
            failures = 0
            self._world.forget_updates(account, [update])
            self._world.commit()
            if isinstance(answer, dict) and isinstance(answer.get("method"), str):
                await self._execute(account, answer.pop("method"), answer)
        self._world.commit()
        self._lanes.pop((account.number, lane), None)

    def _note(self, account: Account, reason: str) -> None:
        if account.webhook is not None:
            account.webhook["last_error_date"] = int(self._world.now())
            account.webhook["last_error_message"] = reason
            self._world.save(account)
            self._world.commit()

    async def _post(self, webhook: Webhook, update: PendingUpdate) -> Any:
        """What the bot answered, if that is JSON. Raise `WebhookFailed` unless it was a 2xx."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)
            )
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with self._session.post(
                webhook.url, json=update.to_update(), headers=headers, allow_redirects=False
            ) as response:
                if response.status // 100 != SUCCESS:
                    raise WebhookFailed(
                        f"Wrong response from the webhook: {response.status} {response.reason}",
                        pause=_asked_pause(response.headers.get("Retry-After")),
                    )
                return await _json_of(response)
        except TimeoutError:
            raise WebhookFailed("Read timeout expired") from None
        except aiohttp.ClientConnectorError:
            raise WebhookFailed("Connection refused") from None
        except aiohttp.ClientError:
            raise WebhookFailed("Connection closed") from None


def _asked_pause(retry_after: str | None) -> float | None:
    if retry_after is None or not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(float(retry_after), LONGEST_RETRY_AFTER)


async def _json_of(response: aiohttp.ClientResponse) -> Any:
    try:
        return await response.json(content_type=None)
    except (ValueError, aiohttp.ClientError):
        return None  # a 2xx confirms whatever its body says
