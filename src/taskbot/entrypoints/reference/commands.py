"""The reference of the command line."""

import inspect
from collections.abc import Iterator
from typing import Final

import click

from taskbot.entrypoints.cli import main
from taskbot.entrypoints.reference.tables import code, table

_HEAD: Final = """\
# The command line

This page is written by `make reference` from the code; `taskbot COMMAND --help` says the same.

From a clone the command is `.venv/bin/taskbot`. What concerns all commands comes from the
[settings](settings.md). Answers go to standard output, the log and what went wrong to standard
error. The exit status is 0 if it worked, 1 if something has to be mended (one line says what), 2
for a command that was not understood.
"""


def commands() -> str:
    context = click.Context(main, info_name="taskbot")
    return "\n".join([_HEAD, *_overview(context), *_described(context)])


def _overview(context: click.Context) -> Iterator[str]:
    yield from table(
        ("command", "what it does"),
        [
            (f"[`{one.command_path}`](#{one.command_path.replace(' ', '-')})", _first_line(one))
            for one in _leaves(context)
        ],
    )


def _described(context: click.Context) -> Iterator[str]:
    for one in _leaves(context):
        yield f"## {one.command_path}\n"
        usage = " ".join(one.command.collect_usage_pieces(one))
        yield f"```text\n{one.command_path} {usage}\n```\n"
        yield f"{_help(one)}\n"
        options = list(_options(one))
        if options:
            yield from table(("option", "meaning"), options)


def _leaves(context: click.Context) -> Iterator[click.Context]:
    """The commands that do something, each with its place; not the groups round them."""
    command = context.command
    if not isinstance(command, click.Group):
        yield context
        return
    for name, child in sorted(command.commands.items()):
        if not child.hidden:
            yield from _leaves(click.Context(child, info_name=name, parent=context))


def _help(context: click.Context) -> str:
    return inspect.cleandoc(context.command.help or "")


def _first_line(context: click.Context) -> str:
    return _help(context).partition("\n\n")[0].replace("\n", " ").rstrip(".")


def _options(context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in context.command.params:
        record = parameter.get_help_record(context)
        if record is not None and record[1]:  # arguments are told of by the text
            names, meaning = record
            yield code(names), meaning
