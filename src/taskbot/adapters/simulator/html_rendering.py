"""Formatted text as HTML that is safe to put into a page, whatever the text says."""

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Final

from attrs import frozen

from taskbot.adapters.simulator.formatted_text import Entity, FormattedText, in_order

TAGS: Final = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "bot_command": ('<span class="command">', "</span>"),
    "mention": ('<span class="mention">', "</span>"),
    "text_mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="hashtag">', "</span>"),
    "date_time": ('<span class="time">', "</span>"),
}
LOW_SURROGATES: Final = frozenset(bytes([high]) for high in range(0xDC, 0xE0))
SAFE_SCHEME: Final = re.compile(r"(?:https?|tg)://", re.IGNORECASE)


@frozen(eq=False)
class Shown:
    begin: int
    end: int
    opening: str
    closing: str


def render_html(formatted: FormattedText) -> str:
    """Well-formed for any entities, overlapping ones too; only `http`, `https`, `tg` are linked."""
    units = formatted.text.encode("utf-16-le", "surrogatepass")
    size = formatted.length
    shown = [
        Shown(entity.offset, entity.end, *tags)
        for entity in in_order(formatted.entities)
        if 0 <= entity.offset < entity.end and (tags := _tags(entity, units))
    ]
    edges = {0, size}
    for entity in shown:
        edges.update((entity.begin, entity.end))
    cuts = sorted(edge for edge in edges if edge <= size and not _splits_a_pair(units, edge))
    parts: list[str] = []
    stack: list[Shown] = []
    for start, end in pairwise(cuts):
        active = [entity for entity in shown if entity.begin <= start and end <= entity.end]
        _switch(parts, stack, active)
        piece = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        parts.append(escape(piece, quote=True))
    _switch(parts, stack, [])
    return "".join(parts)


def _splits_a_pair(units: bytes, edge: int) -> bool:
    """Whether the unit after *edge* is the second half of a surrogate pair."""
    return units[2 * edge + 1 : 2 * edge + 2] in LOW_SURROGATES


def _switch(parts: list[str], stack: list[Shown], wanted: Sequence[Shown]) -> None:
    """Close and open tags so that exactly the *wanted* ones are open, properly nested."""
    common = 0
    while common < min(len(stack), len(wanted)) and stack[common] is wanted[common]:
        common += 1
    while len(stack) > common:
        parts.append(stack.pop().closing)
    for entity in wanted[common:]:
        stack.append(entity)
        parts.append(entity.opening)


def _tags(entity: Entity, units: bytes) -> tuple[str, str] | None:
    if entity.type in {"url", "text_link"}:
        covered = units[2 * entity.offset : 2 * entity.end].decode("utf-16-le", "replace")
        url = (entity.url or "") if entity.type == "text_link" else covered
        if not SAFE_SCHEME.match(url):
            return None
        quoted = escape(url, quote=True)
        return f'<a href="{quoted}" target="_blank" rel="noopener noreferrer nofollow">', "</a>"
    return TAGS.get(entity.type)
