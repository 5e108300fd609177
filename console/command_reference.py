"""The reference page of the commands, as Markdown, made of the commands themselves.

What a command says in its help stands here in the same words, so that neither can drift.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from rules.authoring.reference import NOTICE

TITLE = "Commands"
_INTRO = "`assent NOUN VERB`. `--store` and `--packs` stand before the noun. Every command has `--help`."
_VERBATIM_MARK = "\b"
"""What stands before lines of help that click does not wrap."""


def command_page(root: click.Group, name: str) -> str:
    """Return the page of a group of commands and of all commands below it."""
    context = click.Context(root, info_name=name)
    sections = [f"## `{name}`", *_describe(root, context), *_subcommand_sections(root, context)]
    return "\n\n".join([NOTICE, f"# {TITLE}", _INTRO, *sections]) + "\n"


def _subcommand_sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        below = click.Context(command, parent=context, info_name=name)
        yield f"## `{below.command_path}`"
        yield from _describe(command, below)
        if isinstance(command, click.Group):
            yield from _subcommand_sections(command, below)


def _describe(command: click.Command, context: click.Context) -> Iterator[str]:
    """Return how a command is typed, what it does, its options and its examples."""
    yield from _paragraphs(command.help or "")
    if not isinstance(command, click.Group):
        yield f"```text\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```"
    if options := list(_option_rows(command, context)):
        yield "\n".join(["| Option | Meaning |", "| --- | --- |", *options])
    if examples := _examples(command.epilog or ""):
        yield f"```text\n{examples}\n```"


def _paragraphs(help_text: str) -> Iterator[str]:
    """Return the paragraphs of a help text; those that are not to be wrapped as they are."""
    for paragraph in inspect.cleandoc(help_text).split("\n\n"):
        if paragraph.startswith(_VERBATIM_MARK):
            yield f"```text\n{inspect.cleandoc(paragraph.removeprefix(_VERBATIM_MARK))}\n```"
        elif paragraph.strip():
            yield " ".join(paragraph.split())


def _option_rows(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record is not None and "--help" not in parameter.opts:
            option, meaning = record
            yield f"| `{option.replace('|', ' or ')}` | {meaning.replace('|', ' or ')} |"


def _examples(epilog: str) -> str:
    """Return the examples that stand below a command's help, as they can be copied."""
    lines = epilog.replace(_VERBATIM_MARK, "").strip("\n").splitlines()
    return "\n".join(line.removeprefix("Example: ") for line in lines)
