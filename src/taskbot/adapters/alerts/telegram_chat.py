"""Alerts in a Telegram chat. A plain call of the Bot API: no process needs aiogram for it."""

from typing import Final

import httpx
from attrs import field, frozen

from taskbot.application.ports import AlertNotTold

_TELEGRAM: Final = "https://api.telegram.org"
_SECONDS: Final = 12.0
_TEXT_LIMIT: Final = 4096  # Bot API, sendMessage; in UTF-16 units, ours are plain ASCII mostly


@frozen
class TelegramChat:
    """*chat_id*: a person who has started the bot, or a group that it is in (Bot API, Chat)."""

    _token: str = field(repr=False)
    _chat_id: int
    _api_url: str | None = None

    @property
    def name(self) -> str:
        return f"Telegram chat {self._chat_id}"

    async def tell(self, title: str, lines: list[str]) -> None:
        text = "\n\n".join([f"⚠️ {title}", *lines])[: _TEXT_LIMIT // 2]
        address = f"{self._api_url or _TELEGRAM}/bot{self._token}/sendMessage"
        try:
            async with httpx.AsyncClient(timeout=_SECONDS) as client:
                answer = await client.post(address, json={"chat_id": self._chat_id, "text": text})
        except httpx.HTTPError as error:  # its text may name the address
            raise AlertNotTold(f"no answer from Telegram ({type(error).__name__})") from None
        if answer.status_code != httpx.codes.OK:
            raise AlertNotTold(f"Telegram says {answer.status_code}: {_description(answer)}")


def _description(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["description"])
    except (ValueError, KeyError, TypeError):
        return "nothing that can be read"
