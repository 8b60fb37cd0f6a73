"""Every command, setting, target and path that the pages name is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
import pytest
from attrs import fields

from support.pages import PROJECT, Page, all_pages
from taskbot.entrypoints.cli import main
from taskbot.entrypoints.setting_files import SUFFIX
from taskbot.entrypoints.settings import Settings, variable_of

PAGES: Final = list(all_pages().values())
each_page = pytest.mark.parametrize("page", PAGES, ids=str)
# Whoever writes a release down names what it had; and later ones may have it no more.
each_page_of_today = pytest.mark.parametrize(
    "page", [page for page in PAGES if page.path.name != "CHANGELOG.md"], ids=str
)
CONFIGURATION: Final = [
    path
    for path in (
        PROJECT / ".env.example",
        *PROJECT.glob("compose*.yaml"),
        PROJECT / "Dockerfile",
        *(PROJECT / "deploy").rglob("*"),
    )
    if path.is_file() and path.suffix not in {".lock", ".json"}
]
CODE: Final = {"", ".py", ".sh", ".toml", ".yaml", ".yml", ".service", ".timer", ".caddy"}
ROOTS: Final = ("src/", "tests/", "docs/", "deploy/", "benchmarks/")
MADE_BY_THE_HOST: Final = {"deploy/taskbot.env"}
STANDS_FOR_ANY: Final = {"TASKBOT_NAME", "TASKBOT_NAME_FILE"}
OF_COMPOSE_ALONE: Final = {"TASKBOT_IMAGE"}
"""What compose.yaml asks its own environment for, and hands to no container."""
_ENDS_OF_COMMANDS: Final = re.compile(r"\$\(|\)|\||;|&&|\n|(?<!\S)#[^\n]*")
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]+=.*")


def commands_in(page: Page, name: str) -> Iterator[list[str]]:
    """The words behind *name*, for each time that a line to be typed calls it."""
    for text in (*page.code, *page.scripts):
        for part in _ENDS_OF_COMMANDS.split(text.replace("\\\n", " ")):
            words = _words(part)
            while words and (_ASSIGNMENT.fullmatch(words[0]) or words[0] in {"nice", "exec"}):
                words.pop(0)
            if words[:1] == ["docker"] and name in words:  # what the container is to run
                words = words[words.index(name) :]
            if words and Path(words[0]).name == name and words[0] in {name, f".venv/bin/{name}"}:
                yield words[1:]


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # half of a quotation: text in a code span, and no command
        return text.split()


def is_understood(words: list[str]) -> bool:
    """Whether the command line would take *words*: the command, its options, so many arguments."""
    context, command = click.Context(main, info_name="taskbot"), main
    found: click.Command = command
    while isinstance(found, click.Group):
        if not words or words[0] in {"--help", "-h", "--version", "COMMAND", "...", "…"}:
            return True
        child = found.get_command(context, words[0])
        if child is None:
            return False
        context, found = click.Context(child, info_name=words[0], parent=context), child
        words = words[1:]
    words = words[: next((at for at, word in enumerate(words) if word[0] in "<>&"), len(words))]
    context.help_option_names = ["-h", "--help"]
    try:
        _, left, _ = found.make_parser(context).parse_args(words)
    except click.UsageError:
        return False
    return not left


def settings_known() -> set[str]:
    described: Any = Settings
    names = {variable_of(field.name) for field in fields(described)}
    return names | {name + SUFFIX for name in names}


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bTASKBOT_[A-Z0-9_]*[A-Z0-9]\b", text)) - STANDS_FOR_ANY


def variables_of_tests() -> set[str]:
    """What people set for the test suite: names that stand in it."""
    texts = (path.read_text() for path in (PROJECT / "tests").rglob("*.py"))
    return {name for text in texts for name in re.findall(r"\"(TASKBOT_TEST_[A-Z_]+)\"", text)}


@each_page
def test_every_command_of_taskbot_is_one_with_these_options(page: Page) -> None:
    unknown = [words for words in commands_in(page, "taskbot") if not is_understood(words)]

    assert unknown == []


@pytest.mark.parametrize(
    "line",
    [
        "upp",
        "token make",
        "token create --telegram-idd 1",
        "worker --processes",
        "backup one.backup two.backup",
        "health now",
    ],
)
def test_what_is_no_command_is_found_out(line: str) -> None:
    assert not is_understood(line.split())


def test_commands_are_found_where_people_would_type_them() -> None:
    page = Page(PROJECT / "none.md")
    page.code = ["TASKBOT_PORT=1 taskbot api", "psql taskbot", "/etc/taskbot"]
    page.scripts = [
        "T=$(.venv/bin/taskbot token create --telegram-id 1)  # taskbot says it once\n",
        "docker compose exec worker taskbot health && taskbot backup \\\n  x.backup",
    ]

    assert [*commands_in(page, "taskbot")] == [
        ["api"],
        ["token", "create", "--telegram-id", "1"],
        ["health"],
        ["backup", "x.backup"],
    ]


@each_page
def test_every_target_of_make_is_one(page: Page) -> None:
    makefile = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {word for words in commands_in(page, "make") for word in words if "=" not in word}

    assert named - targets == set()


@each_page_of_today
def test_every_setting_that_a_page_names_is_one(page: Page) -> None:
    assert settings_named(page.text) - settings_known() - variables_of_tests() == set()


@pytest.mark.parametrize("file", CONFIGURATION, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_setting_in_what_is_deployed_is_one(file: Path) -> None:
    assert settings_named(file.read_text()) - settings_known() - OF_COMPOSE_ALONE == set()


@each_page_of_today
def test_every_path_that_a_page_names_is_there(page: Page) -> None:
    named = {word for text in page.code for word in text.split() if word.startswith(ROOTS)}
    missing = {
        path
        for path in named - MADE_BY_THE_HOST
        if "…" not in path and not any(PROJECT.glob(path.rstrip("/").rstrip(":")))
    }

    assert missing == set()


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks", "deploy", "docs", "."])
def test_every_page_that_the_code_names_is_there(folder: str) -> None:
    files = (PROJECT / folder).glob("*" if folder == "." else "**/*")
    texts = [
        path.read_text()
        for path in files
        if path.suffix in CODE and path.is_file() and not path.name.startswith(".")
    ]
    named = {name for text in texts for name in re.findall(r"\bdocs/[\w/-]+\.md\b", text)}

    assert texts
    assert {name for name in named if not (PROJECT / name).exists()} == set()


def test_every_command_stands_on_some_page_beside_the_reference() -> None:
    """What nobody tells of is not found by who needs it."""
    told = {
        tuple(words[:2])
        for page in PAGES
        if page.path.name != "cli.md"
        for words in commands_in(page, "taskbot")
    }

    assert {name for name in main.commands if not any(words[:1] == (name,) for words in told)} == (
        set()
    )
