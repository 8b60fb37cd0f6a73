"""Telegram's HTML, read as Telegram reads it.

Source: https://core.telegram.org/bots/api#html-style; the order of checks, the texts and the byte
offsets are those of the public server.
"""

import re
from typing import Final

from attrs import define, evolve, field, frozen

from taskbot.adapters.simulator.formatted_text import Entity, FormattedText, in_order, utf16_length
from taskbot.adapters.simulator.links import linked

TYPES: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
END: Final = 0
SPACE: Final = frozenset(b" \t\r\n\0\x0b")
NAME_END: Final = SPACE | frozenset(b"=>/\"'")
TOKEN: Final = re.compile(rb"[A-Za-z0-9.-]*")
REFERENCE: Final = re.compile(rb"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<dec>[0-9]*)|(?P<name>[A-Za-z]*))")
DATE_TIME_FORMAT: Final = re.compile(r"r|w?[dD]?[tT]?")
NAMED: Final = {b"lt": ord("<"), b"gt": ord(">"), b"amp": ord("&"), b"quot": ord('"')}
LONGEST_REFERENCE: Final = 10
LAST_CODE_POINT: Final = 0x10FFFF
SURROGATES: Final = range(0xD800, 0xE000)


@frozen
class MarkupError(ValueError):
    """The text is not Telegram's HTML; *reason* is what Telegram would say."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@frozen
class OpenTag:
    name: str
    argument: str
    format: str
    offset: int
    begin: int


def parse_html(source: str) -> FormattedText:
    """Raise `MarkupError` with Telegram's words."""
    return _Parser(source.replace("\0", " ").encode() + b"\0").parse()


@define
class _Parser:
    """Walks over UTF-8 bytes that end with a zero byte, because offsets are told in bytes."""

    _source: bytes
    _position: int = 0
    _offset: int = 0
    _text: bytearray = field(factory=bytearray)
    _entities: list[Entity] = field(factory=list)
    _open: list[OpenTag] = field(factory=list)

    @property
    def _current(self) -> int:
        return self._source[self._position]

    def parse(self) -> FormattedText:
        last = len(self._source) - 1
        while self._position < last:
            if self._current == ord("<"):
                self._read_tag()
            elif self._current == ord("&") and (code := self._read_reference()):
                self._append(code)
            else:
                self._copy_character()
        if self._open:
            name = self._open[-1].name
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{name}"')
        return FormattedText(self._text.decode(), in_order(map(_settled, self._entities)))

    def _append(self, code: int) -> None:
        if code in SURROGATES:
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        character = chr(code)
        self._text += character.encode()
        self._offset += utf16_length(character)

    def _copy_character(self) -> None:
        byte = self._current
        if byte & 0xC0 != 0x80:  # noqa: PLR2004 - the first byte of a character (RFC 3629)
            self._offset += 2 if byte >= 0xF0 else 1  # noqa: PLR2004 - four bytes: a surrogate pair
        self._text.append(byte)
        self._position += 1

    def _read_reference(self) -> int:
        """The character a reference stands for, or 0 where there is none to decode."""
        match = REFERENCE.match(self._source, self._position)
        if match is None:
            return 0
        if match["name"] is not None:
            code = NAMED.get(match["name"], 0)
        elif len(match.group()) >= LONGEST_REFERENCE:
            return 0
        elif match["hex"] is not None:
            code = int(match["hex"] or b"0", 16)
        else:
            code = int(match["dec"] or b"0")
        if code >= LAST_CODE_POINT:
            return 0
        if code:
            self._position = match.end() + (self._source[match.end()] == ord(";"))
        return code

    def _read_tag(self) -> None:
        begin = self._position
        self._position += 1
        if self._current == ord("/"):
            self._read_end_tag(begin)
        else:
            self._read_start_tag(begin)
        self._position += 1

    def _skip_space(self) -> None:
        while self._current in SPACE and self._current != END:
            self._position += 1

    def _read_until_space(self) -> bytes:
        begin = self._position
        while self._current not in SPACE and self._current != ord(">"):
            self._position += 1
        return self._source[begin : self._position]

    def _read_start_tag(self, begin: int) -> None:
        name = self._read_until_space().decode(errors="replace").lower()
        if self._current == END:
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        if name not in TYPES:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {begin}')
        attributes = self._read_attributes(name, begin)
        said = (_argument(name, *one) for one in reversed(attributes))
        argument = next(filter(None, said), "")
        if name == "span" and argument != "spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        date_format = dict(attributes).get("format", "")
        self._open.append(OpenTag(name, argument, date_format, self._offset, len(self._text)))

    def _read_attributes(self, tag: str, begin: int) -> list[tuple[str, str]]:
        attributes = []
        while self._current != ord(">"):
            self._skip_space()
            if self._current == ord(">"):
                break
            attribute = self._read_attribute_name()
            if not attribute:
                raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
            self._skip_space()
            has_value = self._current == ord("=")
            if has_value:
                self._position += 1
                self._skip_space()
            if self._current == END:
                raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
            value = self._read_attribute_value(begin) if has_value else ""
            attributes.append((attribute, value))
        return attributes

    def _read_attribute_name(self) -> str:
        begin = self._position
        while self._current not in NAME_END:
            self._position += 1
        return self._source[begin : self._position].decode(errors="replace")

    def _read_attribute_value(self, tag_begin: int) -> str:
        if self._current in b"'\"":
            value = self._read_string()
        else:
            token = TOKEN.match(self._source, self._position)
            value = token.group().decode().lower() if token else ""
            begin = self._position
            self._position += len(value)
            if self._current not in SPACE and self._current != ord(">"):
                raise MarkupError(f"Unexpected end of name token at byte offset {begin}")
        if self._current == END:
            raise MarkupError(f"Unclosed start tag at byte offset {tag_begin}")
        return value

    def _read_string(self) -> str:
        quote = self._current
        self._position += 1
        value = bytearray()
        while self._current not in {quote, END}:
            if self._current == ord("&") and (code := self._read_reference()):
                value += chr(code).encode(errors="replace")
                continue
            value.append(self._current)
            self._position += 1
        if self._current == quote:
            self._position += 1
        return value.decode()

    def _read_end_tag(self, begin: int) -> None:
        if not self._open:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        self._position += 1
        name = self._read_until_space().decode(errors="replace").lower()
        self._skip_space()
        if self._current != ord(">"):
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        tag = self._open.pop()
        if name and name != tag.name:
            raise MarkupError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if self._offset > tag.offset:
            self._close(tag)

    def _close(self, tag: OpenTag) -> None:
        length = self._offset - tag.offset
        entity = Entity(type=TYPES[tag.name], offset=tag.offset, length=length)
        match tag.name:
            case "a":
                content = self._text[tag.begin :].decode()
                link = linked(entity, tag.argument or content)
                if link is not None:
                    self._entities.append(link)
            case "tg-emoji":
                if not re.fullmatch(r"-?[0-9]{1,19}", tag.argument) or int(tag.argument) == 0:
                    raise MarkupError("Invalid custom emoji identifier specified")
                self._entities.append(evolve(entity, custom_emoji_id=tag.argument))
            case "tg-time":
                self._entities.append(_date_time(entity, tag))
            case "blockquote":
                kind = "expandable_blockquote" if tag.argument else "blockquote"
                self._entities.append(evolve(entity, type=kind))
            case "pre" | "code":
                self._close_code(entity, tag.argument)
            case _:
                self._entities.append(entity)

    def _close_code(self, entity: Entity, language: str) -> None:
        """`pre` around `code` of the same extent is one block with a language."""
        before = self._entities[-1] if self._entities else None
        if before and (before.offset, before.length) == (entity.offset, entity.length):
            if entity.type == "pre" and before.type == "code" and before.language:
                self._entities[-1] = evolve(before, type="pre")
                return
            if entity.type == "code" and before.type == "pre" and language:
                self._entities[-1] = evolve(before, language=language)
                return
        self._entities.append(evolve(entity, language=language or None))


def _date_time(entity: Entity, tag: OpenTag) -> Entity:
    """Telegram's own words for what is wrong are not published; that it is refused is."""
    if not re.fullmatch(r"[0-9]{1,19}", tag.argument):
        raise MarkupError("Invalid Unix time specified")
    if not DATE_TIME_FORMAT.fullmatch(tag.format):
        raise MarkupError("Invalid date-time format specified")
    return evolve(entity, unix_time=int(tag.argument), date_time_format=tag.format or None)


def _argument(tag: str, attribute: str, value: str) -> str:
    match tag, attribute:
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
            return value
        case "code", "class":
            return value.removeprefix("language-") if value.startswith("language-") else ""
        case "span", "class":
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        case "blockquote", "expandable":
            return "1"
        case _:
            return ""


def _settled(entity: Entity) -> Entity:
    return evolve(entity, language=None) if entity.type == "code" else entity
