"""Telegram, as its Bot API shows it. Plain calls that change nothing: aiogram takes seconds."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from taskbot.adapters.causes import cause_of
from taskbot.application.clock_skew import Told
from taskbot.application.doctor import Area, Problem, ProblemKind, Reason, Seen, Skipped
from taskbot.application.ports import Clock

TELEGRAM: Final = "https://api.telegram.org"
MANY_WAIT: Final = 100
_REJECTED: Final = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND})
_RECENT: Final = timedelta(minutes=15)
"""Trouble with the webhook that is older is over: Telegram tries again within two minutes."""


@frozen
class _Refusal(Exception):
    status: int
    description: str


@frozen
class BotApi:
    _client: httpx.AsyncClient
    _token: str = field(repr=False)
    _url: str | None = None

    @property
    def url(self) -> str:
        return self._url or TELEGRAM

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of *method*. Raise `_Refusal`, or `httpx.HTTPError` where nothing answers."""
        address = f"{self.url}/bot{self._token}/{method}"
        answer = await self._client.post(address, json=parameters)
        try:
            body = answer.json()
            result, description = body.get("result"), str(body.get("description", ""))
        except (ValueError, AttributeError):
            result, description = None, ""
        if not answer.is_success or not isinstance(result, dict):
            raise _Refusal(answer.status_code, description)
        return result

    async def clock(self) -> Told | None:
        """By the header of any answer; whose bot it is does not matter for that."""
        said = (await self._client.head(self.url)).headers.get("Date")
        return None if said is None else Told(parsedate_to_datetime(said), timedelta(seconds=1))


@frozen
class TelegramExamination:
    """*alert_chat_id*: where alerts are to be told, if in a chat."""

    _api: BotApi
    _timer: Callable[[], float] = perf_counter

    async def look(self) -> Seen:
        server = urlsplit(self._api.url).netloc.rpartition("@")[2]
        facts: dict[str, str | float | None] = {"name": server}
        begun = self._timer()
        try:
            me = await self._api.ask("getMe")
        except (httpx.HTTPError, _Refusal) as error:
            return Seen(facts, [self._problem(error, server)])
        latency = round((self._timer() - begun) * 1000, 1)
        return Seen({**facts, "bot": f"@{me.get('username', '')}", "latency_ms": latency})

    async def chat(self, chat_id: int) -> Seen:
        """Whether the bot may write there."""
        try:
            await self._api.ask("getChat", chat_id=chat_id)
        except httpx.HTTPError:
            raise Skipped(reason=Reason.NOT_ASKED, name=Area.TELEGRAM) from None
        except _Refusal as refusal:
            if refusal.status in _REJECTED:
                raise Skipped(reason=Reason.NOT_ASKED, name=Area.TELEGRAM) from None
            unknown = Problem(
                kind=ProblemKind.ALERT_CHAT_UNKNOWN,
                values={"chat": str(chat_id), "reason": refusal.description},
                remedy="taskbot alert-test",
            )
            return Seen({"chat": chat_id}, [unknown])
        return Seen({"chat": chat_id})

    def _problem(self, error: httpx.HTTPError | _Refusal, server: str) -> Problem:
        """What *error* means; its own text may name the address, and the address the token."""
        if isinstance(error, httpx.HTTPError):
            return Problem(
                kind=ProblemKind.TELEGRAM_AWAY,
                values={"name": server, "error": cause_of(error)},
                remedy=f"curl -sSI {self._api.url}",
            )
        if error.status in _REJECTED:
            return Problem(
                kind=ProblemKind.TOKEN_REJECTED,
                values={"status": str(error.status)},
                remedy="TASKBOT_BOT_TOKEN=NEW_TOKEN",
            )
        values = {"status": str(error.status), "reason": error.description}
        return Problem(kind=ProblemKind.TELEGRAM_REFUSES, values=values)


@frozen(kw_only=True)
class WebhookWanted:
    """*url*: as the bot tells it to Telegram; *address*: as the operator wrote it down."""

    address: str
    url: str
    kinds: frozenset[str]


@frozen(kw_only=True)
class WebhookExamination:
    """*wanted*: None where the bot asks Telegram for news by itself."""

    api: BotApi
    clock: Clock
    wanted: WebhookWanted | None

    async def look(self) -> Seen:
        try:
            info = await self.api.ask("getWebhookInfo")
        except (httpx.HTTPError, _Refusal):
            raise Skipped(reason=Reason.NOT_ASKED, name=Area.TELEGRAM) from None
        waiting, trouble = int(info.get("pending_update_count", 0)), self._trouble(info)
        facts: dict[str, str | float | None] = {
            "mode": "polling" if self.wanted is None else "webhook",
            # Where, not more: some have a secret in the path.
            "set_to": _origin(info.get("url", "")) or None,
            "updates_waiting": waiting,
            "last_error": trouble,
        }
        problems = [*self._misplaced(info)]
        if trouble is not None and self.wanted is not None:
            values = {"reason": trouble}
            failing = Problem(kind=ProblemKind.WEBHOOK_FAILING, values=values, is_grave=False)
            problems.append(failing)
        if waiting >= MANY_WAIT:
            number = {"number": str(waiting)}
            many = Problem(kind=ProblemKind.UPDATES_WAIT, values=number, is_grave=False)
            problems.append(many)
        return Seen(facts, problems)

    def _misplaced(self, info: Mapping[str, Any]) -> list[Problem]:
        found = str(info.get("url") or "")
        if self.wanted is None:
            remedy = f'curl -fsS "{self.api.url}/bot$TASKBOT_BOT_TOKEN/deleteWebhook"'
            left = Problem(
                kind=ProblemKind.WEBHOOK_LEFT, values={"found": _origin(found)}, remedy=remedy
            )
            return [left] if found else []
        values = {"found": _origin(found), "wanted": _origin(self.wanted.address)}
        remedy = "taskbot bot --webhook"
        if not found:
            kind = ProblemKind.WEBHOOK_MISSING
        elif not found.startswith(self.wanted.address):
            kind = ProblemKind.WEBHOOK_ELSEWHERE
        elif found != self.wanted.url or (
            set(info.get("allowed_updates") or ()) != self.wanted.kinds
        ):
            kind = ProblemKind.WEBHOOK_OUTDATED
        else:
            return []
        return [Problem(kind=kind, values=values, remedy=remedy)]

    def _trouble(self, info: Mapping[str, Any]) -> str | None:
        """What Telegram had against calling us lately."""
        date = info.get("last_error_date")
        if date is None or self.clock.now().timestamp() - date > _RECENT.total_seconds():
            return None
        return str(info.get("last_error_message", ""))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
