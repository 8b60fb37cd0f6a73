"""Which addresses Telegram accepts in links and buttons."""

import re
from typing import Final

from attrs import evolve

from taskbot.adapters.simulator.formatted_text import Entity

ADDRESS: Final = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?P<host>[^/?#]*)(?P<rest>.*)", re.DOTALL
)
PLAIN_TYPES: Final = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
    }
)
USER: Final = re.compile(r"tg://user/?\?id=(\d{1,16})")
HOST: Final = re.compile(
    r"(?:[^@\s]*@)?(?:\[[0-9a-fA-F:.]+\]|[^\s.:@\[\]]+(?:\.[^\s.:@\[\]]+)+)(?::\d{1,5})?"
)


class WrongUrl(ValueError):
    """Telegram does not take this for an address."""


def checked_url(raw: str) -> str:
    """*raw* as Telegram stores it, with a scheme and a path. Raise `WrongUrl`.

    A host without a dot, `localhost` above all, is not an address to Telegram.
    """
    url = raw.strip()
    match = ADDRESS.fullmatch(url)
    if match is None or not url:
        raise WrongUrl("URL host is empty")
    scheme = (match["scheme"] or "http").lower()
    if scheme in {"tg", "ton", "tonsite"}:
        return url
    if scheme not in {"http", "https"}:
        raise WrongUrl("Unsupported URL protocol")
    if not match["host"]:
        raise WrongUrl("URL host is empty")
    if HOST.fullmatch(match["host"]) is None:
        raise WrongUrl("Wrong HTTP URL")
    rest = match["rest"]
    return f"{scheme}://{match['host'].lower()}{rest if rest.startswith('/') else f'/{rest}'}"


def mentioned_user(url: str) -> int | None:
    """The person whom a `tg://user?id=N` link names."""
    match = USER.fullmatch(url.strip())
    return int(match[1]) if match else None


def usable(entity: Entity) -> Entity | None:
    """The entity as Telegram takes it, or none: what leads nowhere is shown as plain text."""
    match entity.type:
        case "text_link":
            return linked(entity, entity.url or "")
        case "text_mention":
            return entity if entity.user and "id" in entity.user else None
        case "custom_emoji":
            return entity if entity.custom_emoji_id else None
        case _:
            return entity if entity.type in PLAIN_TYPES else None


def linked(entity: Entity, url: str) -> Entity | None:
    person = mentioned_user(url)
    if person is not None:
        return evolve(entity, type="text_mention", url=None, user={"id": person})
    try:
        return evolve(entity, url=checked_url(url))
    except WrongUrl:
        return None
