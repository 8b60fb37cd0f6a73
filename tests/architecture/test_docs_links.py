"""Every link of every page leads somewhere, and every page of docs/ can be found."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest

from support.pages import DOCS, PROJECT, Page, all_pages

PAGES: Final = list(all_pages().values())
each_page = pytest.mark.parametrize("page", PAGES, ids=str)
OURS: Final = ("raw.githubusercontent.com", "blob/main", "blob/master", "tree/main", "tree/master")
"""What an address says that leads to a file of a repository by way of a site."""


def inner_links(page: Page) -> Iterator[tuple[Path, str]]:
    """The file to which each link within the repository leads, and the place in it."""
    for target in page.targets:
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc:
            file = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
            yield file, unquote(parts.fragment)


@each_page
def test_every_link_within_the_repository_leads_to_a_file(page: Page) -> None:
    missing = [
        str(file)
        for file, _ in inner_links(page)
        if not file.exists() or not file.is_relative_to(PROJECT)
    ]

    assert missing == []


@each_page
def test_every_anchor_names_a_heading(page: Page) -> None:
    lost = [
        f"{file.relative_to(PROJECT)}#{fragment}"
        for file, fragment in inner_links(page)
        if fragment and (file not in all_pages() or fragment not in all_pages()[file].anchors)
    ]

    assert lost == []


@each_page
def test_links_to_files_of_ours_are_relative(page: Page) -> None:
    assert [target for target in page.targets if target.startswith("/")] == []
    assert [target for target in page.targets if any(word in target for word in OURS)] == []


@each_page
def test_links_to_other_sites_are_well_formed_and_https(page: Page) -> None:
    outer = [urlsplit(target) for target in page.targets if "//" in target or ":" in target]

    assert [link.geturl() for link in outer if link.scheme != "https"] == []
    assert [link.geturl() for link in outer if "." not in (link.hostname or "")] == []
    assert [link.geturl() for link in outer if " " in link.geturl() or link.username] == []


@each_page
def test_links_are_written_in_markdown_where_they_are_seen(page: Page) -> None:
    assert [html for html in page.raw_html if "href" in html or "src=" in html] == []


@each_page
def test_a_page_begins_with_its_title_and_has_one(page: Page) -> None:
    titles = [line for line in _outside_fences(page.text) if line.startswith("# ")]

    assert len(titles) == 1
    assert page.text.startswith(titles[0])


def _outside_fences(text: str) -> Iterator[str]:
    is_inside = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            is_inside = not is_inside
        elif not is_inside:
            yield line


def test_every_page_of_the_docs_can_be_reached_from_their_index() -> None:
    found, to_read = set[Path](), [DOCS / "README.md"]
    while to_read:
        path = to_read.pop()
        found.add(path)
        to_read += [
            file
            for file, _ in inner_links(all_pages()[path])
            if file in all_pages() and file not in found and file.is_relative_to(DOCS)
        ]

    assert {path for path in all_pages() if path.is_relative_to(DOCS)} - found == set()


def test_the_index_names_each_page_by_itself() -> None:
    """Not only by way of others; of the decisions and pictures it names the lists."""
    linked = {file for file, _ in inner_links(all_pages()[DOCS / "README.md"])}
    by_purpose = {
        path
        for path in all_pages()
        if path.is_relative_to(DOCS) and path.parent.name not in {"adr", "screens"}
    }

    assert by_purpose - linked == {DOCS / "README.md"}
    assert DOCS / "adr" / "README.md" in linked


def test_every_decision_is_in_the_list_of_decisions() -> None:
    folder = DOCS / "adr"
    linked = {file for file, _ in inner_links(all_pages()[folder / "README.md"])}

    assert set(folder.glob("0*.md")) - linked == set()


def test_the_readme_leads_to_the_docs() -> None:
    linked = {file for file, _ in inner_links(all_pages()[PROJECT / "README.md"])}

    assert {DOCS / "README.md", DOCS / "getting-started.md", PROJECT / "SECURITY.md"} <= linked
