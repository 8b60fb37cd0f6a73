"""The Markdown pages of the repository, read as GitHub reads them."""

import os
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from attrs import define
from markdown_it import MarkdownIt
from markdown_it.token import Token

PROJECT: Final = Path(__file__).parents[2]
DOCS: Final = PROJECT / "docs"
_MADE: Final = {"dist", "htmlcov", "data", "secrets"}
"""Folders that make and taskbot write; hidden ones are left out as well."""
_SHELLS: Final = {"sh", "bash", "console"}


@define(slots=False)
class Page:
    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(PROJECT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def _tokens(self) -> list[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.text)

    @cached_property
    def targets(self) -> list[str]:
        """Where links and pictures lead, as it is written."""
        attributes = {"link_open": "href", "image": "src"}
        return [
            str(token.attrGet(attributes[token.type]))
            for token in self._inline()
            if token.type in attributes
        ]

    @cached_property
    def anchors(self) -> set[str]:
        """What `#…` may say: the headings, as GitHub makes names of them."""
        found: dict[str, int] = {}
        for before, token in zip(self._tokens, self._tokens[1:], strict=False):
            if before.type == "heading_open":
                slug = _slug(token)
                found[slug] = found.get(slug, -1) + 1
        return {
            slug if number == 0 else f"{slug}-{number}"
            for slug, last in found.items()
            for number in range(last + 1)
        }

    @cached_property
    def code(self) -> list[str]:
        """What stands between backticks."""
        return [token.content for token in self._inline() if token.type == "code_inline"]

    @cached_property
    def scripts(self) -> list[str]:
        """Fences with lines for a shell."""
        return [
            token.content
            for token in self._tokens
            if token.type == "fence" and token.info in _SHELLS
        ]

    @cached_property
    def raw_html(self) -> list[str]:
        return [
            token.content
            for token in (*self._tokens, *self._inline())
            if token.type in {"html_block", "html_inline"} and not token.content.startswith("<!--")
        ]

    def _inline(self) -> Iterator[Token]:
        for token in self._tokens:
            for child in token.children or ():
                yield child
                yield from child.children or ()


def _slug(heading: Token) -> str:
    text = "".join(
        token.content for token in heading.children or () if token.type in {"text", "code_inline"}
    )
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


@cache
def all_pages() -> dict[Path, Page]:
    return {
        path: Page(path)
        for folder, names, files in os.walk(PROJECT)
        for path in sorted(Path(folder, file) for file in _of_ours(names, files))
    }


def _of_ours(folders: list[str], files: list[str]) -> list[str]:
    folders[:] = [name for name in folders if not name.startswith(".") and name not in _MADE]
    return [file for file in files if file.endswith(".md")]
