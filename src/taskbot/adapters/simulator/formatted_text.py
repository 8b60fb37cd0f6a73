"""Text with entities, counted as Telegram counts: in UTF-16 code units."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Self

from attrs import asdict, evolve, fields, frozen

SPACES: Final = " \t\r\n\0\v"
REMOVED: Final = frozenset("\r" + "".join(map(chr, range(0x2028, 0x202F))))
"""What Telegram takes out of every text: carriage returns, separators, direction overrides."""
INVISIBLE: Final = frozenset(
    "\u00ad\u034f\u061c\u1160\u1680\u180e\u202f\u205f\u2800\u3000\u3164\ufeff\ufffc"
    + "".join(map(chr, range(0x2000, 0x2010)))
    + "".join(map(chr, range(0x2060, 0x2070)))
)
"""Characters that do not make a text non-empty."""

FOUND: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?'()\[\]{}])"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+\.[A-Za-z]{2,})"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<!\w)#(?!\d+\b)\w{1,256})"
)
UNBROKEN: Final = frozenset(
    {"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"}
)


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


@frozen(kw_only=True)
class Entity:
    """A formatted part of a text. Source: https://core.telegram.org/bots/api#messageentity."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user: Mapping[str, Any] | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        names = [one.name for one in fields(cls)]
        return cls(**{name: raw[name] for name in names if raw.get(name) is not None})

    def to_json(self) -> dict[str, Any]:
        return asdict(self, recurse=False, filter=lambda _, value: value is not None)


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Earliest first, and of those that begin together the longest first."""
    return tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


@frozen
class FormattedText:
    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def length(self) -> int:
        return utf16_length(self.text)

    def cleaned(self) -> "FormattedText":
        """What Telegram keeps of it: no control characters, no space at either end."""
        spaced = "".join(" " if _is_control(c) else c for c in self.text)
        kept = [c not in REMOVED for c in spaced]
        visible = [i for i, c in enumerate(spaced) if kept[i] and c not in SPACES]
        if not visible:
            return FormattedText("")
        inside = range(visible[0], visible[-1] + 1)
        return self._keeping(spaced, [is_kept and i in inside for i, is_kept in enumerate(kept)])

    def with_found_entities(self) -> "FormattedText":
        """With what Telegram finds by itself: links, commands, mentions, hashtags."""
        taken = [entity for entity in self.entities if entity.type in UNBROKEN]
        found = [
            entity
            for entity in _find(self.text)
            if not any(_overlap(entity, other) for other in taken)
        ]
        return evolve(self, entities=in_order((*self.entities, *found)))

    def is_empty(self) -> bool:
        return all(c in SPACES or c in INVISIBLE or c in REMOVED for c in self.text)

    def _keeping(self, text: str, kept: list[bool]) -> "FormattedText":
        positions = [0]
        for character, is_kept in zip(text, kept, strict=True):
            width = 2 if character > "\uffff" else 1
            # Both halves of a pair lead to the same place: an entity cannot split it.
            positions.extend([positions[-1] + (width if is_kept else 0)] * width)
        last = len(positions) - 1
        moved = []
        for entity in self.entities:
            start = positions[min(entity.offset, last)]
            end = positions[min(entity.end, last)]
            if end > start:
                moved.append(evolve(entity, offset=start, length=end - start))
        shown = "".join(c for c, is_kept in zip(text, kept, strict=True) if is_kept)
        return FormattedText(shown, in_order(moved))


def _is_control(character: str) -> bool:
    return character < " " and character not in "\n\r"


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end


def _find(text: str) -> Iterator[Entity]:
    for match in FOUND.finditer(text):
        yield Entity(
            type=str(match.lastgroup),
            offset=utf16_length(text[: match.start()]),
            length=utf16_length(match.group()),
        )
