"""What the simulator knows: persons, bots, and what they said to each other."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final, Self

from attrs import Attribute, asdict, define, field

FIRST_UPDATE_ID: Final = 100_001


class Stored:
    """A record that is kept as JSON; a field that a stored one lacks takes its default."""

    __attrs_attrs__: ClassVar[tuple["Attribute[Any]", ...]]

    def to_json(self) -> dict[str, Any]:
        return asdict(self, filter=lambda attribute, _: attribute.init)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        known = {attribute.name for attribute in cls.__attrs_attrs__ if attribute.init}
        return cls(**{name: value for name, value in raw.items() if name in known})


@define(kw_only=True)
class Person(Stored):
    """Somebody with a Telegram account, played through the control interface.

    Or a group that every bot is in, whose id is below zero: bots write to it, and nobody else does.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_deactivated: bool = False

    @property
    def is_group(self) -> bool:
        return self.id < 0


@define(kw_only=True)
class Chat(Stored):
    """What holds between one bot and one person.

    `keyboard` is the reply keyboard that the person sees; `typing_until` is a Unix time.
    """

    bot: int
    person: int
    is_started: bool = False
    is_blocked: bool = False
    keyboard: dict[str, Any] | None = None
    typing_until: float = 0.0


@define(kw_only=True)
class StoredMessage(Stored):
    """One message of a private chat. Dates are Unix times with a fraction.

    `text` is the caption where there is a picture or a file. `revision` grows with every
    change of any message of the bot.
    """

    bot: int
    person: int
    message_id: int
    is_from_bot: bool
    date: float
    edit_date: float | None = None
    text: str | None = None
    entities: list[dict[str, Any]] = field(factory=list)
    photo: dict[str, Any] | None = None
    document: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    sticker: dict[str, Any] | None = None
    inline_keyboard: list[list[dict[str, Any]]] | None = None
    keyboard: dict[str, Any] | None = None
    reply_to: int | None = None
    forward_origin: dict[str, Any] | None = None
    via_bot: bool = False
    media_group_id: str | None = None
    reactions: list[str] = field(factory=list)
    is_deleted: bool = False
    revision: int = 0

    @property
    def has_media(self) -> bool:
        return any((self.photo, self.document, self.location, self.sticker))


@define(kw_only=True)
class StoredFile(Stored):
    file_id: str
    file_unique_id: str
    path: str
    name: str
    mime_type: str
    size: int
    width: int | None = None
    height: int | None = None


@define(kw_only=True)
class PressedButton(Stored):
    """A callback query. `answer` is what the bot said to it, once it did."""

    bot: int
    id: str
    person: int
    message_id: int
    data: str
    date: float
    answer: dict[str, Any] | None = None


@define(kw_only=True)
class InlineQuestion(Stored):
    """An inline query. `answer` is what the bot offered, once it did."""

    bot: int
    id: str
    person: int
    query: str
    offset: str
    date: float
    answer: dict[str, Any] | None = None


@define(kw_only=True)
class Webhook(Stored):
    url: str
    secret_token: str | None = None
    max_connections: int = 40
    ip_address: str | None = None
    last_error_date: int | None = None
    last_error_message: str | None = None


@define(kw_only=True)
class Account(Stored):
    """One bot: its profile and its counters.

    `number` is ours; `bot_id` comes from the first token that is used, so that persons can write
    before any bot is there. `used_at` is the Unix time since when it is the bot that persons
    talk to. `commands` are keyed by scope and language.
    """

    number: int
    bot_id: int | None = None
    names: dict[str, str] = field(factory=dict)
    descriptions: dict[str, str] = field(factory=dict)
    short_descriptions: dict[str, str] = field(factory=dict)
    commands: dict[str, list[dict[str, Any]]] = field(factory=dict)
    menu_buttons: dict[str, dict[str, Any]] = field(factory=dict)
    allowed_updates: list[str] | None = None
    webhook: dict[str, Any] | None = None
    next_update_id: int = FIRST_UPDATE_ID
    next_message_id: int = 1
    next_revision: int = 1
    used_at: float = 0.0
    chats: dict[int, Chat] = field(factory=dict, init=False)
    messages: dict[int, StoredMessage] = field(factory=dict, init=False)
    transcripts: dict[int, list[int]] = field(factory=dict, init=False)
    pressed: dict[str, PressedButton] = field(factory=dict, init=False)
    questions: dict[str, InlineQuestion] = field(factory=dict, init=False)

    @property
    def name(self) -> str:
        return self.names.get("", "taskbot")

    def forget_chats(self) -> None:
        self.chats.clear()
        self.messages.clear()
        self.transcripts.clear()
        self.pressed.clear()
        self.questions.clear()

    def transcript(self, person: int) -> Iterator[StoredMessage]:
        """The messages of one chat, oldest first."""
        for message_id in self.transcripts.get(person, ()):
            yield self.messages[message_id]

    def keep(self, message: StoredMessage) -> None:
        if message.message_id not in self.messages:
            self.transcripts.setdefault(message.person, []).append(message.message_id)
        self.messages[message.message_id] = message
